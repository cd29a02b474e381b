import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openMall } from '../support/mall.ts';
import { AT, tryAuthorizers, tryDayEnd, tryReaction, tryStream, trySweep } from './trials.ts';

openMall({ at: AT });

const seed = randomInt(2 ** 31);
const MANY = 250;

describe(`${MANY} mangled events for each of what wakes us, of seed ${seed}`, () => {
  it('the announcer', async () => {
    const { dead } = await tryStream(4 * MANY, seed);
    console.log(`announcer: ${dead} of ${4 * MANY} mangled changes ended as dead letters`);
    expect(dead).toBeGreaterThan(MANY / 4);
  });

  it('the reaction to a lot', async () => {
    const { failed } = await tryReaction(MANY, seed);
    console.log(`on-points-lot-opened: ${failed} of ${MANY} failed, and wrote nothing`);
    expect(failed).toBeGreaterThan(MANY / 8);
  });

  it('the end of a day', async () => {
    const { failed } = await tryDayEnd(MANY, seed);
    console.log(`on-day-end: ${failed} of ${MANY} failed, and wrote nothing`);
    expect(failed).toBeGreaterThan(MANY / 8);
  });

  it('the sweep of holds', async () => {
    await trySweep(MANY, seed);
    expect.hasAssertions();
  });

  it('both authorizers', async () => {
    const { failed } = await tryAuthorizers(MANY, seed);
    console.log(`authorizers: ${failed} of ${6 * MANY} failed, and nobody was let in`);
    expect(failed).toBeLessThan(6 * MANY);
  });
});
