import { daysAfter, lastDayOf } from './days.ts';
import type { Account, Settled } from './entry.ts';
import { draw, earliestFirst, type Lots, put, putAll, total } from './lots.ts';

/** For so many days what lapsed can still be counted against a return. */
const FORFEITS_DAYS = 400;

/** An account of its own, to work on. */
export function copyOf(account: Account): Account {
  const pending = Object.entries(account.pending).map(([day, lots]): [string, Lots] => [day, { ...lots }]);
  return {
    ...account,
    lots: { ...account.lots },
    pending: Object.fromEntries(pending),
    held: { ...account.held },
    forfeits: { ...account.forfeits },
    totals: { ...account.totals },
  };
}

/** An account on which nothing has moved. */
export function newAccount(): Account {
  return { lots: {}, pending: {}, held: {}, forfeits: {}, debt: 0, frozen: false, totals: {} };
}

/** Makes `fresh` available: it pays the debt first, earliest last day first. Says how much it paid. */
export function arrive(account: Account, fresh: Lots): number {
  const paid = Math.min(account.debt, total(fresh));
  const rest = { ...fresh };
  draw(rest, earliestFirst(rest), paid);
  putAll(account.lots, rest);
  account.debt -= paid;
  put(account.totals, 'DEBT_PAID', paid);
  return paid;
}

function earliestEvent(account: Account, today: string): string | undefined {
  let earliest: string | undefined;
  const consider = (day: string) => {
    if (day <= today && (earliest === undefined || day < earliest)) earliest = day;
  };
  for (const lot in account.lots) if (lastDayOf(lot) < today) consider(daysAfter(lastDayOf(lot), 1));
  for (const day in account.pending) if (day !== 'EVENT') consider(day);
  return earliest;
}

/** Lets time pass up to 00:00 of `today`, in place, and says what it did on which day. */
export function passTime(account: Account, today: string): Settled {
  const settled: Settled = { lapsed: {}, activated: {}, debtPaid: {} };
  for (let day = earliestEvent(account, today); day !== undefined; day = earliestEvent(account, today)) {
    for (const lot of Object.keys(account.lots)) {
      if (lastDayOf(lot) >= day) continue;
      const amount = account.lots[lot] ?? 0;
      put(settled.lapsed, lot, amount);
      put(account.forfeits, lot, amount);
      put(account.totals, 'EXPIRE', amount);
      delete account.lots[lot];
    }
    const due = account.pending[day];
    if (!due) continue;
    delete account.pending[day];
    settled.activated[day] = { ...due };
    put(account.totals, 'ACTIVATE', total(due));
    put(settled.debtPaid, day, arrive(account, due));
  }
  const oldest = daysAfter(today, -FORFEITS_DAYS);
  for (const lot of Object.keys(account.forfeits)) if (lastDayOf(lot) < oldest) delete account.forfeits[lot];
  return settled;
}
