import { Refusal } from '../errors.ts';
import { type Account, available, counted, type Effect, firstOf, inOrder, moved, sum, without } from './account.ts';
import type { AdjustDown, Clawback, Hold, Out, Spend } from './movements.ts';

/** No account carries more open holds than this. */
const MAX_HOLDS = 100;

function shortRefusal(account: Account, amount: number): Refusal | undefined {
  const missing = amount - available(account);
  return missing > 0 ? new Refusal('points.insufficient', { missing, available: available(account) }) : undefined;
}

/** SPEND, HOLD and what goes out by a gift or an exchange: earliest last day first, and only what is there. */
export function take(account: Account, movement: Spend | Hold | Out, seq: number): Effect | Refusal {
  const { kind, amount } = movement;
  if (account.frozen) return new Refusal('points.frozen');
  if (kind === 'TRANSFER_OUT' && account.debt > 0) return new Refusal('points.in_debt', { debt: account.debt });
  const short = shortRefusal(account, amount);
  if (short) return short;
  if (kind === 'HOLD' && Object.keys(account.held).length >= MAX_HOLDS) {
    return new Refusal('points.too_many_holds', { limit: MAX_HOLDS });
  }
  const draws = firstOf(inOrder(account.lots), amount);
  const held = kind === 'HOLD' ? { ...account.held, [String(seq)]: amount } : account.held;
  const totals = counted(account.totals, kind, amount);
  const after = { ...account, lots: without(account.lots, draws), held, totals };
  return { account: after, amount, draws, parts: 'party' in movement ? { party: movement.party } : {} };
}

/** Staff take points. */
export function adjustDown(account: Account, { amount, first = {}, shortage }: AdjustDown): Effect | Refusal {
  const short = shortage === 'REFUSE' ? shortRefusal(account, amount) : undefined;
  if (short) return short;
  const wanted = inOrder(first).map(([lot, most]): [string, number] => [lot, Math.min(most, account.lots[lot] ?? 0)]);
  const own = firstOf(wanted, amount);
  const left = without(account.lots, own);
  const others = firstOf(inOrder(left), amount - sum(own));
  const draws = Object.entries(others).reduce((all, [lot, part]) => moved(all, lot, part), own);
  const missing = amount - sum(draws);
  const owed = shortage === 'DEBT' ? missing : 0;
  const totals = counted(account.totals, 'ADJUST_DOWN', sum(draws) + owed);
  const after = { ...account, lots: without(account.lots, draws), debt: account.debt + owed, totals };
  return { account: after, amount, draws, parts: { owed, lost: missing - owed } };
}

/** The pending points of this purchase that are still there, and the account without them. */
function takePending(account: Account, { amount, availableOn, lastDay, waiting: own = amount }: Clawback) {
  const lot = availableOn === 'EVENT' ? 'EVENT' : lastDay;
  const waiting = availableOn === undefined ? {} : (account.pending[availableOn] ?? {});
  const taken = Math.min(amount, own, waiting[lot] ?? 0);
  if (availableOn === undefined || taken === 0) return { account, taken: 0, pending: {} };
  const { [availableOn]: _, ...others } = account.pending;
  const left = moved(waiting, lot, -taken);
  const pending = sum(left) > 0 ? { ...others, [availableOn]: left } : others;
  return { account: { ...account, pending }, taken, pending: { [availableOn]: { [lot]: taken } } };
}

/**
 * Takes back what a purchase earned. The amount is the sum of what was taken from pending and lots, counted off the
 * forfeits, and missing; the missing part is owed, lost or offset, as the shortage says.
 */
export function clawback(before: Account, movement: Clawback): Effect {
  const { amount, lastDay, shortage } = movement;
  const { account, taken, pending } = takePending(before, movement);
  const own = firstOf([[lastDay, account.lots[lastDay] ?? 0]], amount - taken);
  const forfeited = Math.min(amount - taken - sum(own), account.forfeits[lastDay] ?? 0);
  const wanted = amount - taken - sum(own) - forfeited;
  const others = firstOf(inOrder(without(account.lots, own)), wanted);
  const draws = { ...own, ...others };
  const missing = wanted - sum(others);
  const owed = shortage === 'DEBT' ? missing : 0;
  const after = {
    ...account,
    lots: without(account.lots, draws),
    forfeits: moved(account.forfeits, lastDay, -forfeited),
    debt: account.debt + owed,
    totals: counted(account.totals, 'CLAWBACK', taken + sum(draws) + owed),
  };
  const parts = {
    ...(taken > 0 && { pending }),
    counted: forfeited,
    owed,
    lost: shortage === 'CLAMP' ? missing : 0,
    offset: shortage === 'OFFSET_CASH' ? missing : 0,
  };
  return { account: after, amount, draws, parts };
}
