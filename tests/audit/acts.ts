import { randomUUID } from 'node:crypto';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { newId } from '../../shared/platform/ids.ts';
import type { Lots } from '../../shared/points/account.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { move, type NextEntry, POINTS, reference } from '../../shared/points/points.ts';
import { pointsFor } from '../../shared/programme/programme.ts';
import { get } from '../../shared/table/client.ts';
import { type Basis, exchange } from '../../shared/table/commit.ts';
import { type Key, keys } from '../../shared/table/keys.ts';
import { change, put, type Write } from '../../shared/table/writes.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { ZONE } from '../support/mall.ts';

type Fields = Record<string, unknown>;
const today = () => dayOf(Date.now(), ZONE);
const digests = () => ({ key: randomUUID(), request: randomUUID() });
const heirOf = ({ memberId }: NextEntry, owner: string) => (memberId === owner ? {} : { heirId: memberId });
const document = (key: Key, type: string, fields: Fields): Write =>
  put({ ...key, type, v: 1, ...fields }, 'request.key_reused');

/** One movement with what it needs beside it, in one list of writes. */
function once(
  memberId: string,
  movement: Movement,
  beside: (step: NextEntry, basis: Basis) => Write[],
  currency = POINTS,
): Promise<unknown> {
  return exchange(async (basis) => {
    const step = await move({ memberId, currency }, movement, basis);
    return { writes: [...beside(step, basis), step.write], answer: step.seq };
  });
}

/** A purchase by the till's route. */
export async function buy(number: string, amountFen: number, member: object): Promise<string> {
  const { body } = await call(earningContract, 'report', { as: asTill(), body: { number, amountFen, member } });
  return body.memberId as string;
}

/** A purchase whose points wait, as a till will report it once the programme says so. */
export function buyPending(memberId: string, number: string, amountFen: number, days: number): Promise<unknown> {
  const availableOn = addDays(today(), days);
  const lastDay = `${availableOn.slice(0, 4)}-12-31`;
  const amount = pointsFor(amountFen, 10_000, 'FLOOR');
  const earning = {
    kind: 'EARN',
    amount,
    lastDay,
    availableOn,
    rule: 'BASE@0',
    reference: reference('purchase', number),
  } as const;
  return once(memberId, earning, (step, { at }) => [
    document(keys.purchase(number), 'purchase', {
      number,
      purchaseId: newId('pur'),
      memberId,
      amountFen,
      occurredAt: at,
      recordedAt: at,
      effectiveAt: step.draft.effectiveAt,
      points: amount,
      lastDay,
      availableOn,
      rule: 'BASE@0',
      currency: POINTS,
      seq: step.seq,
      ...heirOf(step, memberId),
      clientId: 'till-1',
      version: 1,
      returnedFen: 0,
      clawedBack: 0,
    }),
  ]);
}

interface Purchase {
  memberId: string;
  amountFen: number;
  points: number;
  rule: string;
  lastDay?: string;
  availableOn?: string;
  version: number;
  returnedFen?: number;
  clawedBack?: number;
}

/** A return of so much of a purchase; nothing where nothing of it is left. */
export async function giveBackGoods(number: string, amountFen: number): Promise<void> {
  const purchase = (await get<Purchase>(keys.purchase(number))) as Purchase;
  const { memberId, returnedFen = 0, clawedBack = 0, lastDay, availableOn, version } = purchase;
  const fen = Math.min(amountFen, purchase.amountFen - returnedFen);
  if (fen === 0 || lastDay === undefined) return;
  const keeps = pointsFor(purchase.amountFen - returnedFen - fen, 10_000, 'FLOOR');
  const points = purchase.points - clawedBack - keeps;
  const back = `R-${randomUUID()}`;
  const set = { returnedFen: returnedFen + fen, clawedBack: clawedBack + points, version: version + 1 };
  const kept = change(keys.purchase(number), { set, when: [['version', '=', version]] }, 'purchases.not_found');
  const base = { number: back, returnId: newId('ret'), purchase: number, memberId, amountFen: fen, clientId: 'till-1' };
  const nothing = { taken: 0, counted: 0, owed: 0, lost: 0, offset: 0 };
  const times = (at: number) => ({ occurredAt: at, recordedAt: at, effectiveAt: at });
  if (points === 0) {
    await exchange(async ({ at }) => ({
      writes: [document(keys.purchaseReturn(back), 'return', { ...base, ...times(at), points, ...nothing }), kept],
      answer: 0,
    }));
    return;
  }
  const clawback = {
    kind: 'CLAWBACK',
    amount: points,
    lastDay,
    ...(availableOn && { availableOn }),
    shortage: 'DEBT',
    reference: reference('return', back),
  } as const;
  await once(memberId, clawback, (step, { at }) => {
    const { counted = 0, owed = 0 } = step.draft.parts;
    const parts = { ...nothing, taken: points - counted - owed, counted, owed };
    const place = { currency: POINTS, seq: step.seq, ...heirOf(step, memberId) };
    const fields = { ...base, ...times(at), effectiveAt: step.draft.effectiveAt, points, ...parts, ...place };
    return [document(keys.purchaseReturn(back), 'return', fields), kept];
  });
}

/** An order by its route; undefined where it is refused. */
export async function redeem(memberId: string, productId: string, quantity: number): Promise<string | undefined> {
  const { body } = await call(ordersContract, 'place', { as: asMember(memberId), body: { productId, quantity } });
  return body.orderId as string | undefined;
}

/** What is done to an order, by its routes. */
export async function deed(
  orderId: string,
  memberId: string,
  act: 'ship' | 'receive' | 'cancelMine' | 'cancel',
): Promise<void> {
  const params = { orderId };
  const shipment = { carrier: 'SF', trackingNumber: 'SF1' };
  if (act === 'ship') await call(ordersContract, 'ship', { as: asStaff('orders.ship'), params, body: shipment });
  else if (act === 'cancel') await call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params });
  else await call(ordersContract, act, { as: asMember(memberId), params });
}

export interface Held {
  holdId: string;
  memberId: string;
  amount: number;
  seq: number;
  draws: Lots;
}

/** Sets points aside. */
export async function hold(memberId: string, amount: number): Promise<Held> {
  const holdId = newId('hld');
  let made: Held | undefined;
  await once(memberId, { kind: 'HOLD', amount, reference: reference('hold', holdId) }, (step, { at }) => {
    made = { holdId, memberId, amount, seq: step.seq, draws: step.draft.draws };
    const expiresAt = at + 15 * 60_000;
    const own = { currency: POINTS, status: 'HELD', expiresAt, by: 'till-1', at, request: randomUUID(), version: 1 };
    const listed = keys.openHolds(new Date(expiresAt).toISOString(), holdId);
    return [document(keys.hold(holdId), 'hold', { ...made, ...own, ...listed, ...heirOf(step, memberId) })];
  });
  return made as unknown as Held;
}

/** Ends a hold: `used` of it is captured; with none it is released, or timed out. */
export function endHold(
  { holdId, memberId, amount, seq, draws }: Held,
  used: number,
  how: 'release' | 'timeout',
  grace: boolean,
) {
  const until = grace ? { graceUntil: addDays(today(), 30) } : {};
  const common = { hold: seq, from: draws, ...until };
  const movement: Movement =
    used > 0
      ? { kind: 'CAPTURE', amount: used, reference: reference('capture', holdId), ...common }
      : { kind: 'RELEASE', amount, reference: reference(how, holdId), ...common };
  const status = used > 0 ? 'CAPTURED' : how === 'release' ? 'RELEASED' : 'TIMED_OUT';
  return once(memberId, movement, (step, { at }) => {
    const lapsed = step.lapsed;
    const ended = { seq: step.seq, at, captured: used, returned: amount - used - lapsed, lapsed, ...digests() };
    const set = { status, ended, version: 2 };
    return [
      change(keys.hold(holdId), { set, remove: ['gsi2pk', 'gsi2sk'], when: [['version', '=', 1]] }, 'points.busy'),
    ];
  });
}

export interface Adjusted {
  adjustmentId: string;
  memberId: string;
  direction: 'UP' | 'DOWN';
  amount: number;
  lots: Lots;
}

/** Staff give or take points. */
export async function adjust(
  memberId: string,
  direction: 'UP' | 'DOWN',
  amount: number,
  lastDay: string,
): Promise<Adjusted> {
  const adjustmentId = newId('adj');
  const cause = { amount, reference: reference('adjustment', adjustmentId) };
  const movement: Movement =
    direction === 'UP'
      ? { kind: 'ADJUST_UP', lots: { [lastDay]: amount }, ...cause }
      : { kind: 'ADJUST_DOWN', shortage: 'REFUSE', ...cause };
  let made: Adjusted | undefined;
  await once(memberId, movement, (step, { at }) => {
    made = { adjustmentId, memberId, direction, amount, lots: step.draft.draws };
    const outcome = { reason: 'goodwill', seq: step.seq, owed: 0, lost: 0, lapsed: step.lapsed };
    const own = {
      ...made,
      currency: POINTS,
      ...outcome,
      ...heirOf(step, memberId),
      by: 'staff-1',
      at,
      ...digests(),
      version: 1,
    };
    return [document(keys.adjustment(adjustmentId), 'adjustment', own)];
  });
  return made as unknown as Adjusted;
}

/** Undoes an adjustment. */
export function undo({ adjustmentId, memberId, direction, amount, lots }: Adjusted): Promise<unknown> {
  const common = { amount, reference: reference('undo', adjustmentId) };
  const movement: Movement =
    direction === 'UP'
      ? { kind: 'ADJUST_DOWN', first: lots, shortage: 'DEBT', ...common }
      : { kind: 'ADJUST_UP', lots, graceUntil: addDays(today(), 30), ...common };
  return once(memberId, movement, (step, { at }) => {
    const heir = heirOf(step, memberId);
    const undone = {
      seq: step.seq,
      at,
      by: 'staff-1',
      reason: 'mistake',
      owed: step.draft.parts.owed ?? 0,
      lapsed: step.lapsed,
      ...heir,
      ...digests(),
    };
    return [
      change(
        keys.adjustment(adjustmentId),
        { set: { undone, version: 2 }, when: [['version', '=', 1]] },
        'points.busy',
      ),
    ];
  });
}

/** A row of an upload. */
export function grant(batch: string, memberId: string, lastDay: string, amount: number): Promise<unknown> {
  const movement = {
    kind: 'ADJUST_UP',
    amount,
    lots: { [lastDay]: amount },
    reference: reference('grant', `${batch}:${lastDay}`),
  } as const;
  return once(memberId, movement, (step, { at }) => [
    document(keys.grant(batch, memberId, POINTS, lastDay), 'grant', {
      batch,
      memberId,
      currency: POINTS,
      lastDay,
      amount,
      seq: step.seq,
      ...heirOf(step, memberId),
      by: 'staff-1',
      at,
    }),
  ]);
}

/** Two movements in one list of writes: what goes out and what comes in. */
function both(decide: (basis: Basis) => Promise<[NextEntry, NextEntry]>): Promise<unknown> {
  return exchange(async (basis) => ({ writes: (await decide(basis)).map(({ write }) => write), answer: 0 }));
}

/** A gift of one member to another. */
export function transfer(from: string, to: string, amount: number): Promise<unknown> {
  const common = { amount, reference: reference('transfer', newId('trf')) };
  return both(async (basis) => {
    const out = await move({ memberId: from, currency: POINTS }, { kind: 'TRANSFER_OUT', party: to, ...common }, basis);
    const lots = out.draft.draws;
    const into = await move(
      { memberId: to, currency: POINTS },
      { kind: 'TRANSFER_IN', party: from, lots, ...common },
      basis,
    );
    return [out, into];
  });
}

/** So many coins for a hundred times as many points. */
export function exchangeCoins(memberId: string, coins: number): Promise<unknown> {
  const cause = reference('exchange', newId('xch'));
  return both(async (basis) => {
    const going = { kind: 'EXCHANGE_OUT', party: 'COINS', amount: coins * 100, reference: cause } as const;
    const out = await move({ memberId, currency: POINTS }, going, basis);
    const [latest = ''] = Object.keys(out.draft.draws).toSorted().toReversed();
    const lots = { [latest]: coins };
    const coming = { kind: 'EXCHANGE_IN', party: POINTS, amount: coins, lots, reference: cause } as const;
    return [out, await move({ memberId, currency: 'COINS' }, coming, basis)];
  });
}

/** Merges one member's account into another's. */
export function merge(from: string, into: string): Promise<unknown> {
  const cause = reference('merge', from);
  return both(async (basis) => {
    const out = await move(
      { memberId: from, currency: POINTS },
      { kind: 'MERGE_OUT', party: into, reference: cause },
      basis,
    );
    const { draws: lots, parts } = out.draft;
    const { pending = {}, forfeits = {}, debt = 0 } = parts;
    const taking = {
      kind: 'MERGE_IN',
      party: from,
      from: { lots, pending, forfeits, debt },
      reference: cause,
    } as const;
    return [out, await move({ memberId: into, currency: POINTS }, taking, basis)];
  });
}

/** Staff stop what a member spends, or allow it again. */
export function freeze(memberId: string, kind: 'FREEZE' | 'THAW'): Promise<unknown> {
  return once(memberId, { kind, reference: reference(kind.toLowerCase(), randomUUID()) }, () => []);
}
