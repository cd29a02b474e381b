import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { digest } from '../../shared/platform/digest.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import type { Item } from '../../shared/table/client.ts';
import { exchange } from '../../shared/table/commit.ts';
import { seqKey } from '../../shared/table/keys.ts';
import { put } from '../../shared/table/writes.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { bus, clock, openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { moveNow, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, losingReplies, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const staff = asStaff('points.freeze', 'points.read');
type Act = 'freeze' | 'thaw';
const ask = (act: Act, memberId: string, body: object = {}, { as = staff, key = randomUUID() } = {}) =>
  call(pointsStaffContract, act, { as, key, params: { memberId }, body: { reason: 'Odd spending', ...body } });
const freeze = (memberId: string, body: object = {}, options = {}) => ask('freeze', memberId, body, options);
const thaw = (memberId: string, body: object = {}, options = {}) => ask('thaw', memberId, body, options);
const redeem = async (memberId: string) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId: await gift() } });
const frozenOf = async (memberId: string) => {
  const { body } = await call(pointsStaffContract, 'accounts', { as: staff, params: { memberId } });
  return (body.items as { currency: string; frozen: boolean }[]).map(({ currency, frozen }) => [currency, frozen]);
};
const entriesOf = async (memberId: string) =>
  (await allItems()).filter(({ pk }) => pk.startsWith('LEDGER#') && pk.endsWith(`#${memberId}`));

describe('POST /v1/members/{memberId}/freeze', () => {
  it('200 stops spending in all currencies at once; who, what and why are recorded', async () => {
    const memberId = await memberWith(100);
    const { status, body } = await freeze(memberId);
    const accounts = ['POINTS', 'COINS'].map((currency) => ({ currency, frozen: true }));
    expect([status, body]).toEqual([200, { memberId, accounts }]);
    expect(await frozenOf(memberId)).toEqual([
      ['POINTS', true],
      ['COINS', true],
    ]);
    const [record, ...more] = await recordsOf(memberId);
    expect(record).toMatchObject({
      act: 'points-staff.freeze',
      why: 'Odd spending',
      before: digest({ POINTS: false, COINS: false }),
      after: digest({ POINTS: true, COINS: true }),
    });
    expect(more).toEqual([]);
  });

  it('409 points.frozen for a gift; what comes in, comes back and is taken still does', async () => {
    const memberId = await memberWith(300);
    const orderId = (await redeem(memberId)).body.orderId as string;
    await freeze(memberId);
    const refused = await redeem(memberId);
    expect([refused.status, refused.body.code, refused.body.title]).toEqual([
      409,
      'points.frozen',
      '账户已冻结，暂不能使用积分，请联系客服',
    ]);
    const cancelled = await call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } });
    expect(cancelled.status).toBe(200);
    const earning = {
      kind: 'EARN',
      amount: 5,
      lastDay: '2026-12-31',
      rule: 'BASE@0',
      reference: 'purchase:f',
    } as const;
    await moveNow(memberId, earning);
    const taking = {
      kind: 'CLAWBACK',
      amount: 5,
      lastDay: '2026-12-31',
      shortage: 'DEBT',
      reference: 'return:f',
    } as const;
    await moveNow(memberId, taking);
    expect(await availableOf(memberId)).toBe(300);
  });

  it.each<[string, Movement]>([
    ['a spend', { kind: 'SPEND', amount: 1, reference: 'order:x' }],
    ['a hold', { kind: 'HOLD', amount: 1, reference: 'hold:x' }],
    ['a gift to another', { kind: 'TRANSFER_OUT', amount: 1, reference: 'transfer:x', party: 'mem_X' }],
    ['an exchange', { kind: 'EXCHANGE_OUT', amount: 1, reference: 'exchange:x', party: 'COINS' }],
  ])('409 points.frozen for %s', async (_, movement) => {
    const memberId = await memberWith(100);
    await freeze(memberId);
    await expect(moveNow(memberId, movement)).rejects.toMatchObject({ code: 'points.frozen' });
    await thaw(memberId);
    await moveNow(memberId, movement);
    expect(await availableOf(memberId)).toBe(99);
  });

  it('200 one currency only, when it is named', async () => {
    const memberId = await memberWith(100);
    const { body } = await freeze(memberId, { currency: 'COINS' });
    expect(body.accounts).toEqual([{ currency: 'COINS', frozen: true }]);
    expect((await redeem(memberId)).status).toBe(201);
    await freeze(memberId);
    expect(await frozenOf(memberId)).toEqual([
      ['POINTS', true],
      ['COINS', true],
    ]);
    const afters = (await recordsOf(memberId)).map(({ after }) => after);
    expect(afters).toEqual([digest({ POINTS: true }), digest({ COINS: true })]);
  });

  it('200 a second time: nothing more is written, neither entry nor record', async () => {
    const memberId = await memberWith(100);
    const first = await freeze(memberId);
    const again = await freeze(memberId);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect([(await entriesOf(memberId)).length, (await recordsOf(memberId)).length]).toEqual([3, 1]);
  });

  it('200 replayed for the same key, even after a thaw: it stays thawed', async () => {
    const memberId = await memberWith(100);
    const key = randomUUID();
    const first = await freeze(memberId, {}, { key });
    await thaw(memberId);
    const again = await freeze(memberId, {}, { key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    expect((await redeem(memberId)).status).toBe(201);
    expect(await recordsOf(memberId)).toHaveLength(2);
  });

  it('200 ten times at once: frozen once, one record', async () => {
    const memberId = await memberWith(100);
    const answers = await Promise.all(Array.from({ length: 10 }, () => freeze(memberId)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect([(await entriesOf(memberId)).length, (await recordsOf(memberId)).length]).toEqual([3, 1]);
  });

  it('200 when replies are lost', async () => {
    const memberId = await memberWith(100);
    losingReplies();
    expect((await freeze(memberId)).status).toBe(200);
    vi.restoreAllMocks();
    expect([(await entriesOf(memberId)).length, (await recordsOf(memberId)).length]).toEqual([3, 1]);
  });

  it('429 points.too_many_movements where a repeat could not be told any more', async () => {
    const memberId = await memberWith(100);
    const [first] = await entriesOf(memberId);
    const stride = 33;
    const items = Array.from({ length: 203 }, (_, i) => ({ ...(first as Item), sk: seqKey(2 + stride * i) }));
    for (const some of [items.slice(0, 70), items.slice(70, 140), items.slice(140)]) {
      await exchange(async () => ({ writes: some.map((item) => put(item, 'points.moved')), answer: null }));
    }
    const { status, headers, body } = await freeze(memberId, { currency: 'POINTS' });
    expect([status, body.code, headers['retry-after']]).toEqual([429, 'points.too_many_movements', '60']);
  });

  it('404 members.not_found, and to thaw alike', async () => {
    for (const act of ['freeze', 'thaw'] as const) {
      expect(told(await ask(act, `mem_${'0'.repeat(26)}`))).toBe('404 members.not_found');
    }
  });

  it.each<[string, object]>([
    ['a currency that the programme has not', { currency: 'RICE' }],
    ['no reason', { reason: undefined }],
    ['an unknown field', { frozen: true }],
  ])('400 request.invalid for %s', async (_, body) => {
    expect(told(await freeze(await memberWith(1), body))).toBe('400 request.invalid');
  });

  it.each(strangers('points.freeze'))('%s, and to thaw alike', async (title, as) => {
    const options = { as, params: { memberId: `mem_${'0'.repeat(26)}` }, body: { reason: 'x' } };
    for (const act of ['freeze', 'thaw'] as const) {
      expect(told(await call(pointsStaffContract, act, options))).toBe(title);
    }
  });
});

describe('POST /v1/members/{memberId}/thaw', () => {
  it('200 allows spending again; a second time, and for one who never was frozen, changes nothing', async () => {
    const memberId = await memberWith(100);
    await freeze(memberId);
    const { status, body } = await thaw(memberId);
    const accounts = ['POINTS', 'COINS'].map((currency) => ({ currency, frozen: false }));
    expect([status, body]).toEqual([200, { memberId, accounts }]);
    expect((await redeem(memberId)).status).toBe(201);
    await thaw(memberId);
    const never = await memberWith(1);
    expect((await thaw(never)).body.accounts).toEqual(accounts);
    expect((await recordsOf(memberId)).map(({ act }) => act)).toEqual(['points-staff.thaw', 'points-staff.freeze']);
    expect(await recordsOf(never)).toEqual([]);
  });

  it('says points.frozen and points.thawed on the bus', async () => {
    const memberId = await memberWith(100);
    await freeze(memberId, { currency: 'POINTS' });
    await thaw(memberId);
    const entries = await entriesOf(memberId);
    bus.events.length = 0;
    await announcer({ Records: entries.map((item, i) => recordOf(String(i), item)) });
    const said = bus.events.map(({ DetailType }) => DetailType);
    expect(said).toContain('points.frozen');
    expect(said).toContain('points.thawed');
  });
});
