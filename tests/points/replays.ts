import fc from 'fast-check';
import { expect } from 'vitest';
import { Refusal } from '../../shared/errors.ts';
import type { Entry } from '../../shared/points/account.ts';
import type { Amounted } from '../../shared/points/movements.ts';
import { type AccountId, moveOnce } from '../../shared/points/points.ts';
import { head } from '../../shared/points/store.ts';
import { exchange } from '../../shared/table/commit.ts';
import { someone } from './crowd.ts';

const amount = fc.integer({ min: 1, max: 100 });
const lastDay = fc.constantFrom('2026-12-31', '2027-12-31');

/** Movements as their callers make them, on the real table; some will be refused. */
const movement: fc.Arbitrary<Omit<Amounted, 'reference'>> = fc.oneof(
  fc.record({ kind: fc.constant('EARN' as const), amount, lastDay, rule: fc.constant('BASE@1') }),
  fc.record({ kind: fc.constant('SPEND' as const), amount }),
  fc.record({ kind: fc.constant('HOLD' as const), amount }),
  fc.record({ kind: fc.constant('CLAWBACK' as const), amount, lastDay, shortage: fc.constant('DEBT' as const) }),
  fc.record({
    kind: fc.constant('ADJUST_DOWN' as const),
    amount,
    shortage: fc.constantFrom('REFUSE' as const, 'CLAMP' as const),
  }),
  fc.record({ kind: fc.constant('TRANSFER_OUT' as const), amount, party: fc.constant('mem_other') }),
);

async function once(account: AccountId, what: Amounted): Promise<string> {
  try {
    const { answer } = await exchange(async (basis) => {
      const done = await moveOnce(account, what, basis);
      if ('repeat' in done) return { writes: [], answer: `${done.repeat.seq}: ${done.repeat.amount}`, replayed: true };
      return { writes: [done.step.write], answer: `${done.step.seq}: ${done.step.draft.amount}` };
    });
    return answer;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

const newest = async (account: AccountId): Promise<Entry | undefined> => head(account, 'consistent');

/** Each movement is sent twice, and all that were made are sent once more at the end. */
export const replays = fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 8 }), async (movements) => {
  const account = someone();
  const made: [Amounted, string][] = [];
  for (const [i, one] of movements.entries()) {
    const what = { ...one, reference: `test:${i}` } as Amounted;
    const before = await newest(account);
    const answer = await once(account, what);
    const after = await newest(account);
    if (answer.includes('.')) expect(after, 'a refused movement changes nothing').toEqual(before);
    else made.push([what, answer]);
    expect(await once(account, what), 'the same again gets the same answer').toBe(answer);
    expect(await newest(account), 'and changes nothing').toEqual(after);
  }
  const end = await newest(account);
  for (const [what, answer] of made) expect(await once(account, what)).toBe(answer);
  expect(await newest(account), 'a replay changes nothing').toEqual(end);
});
