import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, dayOf, startOfDay } from '../../shared/platform/calendar-day.ts';
import { available, type Draft, type Entry } from '../../shared/points/account.ts';
import { holds, link, load } from '../../shared/points/chain.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { next } from '../../shared/points/rules.ts';
import { settle } from '../../shared/points/settlement.ts';
import { linesOf } from '../../shared/points/statement.ts';
import { keys } from '../../shared/table/keys.ts';
import { ZONE } from './stories.ts';

/** How many histories; `npm test` samples. */
const HISTORIES = 200;

type Step =
  | { does: 'earn'; amount: number; days: number }
  | { does: 'spend'; amount: number }
  | { does: 'cancel'; grace: boolean }
  | { does: 'expire' }
  | { does: 'wait'; hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('earn' as const),
    amount: fc.integer({ min: 1, max: 300 }),
    days: fc.integer({ min: -2, max: 40 }),
  }),
  fc.record({ does: fc.constant('spend' as const), amount: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ does: fc.constant('cancel' as const), grace: fc.boolean() }),
  fc.record({ does: fc.constant('expire' as const) }),
  fc.record({ does: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 400 }) }),
);

/** The plainest account there can be: points one by one in a list of [last day, how many]. */
interface Model {
  lots: [Day, number][];
  lastSpend: [Day, number][];
}

const alive = (model: Model, today: Day) => model.lots.filter(([day]) => day >= today);
const total = (lots: [Day, number][]) => lots.reduce((sum, [, amount]) => sum + amount, 0);

function earnInModel(model: Model, day: Day, amount: number): void {
  const lot = model.lots.find(([lastDay]) => lastDay === day);
  if (lot) lot[1] += amount;
  else model.lots.push([day, amount]);
}

function spendInModel(model: Model, amount: number): void {
  model.lastSpend = [];
  let left = amount;
  for (const lot of model.lots.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const part = Math.min(left, lot[1]);
    lot[1] -= part;
    left -= part;
    if (part > 0) model.lastSpend.push([lot[0], part]);
  }
  model.lots = model.lots.filter(([, there]) => there > 0);
}

function cancelInModel(model: Model, today: Day, graceUntil: Day | undefined): void {
  for (const [day, amount] of model.lastSpend) {
    if (day.slice(0, 10) >= today) earnInModel(model, day, amount);
    else if (graceUntil !== undefined) earnInModel(model, `${graceUntil}g`, amount);
  }
  model.lastSpend = [];
}

/** Runs a history through the rule and the chain, and through the model, and holds one against the other. */
function follow(steps: readonly Step[]): { entries: Entry[]; at: number } {
  const model: Model = { lots: [], lastSpend: [] };
  const entries: Entry[] = [];
  let head: Entry | undefined;
  let at = startOfDay('2026-11-20', ZONE);

  const move = (movement: Movement): Draft | undefined => {
    const draft = next(head, movement, { now: at, zone: ZONE });
    if (draft instanceof Error) return undefined;
    const item = link(head, draft, keys.entry('POINTS', 'mem_1', (head?.seq ?? 0) + 1));
    expect(holds(head, item)).toBe(true);
    head = load(item);
    entries.push(head);
    return draft;
  };

  for (const one of steps) {
    const today = dayOf(at, ZONE);
    model.lots = alive(model, today);
    const before = total(model.lots);
    if (one.does === 'wait') at += one.hours * 3_600_000;
    if (one.does === 'expire') move({ kind: 'EXPIRE', reference: 'lapse:x' });
    if (one.does === 'earn') {
      const lastDay = addDays(today, one.days);
      move({ kind: 'EARN', amount: one.amount, lastDay, rule: 'BASE@1', reference: 'purchase:x' });
      if (lastDay >= today) earnInModel(model, lastDay, one.amount);
    }
    if (one.does === 'spend') {
      const draft = move({ kind: 'SPEND', amount: one.amount, reference: 'order:x' });
      expect(draft !== undefined, 'a spend is refused exactly when points are short').toBe(one.amount <= before);
      if (draft) spendInModel(model, one.amount);
    }
    if (one.does === 'cancel' && model.lastSpend.length > 0) {
      const graceUntil = one.grace ? addDays(today, 30) : undefined;
      const from = Object.fromEntries(model.lastSpend);
      const amount = total(model.lastSpend);
      move({ kind: 'REFUND', amount, from, reference: 'cancel:x', ...(graceUntil && { graceUntil }) });
      cancelInModel(model, today, graceUntil);
    }
    if (head) {
      const { account } = settle(head.after, dayOf(at, ZONE));
      const expected = Object.fromEntries(alive(model, dayOf(at, ZONE)));
      expect(account.lots).toEqual(expected);
    }
  }
  return { entries, at };
}

describe('any history of an account', () => {
  it('comes out as the plainest model says: earliest day first, nothing lapses early, late or twice', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => void follow(steps)),
      { numRuns: HISTORIES },
    );
  });

  it('never shows a negative number, and its lines add up to what is available after every entry', () => {
    const history = fc.array(step, { maxLength: 40 });
    const check = (steps: Step[]) => {
      let balance = 0;
      for (const entry of follow(steps).entries) {
        for (const line of linesOf(entry, ZONE)) {
          balance += line.amount;
          expect(line.balanceAfter).toBe(balance);
        }
        expect(balance).toBe(available(entry.after));
        const numbers = [...Object.values(entry.after.lots), entry.after.debt, ...Object.values(entry.after.totals)];
        expect(numbers.every((number) => Number.isInteger(number) && number >= 0)).toBe(true);
      }
    };
    fc.assert(fc.property(history, check), { numRuns: HISTORIES });
  });

  it('ends in the same sums, whether lapses were written down on the way or not', () => {
    const check = (steps: Step[]) => {
      const written = follow(steps);
      const unwritten = follow(steps.filter(({ does }) => does !== 'expire'));
      const endOf = ({ entries, at }: ReturnType<typeof follow>) => {
        const last = entries.at(-1);
        return last ? settle(last.after, dayOf(at, ZONE)).account : undefined;
      };
      const [one, two] = [endOf(written), endOf(unwritten)];
      if (one && two) expect([one.lots, one.totals]).toEqual([two.lots, two.totals]);
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), check), { numRuns: HISTORIES });
  });
});
