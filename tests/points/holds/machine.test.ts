import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { clock, openMall } from '../../support/mall.ts';
import { follow, steps } from './machine.ts';

const START = '2026-12-30T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

describe('holds, whatever a shop, time and the sweep do', () => {
  it('come out as the plainest model says', async () => {
    await fc.assert(fc.asyncProperty(steps, follow), { numRuns: 12 });
    expect.hasAssertions();
  });
});
