import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openGround } from './bad-input/ground.ts';
import { operations } from './bad-input/operations.ts';
import { tryOperation } from './bad-input/trial.ts';

const ground = openGround();

const INVALID = 22;
const VALID = 8;
const seed = randomInt(2 ** 31);

describe(`bad input, and good, of seed ${seed}`, () => {
  it.each(operations)('$name refuses what is wrong by its field, and takes what is right', async (operation) => {
    const tally = await tryOperation(operation, { ...ground, invalid: INVALID, valid: VALID, seed });
    const refused = [...tally.codes.values()].reduce((sum, one) => sum + one, 0);
    expect(refused).toBeGreaterThanOrEqual(INVALID);
    expect(refused + tally.accepted).toBe(INVALID + VALID);
  });
});
