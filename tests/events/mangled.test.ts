import { randomInt } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { logger } from '../../shared/platform/logger.ts';
import { openMall } from '../support/mall.ts';
import { AT, tryAuthorizers, tryDayEnd, tryReaction, tryStream, trySweep } from './trials.ts';

openMall({ at: AT });
vi.spyOn(logger, 'error').mockImplementation(() => {});

const seed = randomInt(2 ** 31);

describe(`mangled events, of seed ${seed}`, () => {
  it('block no good change of the table for long, and end with the dead letters', async () => {
    expect((await tryStream(60, seed)).dead).toBeGreaterThan(3);
  });

  it('of a lot write nothing, and fail', async () => {
    expect((await tryReaction(40, seed)).failed).toBeGreaterThan(3);
  });

  it('end no day that was not due', async () => {
    expect((await tryDayEnd(20, seed)).failed).toBeGreaterThan(3);
  });

  it('sweep holds once', async () => {
    await trySweep(20, seed);
    expect.hasAssertions();
  });

  it('let nobody in', async () => {
    expect((await tryAuthorizers(20, seed)).failed).toBeLessThan(120);
  });
});
