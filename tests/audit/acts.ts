import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import type { Contract, Row } from '../../shared/http/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { uploadsContract } from '../../shared/points/uploads/contract.ts';
import { type Policy, programmeContract } from '../../shared/programme/contract.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { asMember, asPerson, asRuler, asStaff, asTill, type Called, type CallOptions, call } from '../support/call.ts';
import { merged } from '../support/merged.ts';

const till = asTill('purchases:write purchases:backfill');
const holder = asTill('holds:write');
const adjuster = asStaff('points.adjust', 'points.adjust_beyond');
const csv = { 'content-type': 'text/csv; charset=utf-8' };

/** What a route answers; undefined where it decides against it. Anything else fails the test. */
async function ask<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  options: CallOptions,
): Promise<Called['body'] | undefined> {
  const { status, body } = await call(contract, name, options);
  if (status < 300) return body;
  expect([404, 409], `${contract.name}.${name}: ${JSON.stringify(body)}`).toContain(status);
  return undefined;
}

/** The next version of the programme. */
export async function decide(policy: Policy): Promise<void> {
  const { status } = await call(programmeContract, 'replace', { as: asRuler, body: policy });
  expect(status).toBe(200);
}

/** A purchase; says whose it was. */
export async function buy(number: string, amountFen: number, member: object, more: object = {}): Promise<string> {
  const { status, body } = await call(earningContract, 'report', {
    as: till,
    body: { number, amountFen, member, ...more },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.memberId as string;
}

/** A return of a part of a purchase, by amount or by lines. */
export function giveBackGoods(purchase: string, what: object): Promise<unknown> {
  const body = { number: `R-${randomUUID()}`, purchase, ...what };
  return ask(earningContract, 'reportReturn', { as: till, body });
}

/** An order; undefined where it is refused. */
export async function redeem(memberId: string, productId: string, quantity: number): Promise<string | undefined> {
  const body = await ask(ordersContract, 'place', { as: asMember(memberId), body: { productId, quantity } });
  return body?.orderId as string | undefined;
}

/** What is done to an order. */
export async function deed(
  orderId: string,
  memberId: string,
  act: 'ship' | 'receive' | 'cancelMine' | 'cancel',
): Promise<void> {
  const params = { orderId };
  const shipment = { carrier: 'SF', trackingNumber: 'SF1' };
  if (act === 'ship') await ask(ordersContract, 'ship', { as: asStaff('orders.ship'), params, body: shipment });
  else if (act === 'cancel') await ask(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params });
  else await ask(ordersContract, act, { as: asMember(memberId), params });
}

/** Sets points aside; undefined where it is refused. */
export async function hold(memberId: string, points: number, more: object = {}): Promise<string | undefined> {
  const body = await ask(holdsContract, 'make', { as: holder, body: { member: { memberId }, points, ...more } });
  return body?.holdId as string | undefined;
}

/** Ends a hold: `used` of it is captured; with none it is released. */
export function endHold(holdId: string, used: number): Promise<unknown> {
  const who = { as: holder, params: { holdId } };
  return used > 0
    ? ask(holdsContract, 'capture', { ...who, body: { points: used } })
    : ask(holdsContract, 'release', who);
}

/** Staff give or take points; undefined where it is refused. */
export async function adjust(
  memberId: string,
  direction: 'UP' | 'DOWN',
  points: number,
  more: object = {},
): Promise<string | undefined> {
  const body = { memberId, direction, points, reason: 'goodwill', ...more };
  const made = await ask(pointsStaffContract, 'adjust', { as: adjuster, body });
  return made?.adjustmentId as string | undefined;
}

/** What takes two: one proposes, another approves; undefined where it may not even be proposed. */
async function byTwo<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  needs: string,
  options: CallOptions,
): Promise<Called['body'] | undefined> {
  const [one, other] = ['stf_ONE', 'stf_TWO'].map((id) => asPerson(id, needs, 'approvals.decide'));
  const proposed = await ask(contract, name, { as: one, ...options });
  if (!proposed) return undefined;
  const params = { approvalId: proposed.approvalId as string };
  const done = await ask(approvalsContract, 'approve', { as: other, params });
  expect(done).toBeDefined();
  return done;
}

/** Staff give points that take two. */
export async function adjustByTwo(memberId: string, points: number): Promise<void> {
  const body = { memberId, direction: 'UP', points, reason: 'goodwill' };
  expect(await byTwo(pointsStaffContract, 'proposeAdjustment', 'points.adjust', { body })).toBeDefined();
}

/** Undoes an adjustment. */
export function undo(adjustmentId: string, shortage: 'REFUSE' | 'DEBT' | 'CLAMP'): Promise<unknown> {
  const body = { reason: 'mistake', shortage };
  return ask(pointsStaffContract, 'undo', { as: adjuster, params: { adjustmentId }, body });
}

/** An upload of these rows: opening balances where there is no batch. */
export function upload(rows: string, batch?: string): Promise<unknown> {
  const common = { as: asStaff('points.import'), headers: csv, rawBody: rows };
  return batch === undefined
    ? ask(uploadsContract, 'openingBalances', common)
    : ask(uploadsContract, 'grants', { ...common, query: { batch, reason: 'spring' } });
}

/** A gift of one member to another. */
export function transfer(from: string, memberId: string, points: number): Promise<unknown> {
  return ask(pointsContract, 'give', { as: asMember(from), body: { to: { memberId }, points } });
}

/** Points for coins, or coins for points. */
export function trade(memberId: string, points: number, from: 'POINTS' | 'COINS'): Promise<unknown> {
  const to = from === 'POINTS' ? 'COINS' : 'POINTS';
  return ask(pointsContract, 'exchange', { as: asMember(memberId), body: { from, to, points } });
}

/** Merges one member into another, by two where it takes two, with all that follows; says whether it was done. */
export async function merge(memberId: string, into: string): Promise<boolean> {
  const options = { params: { memberId }, body: { into, reason: 'twin' } };
  const done =
    (await ask(ordersContract, 'merge', { as: asStaff('members.merge'), ...options })) ??
    (await byTwo(ordersContract, 'proposeMerge', 'members.merge', options));
  if (done) await merged(memberId);
  return done !== undefined;
}

/** Staff stop what a member spends, or allow it again. */
export function freeze(memberId: string, how: 'freeze' | 'thaw', more: object = {}): Promise<unknown> {
  const body = { reason: 'enquiry', ...more };
  return ask(pointsStaffContract, how, { as: asStaff('points.freeze'), params: { memberId }, body });
}
