import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { recordsHold, told } from '../support/staff.ts';

openMall();

const ROUNDS = 100;
/** A client each, so that what they do meets on the accounts and not on the records. */
const someStaff = () => ({
  ...asStaff('members.merge', 'points.adjust', 'orders.cancel'),
  id: `staff-${randomUUID().slice(0, 8)}`,
});
const merge = (memberId: string, into: string) =>
  call(ordersContract, 'merge', { as: someStaff(), params: { memberId }, body: { into, reason: 'x' } });
const adjust = (memberId: string, direction: 'UP' | 'DOWN', points: number) =>
  call(pointsStaffContract, 'adjust', { as: someStaff(), body: { memberId, direction, points, reason: 'x' } });
const buy = (memberId: string, points: number) => {
  const body = { number: `K-${randomUUID()}`, amountFen: points * 100, member: { memberId } };
  return call(earningContract, 'report', { as: asTill(), body });
};

it('keeps every point while two members are merged both ways and buy, redeem and are adjusted at that moment', {
  timeout: 600_000,
}, async () => {
  const productId = await gift({ pricePoints: 50, stock: ROUNDS });
  for (let round = 0; round < ROUNDS; round += 1) {
    const [a, b] = [await memberWith(100), await memberWith(30)];
    const redeem = call(ordersContract, 'place', { as: asMember(a), body: { productId } });
    const merges = [merge(a, b), merge(b, a)];
    const moves = [buy(a, 1), buy(b, 2), adjust(a, 'UP', 4), adjust(b, 'DOWN', 8)];
    const [ordered, ...others]: Called[] = await Promise.all([redeem, ...moves]);
    expect([told(ordered as Called), ...others.map((one) => told(one))]).toEqual(Array(5).fill('201'));
    const ways = (await Promise.all(merges)).map((one) => told(one)).toSorted();
    expect(['409 members.merged', '409 orders.open_orders']).toContain(ways.at(-1));
    const { orderId } = (ordered as Called).body as { orderId: string };
    await call(ordersContract, 'cancel', { as: someStaff(), params: { orderId } });
    await merge(a, b);
    expect([await availableOf(a), await availableOf(b)]).toEqual([129, 129]);
  }
  await recordsHold();
});
