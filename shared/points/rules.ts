import { Refusal } from '../errors.ts';
import { type Day, dayOf, startOfDay } from '../platform/calendar-day.ts';
import { type Account, counted, type Draft, type Effect, emptyAccount, type Settled, sum } from './account.ts';
import { activate, comeIn, earn, endHold, giveBack } from './gaining.ts';
import { mergeIn, mergeOut } from './merging.ts';
import type { Amounted, Freeze, Movement } from './movements.ts';
import { lastSettledDay, settle } from './settlement.ts';
import { adjustDown, clawback, take } from './taking.ts';

/** No movement moves more than this. */
const MAX_AMOUNT = 1_000_000_000;

/** Now, in epoch milliseconds, and the programme's zone, which says what day that is. */
export interface Moment {
  now: number;
  zone: string;
}

/** The part of the newest entry that the next one is decided from. */
export type Head = Pick<Draft, 'recordedAt' | 'effectiveAt' | 'after'> & { seq?: number };

function amounted(account: Account, movement: Amounted, today: Day, seq: number): Effect | Refusal {
  switch (movement.kind) {
    case 'EARN':
      return earn(account, movement, today);
    case 'ACTIVATE':
      return activate(account, movement, today);
    case 'REFUND':
    case 'ADJUST_UP':
      return giveBack(account, movement, today);
    case 'TRANSFER_IN':
    case 'EXCHANGE_IN':
      return comeIn(account, movement, today);
    case 'CAPTURE':
    case 'RELEASE':
      return endHold(account, movement, today);
    case 'CLAWBACK':
      return clawback(account, movement);
    case 'ADJUST_DOWN':
      return adjustDown(account, movement);
    default:
      return take(account, movement, seq);
  }
}

function freeze({ frozen, ...account }: Account, { kind }: Freeze): Effect | Refusal {
  if (kind === 'FREEZE' && frozen) return new Refusal('points.frozen');
  if (kind === 'THAW' && !frozen) return new Refusal('points.not_frozen');
  const totals = counted(account.totals, kind, 0);
  return {
    account: { ...account, ...(kind === 'FREEZE' && { frozen: true }), totals },
    amount: 0,
    draws: {},
    parts: {},
  };
}

function effectOf(
  account: Account,
  movement: Movement,
  { settled, today, seq }: { settled: Settled; today: Day; seq: number },
): Effect | Refusal {
  switch (movement.kind) {
    case 'EXPIRE':
      return { account, amount: sum(settled.lapsed), draws: {}, parts: {} };
    case 'FREEZE':
    case 'THAW':
      return freeze(account, movement);
    case 'MERGE_OUT':
      return mergeOut(account, movement);
    case 'MERGE_IN':
      return mergeIn(account, movement, today);
    default:
      return amounted(account, movement, today, seq);
  }
}

/** When a movement happened, is written, and counts. What only writes down counts from when it became true. */
function timesOf(head: Head | undefined, movement: Movement, { now, zone }: Moment) {
  const recordedAt = Math.max(now, head?.recordedAt ?? 0);
  const before = head?.effectiveAt ?? 0;
  if (movement.kind === 'EXPIRE') {
    const day = lastSettledDay(head?.after ?? emptyAccount(), dayOf(Math.max(before, recordedAt), zone));
    const effectiveAt = Math.max(before, day === undefined ? recordedAt : startOfDay(day, zone));
    return { occurredAt: effectiveAt, recordedAt, effectiveAt };
  }
  const { occurredAt = recordedAt, backfill = false } = 'amount' in movement ? movement : {};
  return { occurredAt, recordedAt, effectiveAt: Math.max(before, backfill ? occurredAt : recordedAt) };
}

function amountRefusal(movement: Movement): Refusal | undefined {
  if (!('amount' in movement)) return undefined;
  if (!Number.isInteger(movement.amount) || movement.amount < 1) {
    throw new Error('An amount is a whole number from 1.');
  }
  return movement.amount > MAX_AMOUNT ? new Refusal('points.limit', { limit: MAX_AMOUNT }) : undefined;
}

/**
 * The one rule of the ledger: the entry that follows the head when this movement happens, or why it may not happen.
 * Time settles first. An amount that is not a whole number from 1 is a fault of
 * the calling code and throws.
 */
export function next(head: Head | undefined, movement: Movement, moment: Moment): Draft | Refusal {
  const refusal = amountRefusal(movement);
  if (refusal) return refusal;
  const times = timesOf(head, movement, moment);
  const today = dayOf(times.effectiveAt, moment.zone);
  const { account, settled } = settle(head?.after ?? emptyAccount(), today);
  const effect = effectOf(account, movement, { settled, today, seq: (head?.seq ?? 0) + 1 });
  if (effect instanceof Refusal) return effect;
  return {
    kind: movement.kind,
    amount: effect.amount,
    reference: movement.reference,
    ...times,
    ...('rule' in movement && movement.rule !== undefined && { rule: movement.rule }),
    draws: effect.draws,
    parts: effect.parts,
    settled,
    after: effect.account,
  };
}
