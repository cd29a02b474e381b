import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { openGround } from './bad-input/ground.ts';
import { operations } from './bad-input/operations.ts';
import { type Tally, tryOperation } from './bad-input/trial.ts';

const ground = openGround();

const seed = randomInt(2 ** 31);
const rows: (Tally & { name: string })[] = [];

afterAll(() => {
  const table = rows.map(({ name, invalid, valid, accepted, mostCalls, codes }) => {
    const said = [...codes].toSorted(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
    return [name.padEnd(28), invalid, valid, accepted, mostCalls, said.join(', ')].join(' | ');
  });
  console.log(['operation | invalid | valid | done | most calls | refusals', ...table].join('\n'));
});

describe(`300 bad requests an operation, and 100 good ones, of seed ${seed}`, () => {
  it.each(operations)('$name', async (operation) => {
    const tally = await tryOperation(operation, { ...ground, invalid: 300, valid: 100, seed });
    rows.push({ name: operation.name, ...tally });
    expect([...tally.codes.values()].reduce((sum, one) => sum + one, tally.accepted)).toBe(400);
  });
});
