import { describe, expect, it } from 'vitest';
import { networkOf, regionOf } from '../../shared/platform/networks.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:DB8::1', '2001:db8:0::/48'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['::1', '0:0:0::/48'],
    ['fe80::', 'fe80:0:0::/48'],
    ['', undefined],
    ['nowhere', undefined],
    ['1.2.3.4; DROP', undefined],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('as coarse as a region', () => {
  it.each([
    ['203.0.113.7', '203.0.*.*'],
    ['::ffff:203.0.113.7', '203.0.*.*'],
    ['2001:db8:85a3::8a2e:370:7334', '2001:db8:*'],
    ['2001:DB8::1', '2001:db8:*'],
    ['2408::1', '2408:0:*'],
    ['::1', '0:0:*'],
    ['', null],
    ['unknown', null],
    ['203.0.113', null],
    ['<script>', null],
  ])('%s is %s', (address, region) => {
    expect(regionOf(address)).toBe(region);
  });
});
