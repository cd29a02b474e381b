import { addDays, type Day } from '../platform/calendar-day.ts';
import { type Account, counted, inOrder, type Lots, lastDayOf, moved, type Settled, sum } from './account.ts';

/** For how long what lapsed is remembered, in days: returns are taken no longer than that. */
export const FORFEITS_KEPT_DAYS = 400;

/** The lots that are over on this day. */
function overOn(lots: Lots, day: Day): [string, number][] {
  return Object.entries(lots).filter(([lot]) => lastDayOf(lot) < day);
}

/** The next day, up to `today`, on which time does something to the account. */
function nextDay(account: Account, today: Day): Day | undefined {
  const lapses = overOn(account.lots, today).map(([lot]) => addDays(lastDayOf(lot), 1));
  const due = Object.keys(account.pending).filter((day) => day !== 'EVENT' && day <= today);
  return [...lapses, ...due].toSorted()[0];
}

/** The days on which these things happened, in order. */
export function settledDays({ lapsed, activated, debtPaid }: Settled): Day[] {
  const lapses = Object.keys(lapsed).map((lot) => addDays(lastDayOf(lot), 1));
  return [...new Set([...lapses, ...Object.keys(activated), ...Object.keys(debtPaid)])].toSorted();
}

/** The last day, up to `today`, on which time does something to the account, if there is one. */
export function lastSettledDay(account: Account, today: Day): Day | undefined {
  return settledDays(settle(account, today).settled).at(-1);
}

function lapse(account: Account, day: Day): { account: Account; lapsed: Lots } {
  const lapsed = Object.fromEntries(overOn(account.lots, day));
  const lots = Object.fromEntries(Object.entries(account.lots).filter(([lot]) => !(lot in lapsed)));
  const forfeits = Object.entries(lapsed).reduce((kept, [lot, amount]) => moved(kept, lot, amount), account.forfeits);
  const totals = counted(account.totals, 'EXPIRE', sum(lapsed));
  return { account: { ...account, lots, forfeits, totals }, lapsed };
}

/** Takes up to the debt out of what has just become available, earliest lot first. */
export function payDebt(account: Account, fresh: Lots): { account: Account; paid: number } {
  const paid = Math.min(account.debt, sum(fresh));
  let left = paid;
  let { lots } = account;
  for (const [lot, amount] of inOrder(fresh)) {
    const part = Math.min(left, amount);
    if (part > 0) lots = moved(lots, lot, -part);
    left -= part;
  }
  const totals = counted(account.totals, 'DEBT_PAID', paid);
  return { account: { ...account, lots, debt: account.debt - paid, totals }, paid };
}

function activate(account: Account, day: Day): { account: Account; activated: Lots; paid: number } {
  const { [day]: activated = {}, ...pending } = account.pending;
  const lots = Object.entries(activated).reduce((all, [lot, amount]) => moved(all, lot, amount), account.lots);
  const totals = counted(account.totals, 'ACTIVATE', sum(activated));
  return { ...payDebt({ ...account, lots, pending, totals }, activated), activated };
}

/**
 * What time does to an account up to the start of `today`, day by day at 00:00: lots whose last day is over lapse,
 * then due pending becomes available, then debt is paid. Settling twice, or in steps, comes to the same.
 */
export function settle(before: Account, today: Day): { account: Account; settled: Settled } {
  const settled: Settled = { lapsed: {}, activated: {}, debtPaid: {} };
  let account = before;
  for (let day = nextDay(account, today); day !== undefined; day = nextDay(account, today)) {
    const over = lapse(account, day);
    const due = activate(over.account, day);
    account = due.account;
    for (const [lot, amount] of Object.entries(over.lapsed)) settled.lapsed = moved(settled.lapsed, lot, amount);
    if (sum(due.activated) > 0) settled.activated[day] = due.activated;
    if (due.paid > 0) settled.debtPaid[day] = due.paid;
  }
  const oldest = addDays(today, -FORFEITS_KEPT_DAYS);
  const forfeits = Object.fromEntries(Object.entries(account.forfeits).filter(([lot]) => lastDayOf(lot) >= oldest));
  return { account: { ...account, forfeits }, settled };
}
