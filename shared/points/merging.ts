import { Refusal } from '../errors.ts';
import type { Day } from '../platform/calendar-day.ts';
import {
  type Account,
  available,
  counted,
  type Effect,
  emptyAccount,
  type Lots,
  pendingOf,
  sum,
  together,
  without,
} from './account.ts';
import { withArrivals } from './gaining.ts';
import type { MergeIn, MergeOut } from './movements.ts';

/** Closes an account: all that it has goes. While something is held it may not. */
export function mergeOut(account: Account, { party }: MergeOut): Effect | Refusal {
  if (sum(account.held) > 0) return new Refusal('points.hold_open', { held: sum(account.held) });
  const { lots, pending, forfeits, debt, totals, frozen } = account;
  const amount = available(account) + pendingOf(account);
  const after = {
    ...emptyAccount(),
    ...(frozen && { frozen }),
    totals: counted(totals, 'MERGE_OUT', amount),
  };
  return { account: after, amount, draws: lots, parts: { party, pending, forfeits, debt } };
}

function addPending(pending: Account['pending'], more: Account['pending']): Account['pending'] {
  const days = Object.entries(more).map(([day, lots]): [string, Lots] => [day, together(pending[day] ?? {}, lots)]);
  return { ...pending, ...Object.fromEntries(days) };
}

/** What of the pending is due by this day, as lots, and what goes on waiting. */
function partedBy(pending: Account['pending'], today: Day): { due: Lots; waiting: Account['pending'] } {
  const isDue = (day: string) => day !== 'EVENT' && day <= today;
  const due = Object.entries(pending).filter(([day]) => isDue(day));
  const waiting = Object.entries(pending).filter(([day]) => !isDue(day));
  return {
    due: due.reduce((all, [, lots]) => together(all, lots), {}),
    waiting: Object.fromEntries(waiting),
  };
}

/**
 * Takes over all that another account had; what is available pays the debt of both. Where this chain's day is later
 * than the other's was, what that brings about happens at once.
 */
export function mergeIn(account: Account, { party, from }: MergeIn, today: Day): Effect {
  const { due, waiting } = partedBy(from.pending, today);
  const amount = sum(from.lots) + pendingOf(from);
  const joined = {
    ...account,
    pending: addPending(account.pending, waiting),
    forfeits: together(account.forfeits, from.forfeits),
    debt: account.debt + from.debt,
    totals: counted(account.totals, 'MERGE_IN', amount),
  };
  // Whose debt it was does not matter any more: all that is available pays it.
  const own = joined.lots;
  const all = together(own, together(from.lots, due));
  const { account: after, draws, lapsed, paid } = withArrivals({ ...joined, lots: {} }, all, today);
  const { forfeits, debt } = from;
  const parts = { party, pending: waiting, forfeits, debt, debtPaid: paid, lapsed };
  return { account: after, amount, draws: without(draws, own), parts };
}
