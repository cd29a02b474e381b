import { Refusal } from '../errors.ts';
import type { Day } from '../platform/calendar-day.ts';
import {
  type Account,
  available,
  counted,
  type Effect,
  firstOf,
  graceLot,
  inOrder,
  type Kind,
  type Lots,
  lastDayOf,
  moved,
  pendingOf,
  sum,
  together,
  without,
} from './account.ts';
import type { Activate, AdjustUp, Capture, Earn, In, Refund, Release } from './movements.ts';
import { payDebt } from './settlement.ts';

/** No account holds more than this. */
const MAX_ACCOUNT = 1_000_000_000_000;
/** No account carries more last days than this through gifts, exchanges and adjustments. */
const MAX_LOTS = 40;

/** The account with these lots more; they pay the debt first. */
export function withPoints(account: Account, lots: Lots): { account: Account; paid: number } {
  return payDebt({ ...account, lots: together(account.lots, lots) }, lots);
}

function fullRefusal(account: Account, amount: number): Refusal | undefined {
  const all = available(account) + pendingOf(account) + sum(account.held) + amount;
  return all > MAX_ACCOUNT ? new Refusal('points.limit', { limit: MAX_ACCOUNT }) : undefined;
}

function lotsRefusal(account: Account, lots: Lots): Refusal | undefined {
  const all = Object.keys(together(account.lots, lots)).length;
  const more = all > Object.keys(account.lots).length;
  return more && all > MAX_LOTS ? new Refusal('points.too_many_lots', { limit: MAX_LOTS }) : undefined;
}

/** Granted after its last day: it is there and gone at once, and counts among that lot's forfeits. */
function tooLate(account: Account, kind: Kind, amount: number, lastDay: Day): Effect {
  const totals = counted(counted(account.totals, kind, amount), 'EXPIRE', amount);
  const forfeits = moved(account.forfeits, lastDay, amount);
  const lots = { [lastDay]: amount };
  return { account: { ...account, forfeits, totals }, amount, draws: lots, parts: { lapsed: lots } };
}

function earnPending(account: Account, { amount, lastDay }: Earn, availableOn: Day | 'EVENT'): Effect {
  const lots = { [availableOn === 'EVENT' ? 'EVENT' : lastDay]: amount };
  const pending = { ...account.pending, [availableOn]: together(account.pending[availableOn] ?? {}, lots) };
  const totals = counted(account.totals, 'EARN', amount);
  return { account: { ...account, pending, totals }, amount, draws: lots, parts: { pending: { [availableOn]: lots } } };
}

export function earn(account: Account, movement: Earn, today: Day): Effect | Refusal {
  const { amount, lastDay, availableOn } = movement;
  const full = fullRefusal(account, amount);
  if (full) return full;
  if (availableOn === 'EVENT') return earnPending(account, movement, availableOn);
  if (lastDay < (availableOn ?? today) || lastDay < today) return tooLate(account, 'EARN', amount, lastDay);
  if (availableOn !== undefined && availableOn > today) return earnPending(account, movement, availableOn);
  const totals = counted(account.totals, 'EARN', amount);
  const { account: after, paid } = withPoints({ ...account, totals }, { [lastDay]: amount });
  return { account: after, amount, draws: { [lastDay]: amount }, parts: { debtPaid: paid } };
}

export function activate(account: Account, { amount, lastDay }: Activate, today: Day): Effect {
  const { EVENT: waiting = {}, ...others } = account.pending;
  if (sum(waiting) < amount) throw new Error('No more is activated than waits.');
  const left = without(waiting, { EVENT: amount });
  const pending = sum(left) > 0 ? { ...others, EVENT: left } : others;
  const took = { EVENT: { EVENT: amount } };
  if (lastDay < today) {
    const late = tooLate({ ...account, pending }, 'ACTIVATE', amount, lastDay);
    return { ...late, draws: {}, parts: { ...late.parts, pending: took } };
  }
  const totals = counted(account.totals, 'ACTIVATE', amount);
  const { account: after, paid } = withPoints({ ...account, pending, totals }, { [lastDay]: amount });
  return { account: after, amount, draws: { [lastDay]: amount }, parts: { pending: took, debtPaid: paid } };
}

/** What comes back to lots, or comes to them from elsewhere: where it went, and what was lost because it came too late. */
interface Return {
  account: Account;
  draws: Lots;
  lapsed: Lots;
  paid: number;
}

/**
 * Puts points back into these lots. Where a lot's day has passed they pay the debt, before those that still count do;
 * the rest becomes a grace lot to `graceUntil`, or without it is forfeited.
 */
function putBack(account: Account, back: Lots, today: Day, graceUntil: Day | undefined): Return {
  let debtLeft = account.debt;
  let { forfeits } = account;
  const draws: Lots = {};
  const lapsed: Lots = {};
  for (const [lot, part] of inOrder(back)) {
    const passed = lastDayOf(lot) < today;
    const lost = passed && graceUntil === undefined ? Math.max(0, part - debtLeft) : 0;
    const target = passed && graceUntil !== undefined ? graceLot(graceUntil) : lot;
    if (lost > 0) {
      forfeits = moved(forfeits, lot, lost);
      lapsed[lot] = lost;
    }
    if (part > lost) draws[target] = (draws[target] ?? 0) + part - lost;
    debtLeft = Math.max(0, debtLeft - part);
  }
  const totals = counted(account.totals, 'EXPIRE', sum(lapsed));
  return { ...withPoints({ ...account, forfeits, totals }, draws), draws, lapsed };
}

/** The `amount` of what the lots gave that goes back first: latest last day first. */
function latestOf(from: Lots, amount: number): Lots {
  if (sum(from) < amount) throw new Error('No more goes back than was taken.');
  return firstOf(inOrder(from).toReversed(), amount);
}

/** REFUND and ADJUST_UP: points that go into given lots, whatever their day. */
export function giveBack(account: Account, movement: Refund | AdjustUp, today: Day): Effect | Refusal {
  const { kind, amount, graceUntil } = movement;
  const back = latestOf(kind === 'REFUND' ? movement.from : movement.lots, amount);
  if (kind === 'ADJUST_UP') {
    const refusal = fullRefusal(account, amount) ?? lotsRefusal(account, back);
    if (refusal) return refusal;
  }
  const counting = { ...account, totals: counted(account.totals, kind, amount) };
  const { account: after, draws, lapsed, paid } = putBack(counting, back, today, graceUntil);
  return { account: after, amount, draws, parts: { debtPaid: paid, lapsed } };
}

/** Takes in lots of another account: one whose last day has passed on this chain is there and gone at once. */
export function withArrivals(account: Account, lots: Lots, today: Day): Return {
  const lapsed = Object.fromEntries(Object.entries(lots).filter(([lot]) => lastDayOf(lot) < today));
  const draws = without(lots, lapsed);
  const forfeits = together(account.forfeits, lapsed);
  const totals = counted(account.totals, 'EXPIRE', sum(lapsed));
  return { ...withPoints({ ...account, forfeits, totals }, draws), draws, lapsed };
}

/** The other side of a gift or an exchange. */
export function comeIn(account: Account, { kind, amount, lots, party }: In, today: Day): Effect | Refusal {
  const refusal = fullRefusal(account, amount) ?? lotsRefusal(account, lots);
  if (refusal) return refusal;
  const counting = { ...account, totals: counted(account.totals, kind, amount) };
  const { account: after, draws, lapsed, paid } = withArrivals(counting, lots, today);
  return { account: after, amount, draws, parts: { debtPaid: paid, lapsed, party } };
}

/**
 * CAPTURE and RELEASE: what was not captured goes back to the lots that the hold drew from. A hold that is not there
 * any more was ended by somebody else since its document was read.
 */
export function endHold(account: Account, movement: Capture | Release, today: Day): Effect | Refusal {
  const { kind, amount, hold, from, graceUntil } = movement;
  const { [String(hold)]: holding, ...held } = account.held;
  if (holding === undefined) return new Refusal('points.hold_moved');
  const rest = kind === 'CAPTURE' ? holding - amount : holding;
  if (rest < 0 || (kind === 'RELEASE' && amount !== rest)) throw new Error('A hold ends with what it held.');
  const counting = { ...account, held, totals: counted(account.totals, kind, amount) };
  const { account: after, draws, lapsed, paid } = putBack(counting, latestOf(from, rest), today, graceUntil);
  const parts = { hold, debtPaid: paid, lapsed, ...(kind === 'CAPTURE' && { back: draws }) };
  return { account: after, amount, draws: kind === 'CAPTURE' ? {} : draws, parts };
}
