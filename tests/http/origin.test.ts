import { describe, expect, it } from 'vitest';
import { networkOf } from '../../shared/http/origin.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:DB8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::', 'fe80:0:0::/48'],
    ['', undefined],
    ['nowhere', undefined],
    ['1.2.3.4; DROP', undefined],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
