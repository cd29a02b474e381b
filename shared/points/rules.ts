import { Refusal } from '../errors.ts';
import { type Day, dayOf } from '../platform/calendar-day.ts';
import {
  type Account,
  available,
  counted,
  type Draft,
  emptyAccount,
  graceLot,
  inOrder,
  type Lots,
  lastDayOf,
  moved,
  type Parts,
  type Settled,
  sum,
} from './account.ts';
import { payDebt, settle } from './settlement.ts';

/** No account holds more than this, and no movement more than `MAX_AMOUNT`. */
const MAX_ACCOUNT = 1_000_000_000_000;
const MAX_AMOUNT = 1_000_000_000;

interface Common {
  amount: number;
  reference: string;
  /** The caller's time, epoch milliseconds; the time of writing when absent. */
  occurredAt?: number;
  /** History that takes effect at its own time instead of now. */
  backfill?: true;
}

/** Grants points that count to the end of `lastDay`. */
export interface Earn extends Common {
  kind: 'EARN';
  lastDay: Day;
  rule: string;
}

/** Takes points, earliest last day first. */
export interface Spend extends Common {
  kind: 'SPEND';
}

/**
 * Gives spent points back to the lots they came from: `from` is what those lots gave and have not got back. A lot
 * whose day has passed becomes a grace lot to `graceUntil` when the shop caused it, and is forfeited otherwise.
 */
export interface Refund extends Common {
  kind: 'REFUND';
  from: Lots;
  graceUntil?: Day;
}

/** Writes down what has lapsed; its amount is whatever that is. */
export interface Expire {
  kind: 'EXPIRE';
  reference: string;
}

export type Movement = Earn | Spend | Refund | Expire;

/** Now, in epoch milliseconds, and the programme's zone, which says what day that is. */
export interface Moment {
  now: number;
  zone: string;
}

/** The part of the newest entry that the next one is decided from. */
export type Head = Pick<Draft, 'recordedAt' | 'effectiveAt' | 'after'>;

/** What a movement does to a settled account. */
interface Effect {
  account: Account;
  amount: number;
  draws: Lots;
  parts: Parts;
}

function withPoints(account: Account, lots: Lots): { account: Account; paid: number } {
  const all = Object.entries(lots).reduce((sums, [lot, amount]) => moved(sums, lot, amount), account.lots);
  return payDebt({ ...account, lots: all }, lots);
}

function earn(account: Account, { amount, lastDay }: Earn, today: Day): Effect | Refusal {
  const totals = counted(account.totals, 'EARN', amount);
  if (lastDay < today) {
    const forfeits = moved(account.forfeits, lastDay, amount);
    const gone = { ...account, forfeits, totals: counted(totals, 'EXPIRE', amount) };
    return { account: gone, amount, draws: { [lastDay]: amount }, parts: { lapsed: { [lastDay]: amount } } };
  }
  if (available(account) + amount > MAX_ACCOUNT) return new Refusal('points.limit', { limit: MAX_ACCOUNT });
  const { account: after, paid } = withPoints({ ...account, totals }, { [lastDay]: amount });
  return { account: after, amount, draws: { [lastDay]: amount }, parts: { debtPaid: paid } };
}

/** The first `amount` points of the lots in this order. */
function firstOf(order: [string, number][], amount: number): Lots {
  const taken: Lots = {};
  let left = amount;
  for (const [lot, there] of order) {
    const part = Math.min(left, there);
    if (part > 0) taken[lot] = part;
    left -= part;
  }
  return taken;
}

function spend(account: Account, { amount }: Spend): Effect | Refusal {
  const missing = amount - available(account);
  if (missing > 0) return new Refusal('points.insufficient', { missing, available: available(account) });
  const draws = firstOf(inOrder(account.lots), amount);
  const lots = Object.entries(draws).reduce((left, [lot, part]) => moved(left, lot, -part), account.lots);
  return { account: { ...account, lots, totals: counted(account.totals, 'SPEND', amount) }, amount, draws, parts: {} };
}

function refund(account: Account, { amount, from, graceUntil }: Refund, today: Day): Effect {
  if (sum(from) < amount) throw new Error('A refund gives back no more than was taken.');
  const back = firstOf(inOrder(from).toReversed(), amount);
  let debtLeft = account.debt;
  let forfeits = account.forfeits;
  const draws: Lots = {};
  let lapsed: Lots = {};
  for (const [lot, part] of Object.entries(back)) {
    const passed = lastDayOf(lot) < today;
    const lost = passed && graceUntil === undefined ? Math.max(0, part - debtLeft) : 0;
    const target = passed && graceUntil !== undefined ? graceLot(graceUntil) : lot;
    if (lost > 0) forfeits = moved(forfeits, lot, lost);
    if (lost > 0) lapsed = moved(lapsed, lot, lost);
    if (part > lost) draws[target] = (draws[target] ?? 0) + part - lost;
    debtLeft = Math.max(0, debtLeft - part);
  }
  const totals = counted(counted(account.totals, 'REFUND', amount), 'EXPIRE', sum(lapsed));
  const { account: after, paid } = withPoints({ ...account, forfeits, totals }, draws);
  return { account: after, amount, draws, parts: { debtPaid: paid, lapsed } };
}

function expire(account: Account, settled: Settled): Effect {
  return { account, amount: sum(settled.lapsed), draws: {}, parts: {} };
}

function effectOf(account: Account, movement: Movement, settled: Settled, today: Day): Effect | Refusal {
  switch (movement.kind) {
    case 'EARN':
      return earn(account, movement, today);
    case 'SPEND':
      return spend(account, movement);
    case 'REFUND':
      return refund(account, movement, today);
    case 'EXPIRE':
      return expire(account, settled);
  }
}

function timesOf(head: Head | undefined, movement: Movement, now: number) {
  const given: Pick<Common, 'occurredAt' | 'backfill'> = movement.kind === 'EXPIRE' ? {} : movement;
  const recordedAt = Math.max(now, head?.recordedAt ?? 0);
  const occurredAt = given.occurredAt ?? recordedAt;
  const effectiveAt = Math.max(head?.effectiveAt ?? 0, given.backfill ? occurredAt : recordedAt);
  return { occurredAt, recordedAt, effectiveAt };
}

/**
 * The one rule of the ledger: the entry that follows the head when this movement happens, or why it may not happen.
 * Time settles first. An amount that is not a whole number from 1 is a fault of
 * the calling code and throws.
 */
export function next(head: Head | undefined, movement: Movement, { now, zone }: Moment): Draft | Refusal {
  if (movement.kind !== 'EXPIRE') {
    if (!Number.isInteger(movement.amount) || movement.amount < 1)
      throw new Error('An amount is a whole number from 1.');
    if (movement.amount > MAX_AMOUNT) return new Refusal('points.limit', { limit: MAX_AMOUNT });
  }
  const times = timesOf(head, movement, now);
  const today = dayOf(times.effectiveAt, zone);
  const { account, settled } = settle(head?.after ?? emptyAccount(), today);
  const effect = effectOf(account, movement, settled, today);
  if (effect instanceof Refusal) return effect;
  return {
    kind: movement.kind,
    amount: effect.amount,
    reference: movement.reference,
    ...times,
    ...(movement.kind === 'EARN' && { rule: movement.rule }),
    draws: effect.draws,
    parts: effect.parts,
    settled,
    after: effect.account,
  };
}
