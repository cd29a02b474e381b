import { Refusal } from '../errors.ts';
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
} from './account.ts';
import { withPoints } from './gaining.ts';
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

/** Takes over all that another account had; what is available pays the debt of both. */
export function mergeIn(account: Account, { party, from }: MergeIn): Effect {
  const amount = sum(from.lots) + pendingOf(from);
  const joined = {
    ...account,
    pending: addPending(account.pending, from.pending),
    forfeits: together(account.forfeits, from.forfeits),
    debt: account.debt + from.debt,
    totals: counted(account.totals, 'MERGE_IN', amount),
  };
  // Whose debt it was does not matter any more: all that is available pays it.
  const own = joined.lots;
  const { account: after, paid } = withPoints({ ...joined, lots: {} }, together(own, from.lots));
  const { pending, forfeits, debt } = from;
  return { account: after, amount, draws: from.lots, parts: { party, pending, forfeits, debt, debtPaid: paid } };
}
