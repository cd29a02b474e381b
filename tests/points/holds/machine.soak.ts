import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMall } from '../../support/mall.ts';
import { follow, steps } from './machine.ts';

openMall({ at: '2026-12-30T04:00:00.000Z' });

describe('holds, whatever a shop, time and the sweep do', () => {
  it('come out as the plainest model says, 1,000 times', { timeout: 1_800_000 }, async () => {
    await fc.assert(fc.asyncProperty(steps, follow), { numRuns: 1_000 });
    expect.hasAssertions();
  });
});
