import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { entrySizes } from '../../bin/bench/entry-sizes.ts';
import { growth } from '../../bin/bench/history.ts';
import { costOf, patiently } from '../../bin/bench/measure.ts';
import { equivalents } from '../../bin/bench/meter.ts';
import { naiveAccount, naiveBalance, post } from '../../bin/bench/naive.ts';
import { operations } from '../../bin/bench/operations.ts';
import { balance, POINTS } from '../../shared/points/points.ts';
import { clock, openMall } from '../support/mall.ts';

const NOW = '2026-11-23T04:00:00.000Z';
const TODAY = '2026-11-23';
const LAST_DAY = '2026-12-31';

openMall({ at: NOW });

/** DESIGN.md §9, and that a valid token is never looked up, written down a second time, so that nobody raises a budget by the way. */
const BUDGETS: Record<string, number> = {
  balance: 0.2,
  spend: 1.2,
  'adjust up': 1.2,
  'adjust down': 1.2,
  // Half a read unit asks whether the giver may spend, and half whether the receiver has an account that is anybody's;
  // what moves is two chains, as DESIGN.md has them.
  transfer: 4.4,
  exchange: 4.2,
  'merge, one currency': 4.2,
  'earn from a purchase': 4.2,
  'return of a half': 6.4,
  'redeem one gift, order in two indexes': 8.4,
  'hold, document in one index': 5.3,
  'capture of a hold, out of the index': 5.2,
  'notice of what will lapse, a member': 1.4,
  'year-end, a member with something to lapse': 1.4,
  'year-end, a dormant member': 0,
  'a valid token at the authorizer': 0,
};

describe('budgets 预算', () => {
  const all = operations(clock, NOW);

  it('stand on every operation as DESIGN.md §9 says', () => {
    const set = all.flatMap(({ name, budget }) => (budget === undefined ? [] : [[name, budget]]));
    expect(Object.fromEntries(set)).toEqual(BUDGETS);
  });

  it.each(all.filter(({ budget }) => budget !== undefined))('hold: $name costs at most $budget', async (operation) => {
    const cost = equivalents(await patiently(operation.ours));
    expect(cost).toBeLessThanOrEqual(operation.budget ?? 0);
    if (operation.floor > 0) expect(cost).toBeGreaterThanOrEqual(operation.floor);
  });

  it('hold whatever lies behind: 2,000 entries cost what 10 cost, and the naive design pays for them', async () => {
    for (const { name, ratio, naive } of await patiently(() => growth([10, 2_000]))) {
      expect(ratio, name).toBe(1);
      if (!name.includes('earn')) expect(naive.ratio, name).toBeGreaterThan(1.3);
    }
  });

  it('hold on a busy account: its entry is one unit', () => {
    for (const { bytes, units } of entrySizes()) {
      expect(bytes).toBeGreaterThan(300);
      expect(units).toBe(1);
    }
  });
});

describe('the meter 计量', () => {
  it('counts a read, and a transaction twice its items, of the naive design', async () => {
    const account = await naiveAccount(100, TODAY, LAST_DAY);
    const read = await costOf(() => naiveBalance(account, TODAY));
    expect(read).toEqual({ writeUnits: 0, readUnits: 1, calls: 1 });
    const key = randomUUID();
    const spend = () => post(key, TODAY, [{ account, kind: 'SPEND', take: 30 }]);
    // Reads: the request, the balance, the lots. Writes: the request, the balance, a lot, the entry.
    expect(await costOf(spend)).toEqual({ writeUnits: 8, readUnits: 3, calls: 4 });
    expect(await costOf(spend)).toEqual({ writeUnits: 0, readUnits: 1, calls: 1 });
    expect(await naiveBalance(account, TODAY)).toBe(70);
  });

  it('lets go of the client when it is done', async () => {
    const account = { memberId: `mem_${randomUUID()}`, currency: POINTS };
    const first = await costOf(() => balance(account));
    await balance(account);
    expect(first).toEqual({ writeUnits: 0, readUnits: 1, calls: 1 });
  });
});
