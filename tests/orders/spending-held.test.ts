import { beforeAll, describe, expect, it } from 'vitest';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, asTill, type CallOptions, call } from '../support/call.ts';
import { changedPhone, later, loggedIn, type Session } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith, somePhone } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { told } from '../support/staff.ts';
import { allItems } from '../support/table.ts';

openMall();

const shop = asTill('holds:write');
const HELD = '409 members.spending_held';
let productId: string;
beforeAll(async () => void (productId = await gift({ pricePoints: 100, stock: 100 })));

const place = (memberId: string, more: CallOptions = {}) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId }, ...more });
const give = (memberId: string, to: string, more: CallOptions = {}) =>
  call(pointsContract, 'give', { as: asMember(memberId), body: { to: { memberId: to }, points: 10 }, ...more });
const hold = (member: object, more: CallOptions = {}) =>
  call(holdsContract, 'make', { as: shop, body: { member, points: 10 }, ...more });

/** Somebody with points, and their phone. */
async function rich(): Promise<{ session: Session; phone: string; memberId: string }> {
  const phone = somePhone();
  const session = await loggedIn(phone);
  await buy({ member: { phone }, amountFen: 100_000 });
  return { session, phone, memberId: session.memberId };
}

describe('within 24 hours of a change of what a member is recognised by', () => {
  it('409 members.spending_held, with until, to gifts, orders and holds of tills, and nothing is written', async () => {
    const { session, phone, memberId } = await rich();
    const friend = await memberWith(10);
    const after = somePhone();
    await changedPhone(session, phone, after);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const before = await allItems();
    const refused = [
      await place(memberId),
      await give(memberId, friend),
      await hold({ memberId }),
      await hold({ phone: after }),
    ];
    expect(refused.map(told)).toEqual(refused.map(() => HELD));
    expect(refused.map(({ body }) => body.until)).toEqual(refused.map(() => until));
    expect(await allItems()).toEqual(before);
    later(86_400_000);
    const taken = [await place(memberId), await give(memberId, friend), await hold({ memberId })];
    expect(taken.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('points are earned, come as gifts, are exchanged and come back; what is held already is captured', async () => {
    const { session, phone, memberId } = await rich();
    const order = (await place(memberId)).body.orderId as string;
    const { holdId } = (await hold({ memberId })).body;
    const friend = await memberWith(100);
    const after = somePhone();
    await changedPhone(session, phone, after);
    expect((await buy({ member: { phone: after } })).memberId).toBe(memberId);
    expect((await give(friend, memberId)).status).toBe(201);
    const body = { from: 'POINTS', to: 'COINS', points: 100 };
    expect((await call(pointsContract, 'exchange', { as: asMember(memberId), body })).status).toBe(201);
    const params = { orderId: order };
    expect((await call(ordersContract, 'cancelMine', { as: asMember(memberId), params })).status).toBe(200);
    const captured = await call(holdsContract, 'capture', { as: shop, params: { holdId: String(holdId) }, body: {} });
    expect(captured.status).toBe(200);
    expect(await availableOf(memberId)).toBe(1_000 - 10 + 100 + 10 - 100);
  });

  it('what was done before is answered again under its key', async () => {
    const { session, phone, memberId } = await rich();
    const friend = await memberWith(10);
    const sent = [
      () => place(memberId, { key: 'k1' }),
      () => give(memberId, friend, { key: 'k2' }),
      () => hold({ memberId }, { key: `k3-${memberId}` }),
    ];
    const first = [];
    for (const one of sent) first.push(await one());
    await changedPhone(session, phone, somePhone());
    for (const [i, one] of sent.entries()) {
      const again = await one();
      expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
      for (const id of ['orderId', 'transferId', 'holdId']) expect(again.body[id]).toBe(first[i]?.body[id]);
    }
  });
});

it('410 members.erased to one who was erased and has a token for a minute', async () => {
  const { memberId } = await rich();
  const friend = await memberWith(10);
  await call(privacyContract, 'erase', { as: asMember(memberId), body: { confirm: 'ERASE' } });
  const refused = [await place(memberId), await give(memberId, friend), await hold({ memberId })];
  expect(refused.map(told)).toEqual(refused.map(() => '410 members.erased'));
});
