import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { digest } from '../../shared/platform/digest.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { moveOnce, POINTS } from '../../shared/points/points.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { counting } from '../support/long-chain.ts';
import { bus, clock, openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { moveNow, recordsHold, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, losingReplies, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
const YEAR_END = '2026-12-31';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const staff = asStaff(
  'members.merge',
  'points.read',
  'points.freeze',
  'points.adjust',
  'points.adjust_beyond',
  'orders.ship',
  'orders.cancel',
  'programme.write',
  'programme.write_alone',
);
const merge = (memberId: string, into: string, { key = randomUUID() } = {}) =>
  call(ordersContract, 'merge', { as: staff, key, params: { memberId }, body: { into, reason: 'One person' } });
const redeem = (memberId: string, productId: string, key: string = randomUUID()) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId }, key });
const hold = (memberId: string) =>
  call(holdsContract, 'make', { as: asTill('holds:write'), body: { member: { memberId }, points: 1 } });
const cancel = (orderId: string) => call(ordersContract, 'cancel', { as: staff, params: { orderId } });
const buy = (memberId: string, points: number, number = `G-${randomUUID()}`) =>
  call(earningContract, 'report', { as: asTill(), body: { number, amountFen: points * 100, member: { memberId } } });
const account = async (memberId: string, currency = POINTS) =>
  (await call(pointsStaffContract, 'account', { as: staff, params: { memberId }, query: { currency } })).body;
const kinds = async (memberId: string, currency = POINTS) => {
  const query = { currency, limit: '100' };
  const { body } = await call(pointsStaffContract, 'entries', { as: staff, params: { memberId }, query });
  return (body.items as { kind: string; amount: number }[]).map(({ kind, amount }) => `${kind} ${amount}`);
};
const adjust = async (memberId: string, direction: 'UP' | 'DOWN', points: number, more: object = {}) => {
  const body = { memberId, direction, points, reason: 'x', ...more };
  const answer = await call(pointsStaffContract, 'adjust', { as: staff, body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const two = async (one = 100, other = 30) => [await memberWith(one), await memberWith(other)] as const;

describe('POST /v1/members/{memberId}/merge', () => {
  it('200 moves all of every currency to the heir, in one transaction, with its record', async () => {
    const [old, heir] = await two();
    await adjust(old, 'UP', 7, { currency: 'COINS' });
    const pending = { kind: 'EARN', amount: 9, lastDay: YEAR_END, rule: 'BASE@0', availableOn: '2026-11-30' } as const;
    await moveNow(old, { ...pending, reference: 'purchase:pending' });
    const { status, body } = await merge(old, heir);
    expect([status, body]).toMatchObject([200, { memberId: old, into: heir, at: START }]);
    expect((body.accounts as unknown[]).slice(0, 2)).toEqual([
      { currency: 'POINTS', points: 100, pending: 9, debt: 0 },
      { currency: 'COINS', points: 7, pending: 0, debt: 0 },
    ]);
    expect(await account(heir)).toMatchObject({ available: 130, pending: 9 });
    expect(await account(heir, 'COINS')).toMatchObject({ available: 7 });
    expect(await account(old)).toMatchObject({ available: 0, pending: 0, mergedInto: heir });
    expect(await kinds(old)).toEqual(['MERGE_OUT -100', 'EARN 0', 'EARN 100']);
    expect(await kinds(heir, 'COINS')).toEqual(['MERGE_IN 7']);
    const [record] = await recordsOf(old);
    expect(record).toMatchObject({ act: 'orders.merge', why: 'One person', before: null, after: digest(body) });
    await recordsHold();
  });

  it('200 closes a currency on which nothing ever moved, and one that comes later: points go to the heir', async () => {
    const [old, heir] = await two();
    await merge(old, heir);
    expect(await kinds(old, 'COINS')).toEqual(['MERGE_OUT 0']);
    await adjust(old, 'UP', 5, { currency: 'COINS' });
    const rice = { code: 'RICE', name: { zh: '米', en: 'Rice' }, expiry: { policy: 'NEVER' } };
    const body = { ...initialPolicy, currencies: [...initialPolicy.currencies, rice] };
    expect((await call(programmeContract, 'replace', { as: staff, body })).status).toBe(200);
    await adjust(old, 'UP', 3, { currency: 'RICE' });
    expect([await account(heir, 'COINS'), await account(heir, 'RICE')]).toMatchObject([
      { available: 5 },
      { available: 3 },
    ]);
    expect(await kinds(old, 'RICE')).toEqual([]);
    const mine = await call(pointsContract, 'account', { as: asMember(old), query: { currency: 'RICE' } });
    expect(mine.body.available).toBe(3);
    expect(await account(old, 'RICE')).toMatchObject({ available: 0, mergedInto: heir });
  });

  it('200 takes debt and forfeits along: the points of both pay, and a late return is counted', async () => {
    const [old, heir] = await two(40, 100);
    await adjust(old, 'DOWN', 100, { shortage: 'DEBT' });
    await merge(old, heir);
    expect(await account(heir)).toMatchObject({ available: 40, debt: 0 });
    const [late, next] = await two(50, 10);
    clock('2027-01-05T04:00:00.000Z');
    await merge(late, next);
    const claw = { kind: 'CLAWBACK', amount: 50, lastDay: YEAR_END, shortage: 'DEBT', reference: 'return:f' } as const;
    await moveNow(late, claw);
    expect(await account(next)).toMatchObject({ available: 0, debt: 0 });
  });

  it('200 afterwards a purchase, a return, an adjustment, a freeze and a refund of the old member reach the heir', async () => {
    const [old, heir] = await two();
    await merge(old, heir);
    const number = `G-${randomUUID()}`;
    const bought = await buy(old, 20, number);
    expect([bought.status, bought.body.memberId]).toEqual([201, old]);
    expect([(await buy(old, 20, number)).headers['idempotency-replayed'], await availableOf(heir)]).toEqual([
      'true',
      150,
    ]);
    const claw = { kind: 'CLAWBACK', amount: 20, lastDay: YEAR_END, shortage: 'DEBT', reference: 'return:l' } as const;
    await moveNow(old, claw);
    expect(await availableOf(heir)).toBe(130);
    const productId = await gift({ pricePoints: 50 });
    const { body } = await redeem(old, productId);
    expect(await availableOf(heir)).toBe(80);
    expect((await cancel(body.orderId as string)).body).toMatchObject({ refund: { points: 50, lapsed: 0 } });
    expect(await availableOf(heir)).toBe(130);
    const taken = await adjust(old, 'DOWN', 10);
    const params = { adjustmentId: taken.adjustmentId as string };
    await call(pointsStaffContract, 'undo', { as: staff, params, body: { reason: 'x' } });
    expect(await availableOf(heir)).toBe(130);
    await call(pointsStaffContract, 'freeze', { as: staff, params: { memberId: old }, body: { reason: 'x' } });
    expect(told(await redeem(heir, productId))).toBe('409 points.frozen');
    expect(await kinds(old)).toEqual(['MERGE_OUT -100', 'EARN 100']);
  });

  it('200 afterwards what was adjusted before is undone on the heir', async () => {
    const [old, heir] = await two();
    const given = await adjust(old, 'UP', 60);
    await merge(old, heir);
    const params = { adjustmentId: given.adjustmentId as string };
    const { status } = await call(pointsStaffContract, 'undo', { as: staff, params, body: { reason: 'x' } });
    expect([status, await availableOf(heir)]).toEqual([200, 130]);
  });

  it('200 afterwards a movement that came before is found again, and not repeated on the heir', async () => {
    const [old, heir] = await two();
    const spending: Movement = { kind: 'SPEND', amount: 10, reference: 'gift:1' };
    await moveNow(old, spending);
    await merge(old, heir);
    const again = await moveOnce({ memberId: old, currency: POINTS }, spending, {
      at: Date.parse(START),
      reading: 'consistent',
    });
    expect(again).toMatchObject({ repeat: { kind: 'SPEND', amount: 10, memberId: old } });
  });

  it('200 afterwards the old login sees what the heir has, and before the merge what it had', async () => {
    const [old, heir] = await two();
    clock('2026-11-24T04:00:00.000Z');
    await merge(old, heir);
    const see = async (row: 'account' | 'entries' | 'notices', memberId: string, query = {}) =>
      (await call(pointsContract, row, { as: asMember(memberId), query })).body;
    for (const row of ['account', 'entries', 'notices'] as const) {
      expect(await see(row, old)).toEqual(await see(row, heir));
    }
    expect(await see('account', old)).toMatchObject({ available: 130 });
    expect(await see('account', old, { at: '2026-11-24T03:59:59.999Z' })).toMatchObject({ available: 100 });
    expect(await see('account', old, { at: '2026-11-24T04:00:00.000Z' })).toMatchObject({ available: 130 });
  });

  it('200 again, under any key: the answer of then, also after the heir was merged on', async () => {
    const [old, heir] = await two();
    const first = await merge(old, heir);
    clock('2026-11-24T04:00:00.000Z');
    const again = await merge(old, heir);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    const third = await memberWith(1);
    await merge(heir, third);
    expect((await merge(old, heir)).body).toEqual(first.body);
    await buy(old, 4);
    expect(await availableOf(third)).toBe(135);
    expect(await recordsOf(old)).toHaveLength(1);
  });

  it('200 once when replies are lost, and for 5 at once', async () => {
    const [old, heir] = await two();
    losingReplies();
    expect((await merge(old, heir)).status).toBe(200);
    vi.restoreAllMocks();
    expect([await availableOf(heir), (await recordsOf(old)).length]).toEqual([130, 1]);
    const [one, other] = await two();
    const answers = await Promise.all(Array.from({ length: 5 }, () => merge(one, other)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect([await availableOf(other), (await recordsOf(one)).length]).toEqual([130, 1]);
  });

  it('409 members.same_member into oneself', async () => {
    const [old] = await two();
    expect(told(await merge(old, old))).toBe('409 members.same_member');
  });

  it('409 members.merged says who the heir is: for one who was merged, from either side', async () => {
    const [old, heir] = await two();
    const third = await memberWith(1);
    await merge(old, heir);
    for (const [from, into] of [
      [old, third],
      [third, old],
      [heir, old],
    ] as const) {
      const { status, body } = await merge(from, into);
      expect([status, body.code, body.memberId, body.heirId]).toEqual([409, 'members.merged', old, heir]);
    }
    expect([await availableOf(heir), await availableOf(third)]).toEqual([130, 1]);
  });

  it('409 orders.open_orders until the order is at its end, which it names', async () => {
    const [old, heir] = await two(200);
    const productId = await gift();
    const { orderId } = (await redeem(old, productId)).body as { orderId: string };
    const refused = await merge(old, heir);
    expect([refused.status, refused.body.code, refused.body.orderIds]).toEqual([409, 'orders.open_orders', [orderId]]);
    const body = { carrier: 'SF', trackingNumber: 'SF1' };
    await call(ordersContract, 'ship', { as: staff, params: { orderId }, body });
    expect(told(await merge(old, heir))).toBe('409 orders.open_orders');
    await call(ordersContract, 'receive', { as: asMember(old), params: { orderId } });
    expect(told(await merge(old, heir))).toBe('200');
    expect(await availableOf(heir)).toBe(130);
    expect(await recordsOf(old)).toHaveLength(1);
  });

  it('409 points.hold_open while something is held', async () => {
    const [old, heir] = await two();
    await moveNow(old, { kind: 'HOLD', amount: 10, reference: 'hold:1' });
    const { status, body } = await merge(old, heir);
    expect([status, body.code, body.held]).toEqual([409, 'points.hold_open', 10]);
    expect([await account(old), await account(heir)]).toMatchObject([{ available: 90 }, { available: 30 }]);
  });

  it('409 points.frozen while the old account is frozen: its points would be free', async () => {
    const [old, heir] = await two();
    const params = { memberId: old };
    await call(pointsStaffContract, 'freeze', { as: staff, params, body: { reason: 'x', currency: 'COINS' } });
    expect(told(await merge(old, heir))).toBe('409 points.frozen');
    await call(pointsStaffContract, 'thaw', { as: staff, params, body: { reason: 'x' } });
    expect(told(await merge(old, heir))).toBe('200');
  });

  it('409 asks the table at most 22 times, however many orders and holds of this minute there are', async () => {
    const productId = await gift({ pricePoints: 1, stock: 100 });
    const [old, heir] = await two();
    const tryIt = async () => {
      const { answer, calls } = await counting(() => merge(old, heir));
      return { told: told(answer), asksLittle: calls <= 22 };
    };
    const orderIds: string[] = [];
    for (let i = 0; i < 12; i += 1) orderIds.push((await redeem(old, productId)).body.orderId as string);
    expect(await tryIt()).toEqual({ told: '409 orders.open_orders', asksLittle: true });
    for (const orderId of orderIds) await cancel(orderId);
    const freezing = { as: staff, params: { memberId: old }, body: { reason: 'x' } };
    await call(pointsStaffContract, 'freeze', freezing);
    expect(await tryIt()).toEqual({ told: '409 points.frozen', asksLittle: true });
    await call(pointsStaffContract, 'thaw', freezing);
    for (let i = 0; i < 12; i += 1) await hold(old);
    expect(await tryIt()).toEqual({ told: '409 points.hold_open', asksLittle: true });
  });

  it('404 members.not_found on either side', async () => {
    const [old] = await two();
    const never = `mem_${'0'.repeat(26)}`;
    expect(told(await merge(old, never))).toBe('404 members.not_found');
    expect(told(await merge(never, old))).toBe('404 members.not_found');
  });

  it.each<[string, object]>([
    ['no heir', { into: undefined }],
    ['no reason', { reason: undefined }],
    ['an heir of another kind', { into: 'ord_00000000000000000000000000' }],
  ])('400 request.invalid for %s', async (_, more) => {
    const [memberId, into] = await two();
    const body = { into, reason: 'x', ...more };
    const answer = await call(ordersContract, 'merge', { as: staff, params: { memberId }, body });
    expect(told(answer)).toBe('400 request.invalid');
  });

  it.each(strangers('members.merge'))('%s', async (title, as) => {
    const memberId = `mem_${'0'.repeat(26)}`;
    const body = { into: memberId, reason: 'x' };
    expect(told(await call(ordersContract, 'merge', { as, params: { memberId }, body }))).toBe(title);
  });
});

describe('a merge and what happens at that moment', () => {
  it('200 for one and 409 members.merged for the other of two opposite ones at once; nothing is lost', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = await two();
      const answers = await Promise.all([merge(a, b), merge(b, a)]);
      expect(answers.map((answer) => told(answer)).toSorted()).toEqual(['200', '409 members.merged']);
      expect([await availableOf(a), await availableOf(b)]).toEqual([130, 130]);
    }
  });

  it('a redemption comes before it, and refuses it, or after it, and is paid by the heir', async () => {
    const productId = await gift({ pricePoints: 100, stock: 100 });
    for (let round = 0; round < 6; round += 1) {
      const [old, heir] = await two();
      const [merged, ordered]: Called[] = await Promise.all([merge(old, heir), redeem(old, productId)]);
      expect(told(ordered as Called)).toBe('201');
      const first = told(merged as Called);
      expect(['200', '409 orders.open_orders']).toContain(first);
      const left = first === '200' ? [30, 30] : [0, 30];
      expect([await availableOf(old), await availableOf(heir)]).toEqual(left);
      await cancel((ordered as Called).body.orderId as string);
      await merge(old, heir);
      expect([await availableOf(old), await availableOf(heir)]).toEqual([130, 130]);
    }
  });

  it('purchases of both at that moment all reach the heir', async () => {
    const [old, heir] = await two();
    const answers = await Promise.all([buy(old, 1), buy(heir, 2), merge(old, heir), buy(old, 4), buy(heir, 8)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 201, 201]);
    expect(await availableOf(heir)).toBe(145);
  });

  it('says points.merged_out and points.merged_in on the bus', async () => {
    const [old, heir] = await two();
    await merge(old, heir);
    const items = await allItems();
    const entries = items.filter(({ pk }) => pk === `LEDGER#POINTS#${old}` || pk === `LEDGER#POINTS#${heir}`);
    bus.events.length = 0;
    await announcer({ Records: entries.map((item, i) => recordOf(String(i), item)) });
    const said = bus.events.map(({ DetailType }) => DetailType);
    expect(said).toContain('points.merged_out');
    expect(said).toContain('points.merged_in');
  });
});
