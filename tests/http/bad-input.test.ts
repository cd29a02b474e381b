import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFront } from '../support/front.ts';
import { openMall } from '../support/mall.ts';
import { operations } from './bad-input/operations.ts';
import { countCalls } from './bad-input/sending.ts';
import { tryOperation } from './bad-input/trial.ts';
import { openWorld, type World } from './bad-input/world.ts';

openMall();
const front = openFront();

let world: World;
beforeAll(async () => {
  world = await openWorld();
  countCalls();
});

const INVALID = 22;
const VALID = 8;
const seed = randomInt(2 ** 31);

describe(`bad input, and good, of seed ${seed}`, () => {
  it.each(operations)('$name refuses what is wrong by its field, and takes what is right', async (operation) => {
    const tally = await tryOperation(operation, { url: front.url, world, invalid: INVALID, valid: VALID, seed });
    const refused = [...tally.codes.values()].reduce((sum, one) => sum + one, 0);
    expect(refused).toBeGreaterThanOrEqual(INVALID);
    expect(refused + tally.accepted).toBe(INVALID + VALID);
  });
});
