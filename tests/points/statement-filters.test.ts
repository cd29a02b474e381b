import { beforeAll, describe, expect, it } from 'vitest';
import { ordersContract } from '../../shared/orders/contract.ts';
import { dayOf } from '../../shared/platform/calendar-day.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asMember, asStaff, asTill, type CallOptions, call } from '../support/call.ts';
import { clock, openMall, ZONE } from '../support/mall.ts';
import { gift, memberWith } from '../support/people.ts';
import { buy, giveBack } from '../support/purchases.ts';

openMall();

const KINDS = [
  'EARN',
  'ACTIVATE',
  'SPEND',
  'HOLD',
  'CAPTURE',
  'RELEASE',
  'REFUND',
  'CLAWBACK',
  'EXPIRE',
  'ADJUST_UP',
  'ADJUST_DOWN',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'EXCHANGE_OUT',
  'EXCHANGE_IN',
  'MERGE_IN',
  'FREEZE',
  'THAW',
  'DEBT_PAID',
];

interface Line {
  id: string;
  kind: string;
  amount: number;
  at: string;
}
interface Filter {
  kind?: string;
  from?: string;
  to?: string;
}

const staff = asStaff(
  'points.adjust',
  'points.adjust_beyond',
  'points.freeze',
  'points.read',
  'members.merge',
  'orders.cancel',
  'programme.write',
  'programme.write_alone',
);
const shop = asTill('holds:write');
const beijing = (time: string) => new Date(`${time}+08:00`).toISOString();
const page = (memberId: string, query: Record<string, string>) =>
  call(pointsContract, 'entries', { as: asMember(memberId), query });

/** All lines that a filter lets through, by pages of this size. */
async function linesOf(memberId: string, filter: Filter = {}, limit = 100): Promise<Line[]> {
  const lines: Line[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null; pages += 1) {
    if (pages > 200) throw new Error('The statement does not end.');
    const { status, body } = await page(memberId, { ...filter, limit: String(limit), ...(cursor && { cursor }) });
    expect(status, JSON.stringify(body)).toBe(200);
    expect((body.items as Line[]).length).toBeLessThanOrEqual(limit);
    lines.push(...(body.items as Line[]));
    cursor = body.nextCursor as string | null;
  }
  return lines;
}

/** Something that must be done. */
async function done(answer: ReturnType<typeof call>): Promise<Record<string, unknown>> {
  const { status, body } = await answer;
  expect([200, 201], JSON.stringify(body)).toContain(status);
  return body;
}

const waiting = (availableAfterDays: number) =>
  done(
    call(programmeContract, 'replace', {
      as: staff,
      body: { ...initialPolicy, earning: { ...initialPolicy.earning, availableAfterDays } },
    }),
  );
const adjust = (memberId: string, direction: string, points: number, more: object = {}) =>
  done(call(pointsStaffContract, 'adjust', { as: staff, body: { memberId, direction, points, reason: 'x', ...more } }));
const freezing = (act: 'freeze' | 'thaw', memberId: string) =>
  done(call(pointsStaffContract, act, { as: staff, params: { memberId }, body: { reason: 'x' } }));
const trade = (memberId: string, from: string, to: string, points: number) =>
  done(call(pointsContract, 'exchange', { as: asMember(memberId), body: { from, to, points } }));
const give = (from: string, to: string, points: number) =>
  done(call(pointsContract, 'give', { as: asMember(from), body: { to: { memberId: to }, points } }));

async function hold(memberId: string, ending: 'capture' | 'release'): Promise<void> {
  const { holdId } = await done(call(holdsContract, 'make', { as: shop, body: { member: { memberId }, points: 9 } }));
  const options: CallOptions = { as: shop, params: { holdId: holdId as string } };
  await done(call(holdsContract, ending, options));
}

/** A life of two months in which everything happens that a route can make happen. */
async function liveThroughAll(memberId: string, other: string, old: string): Promise<void> {
  clock(beijing('2026-11-23T23:59:59.999'));
  const placed = { as: asMember(memberId), body: { productId: await gift({ pricePoints: 70 }) } };
  const { orderId } = await done(call(ordersContract, 'place', placed));
  clock(beijing('2026-11-24T00:00:00.000'));
  await done(call(ordersContract, 'cancel', { as: staff, params: { orderId: orderId as string } }));
  clock(beijing('2026-11-24T09:00:00.000'));
  await give(memberId, other, 20);
  await give(other, memberId, 5);
  await trade(memberId, 'POINTS', 'COINS', 100);
  await trade(memberId, 'COINS', 'POINTS', 1);
  const { number } = await buy({ amountFen: 3_000, member: { memberId } });
  expect((await giveBack(number, { amountFen: 1_000 })).status).toBe(201);
  clock(beijing('2026-11-25T09:00:00.000'));
  await adjust(memberId, 'UP', 11);
  await adjust(memberId, 'DOWN', 3);
  await hold(memberId, 'capture');
  await hold(memberId, 'release');
  await freezing('freeze', memberId);
  await freezing('thaw', memberId);
  await waiting(3);
  await buy({ amountFen: 2_500, member: { memberId } });
  await waiting(0);
  clock(beijing('2026-11-30T10:00:00.000'));
  await adjust(memberId, 'DOWN', 1_000, { shortage: 'DEBT' });
  await buy({ amountFen: 100_000, member: { memberId } });
  await done(
    call(ordersContract, 'merge', { as: staff, params: { memberId: old }, body: { into: memberId, reason: 'x' } }),
  );
  clock(beijing('2027-01-05T12:00:00.000'));
}

describe('GET /v1/me/points/entries 流水筛选', () => {
  let memberId = '';
  let other = '';
  let old = '';
  let unwritten: Line[] = [];
  let all: Line[] = [];

  beforeAll(async () => {
    clock(beijing('2026-11-23T12:00:00.000'));
    [memberId, other, old] = [await memberWith(500), await memberWith(50), await memberWith(17)];
    await liveThroughAll(memberId, other, old);
    unwritten = await linesOf(memberId, { from: '2027-01-01', to: '2027-01-01' });
    await buy({ amountFen: 800, member: { memberId } });
    all = await linesOf(memberId);
  }, 60_000);

  it('200 of each kind, and all kinds together are all lines', async () => {
    for (const kind of KINDS) {
      const lines = await linesOf(memberId, { kind });
      expect(lines.length, kind).toBeGreaterThan(0);
      expect(lines, kind).toEqual(all.filter((line) => line.kind === kind));
    }
    expect(all.every(({ kind }) => KINDS.includes(kind))).toBe(true);
    const coins = await page(memberId, { currency: 'COINS', kind: 'EXCHANGE_IN' });
    expect(coins.body.items).toMatchObject([{ kind: 'EXCHANGE_IN', amount: 1 }]);
    const closed = { as: staff, params: { memberId: old }, query: { kind: 'MERGE_OUT' } };
    expect((await call(pointsStaffContract, 'entries', closed)).body.items).toMatchObject([{ amount: -17 }]);
  });

  it('200 of a day, whose last line may be of 23:59:59.999 and whose first of 00:00 in the programme’s zone', async () => {
    const kindsOf = async (filter: Filter) => (await linesOf(memberId, filter)).map(({ kind }) => kind);
    expect(await kindsOf({ from: '2026-11-23', to: '2026-11-23' })).toEqual(['SPEND', 'EARN']);
    expect((await kindsOf({ from: '2026-11-24', to: '2026-11-24' })).at(-1)).toBe('REFUND');
    expect(await kindsOf({ to: '2026-11-22' })).toEqual([]);
    expect(await kindsOf({ from: '2027-01-06' })).toEqual([]);
    expect(await kindsOf({ from: '2026-11-24', to: '2026-11-23' })).toEqual([]);
    const [spent, back] = [all.find(({ kind }) => kind === 'SPEND'), all.find(({ kind }) => kind === 'REFUND')];
    expect([spent?.at, back?.at]).toEqual(['2026-11-23T15:59:59.999Z', '2026-11-23T16:00:00.000Z']);
  });

  it('200 has what time did on its day, before and after a later entry wrote it down', async () => {
    const lapsed = await linesOf(memberId, { from: '2027-01-01', to: '2027-01-01' });
    expect(lapsed).toMatchObject([{ kind: 'EXPIRE', at: '2026-12-31T16:00:00.000Z' }]);
    expect(unwritten).toEqual(lapsed);
    expect(await linesOf(memberId, { to: '2026-12-31' })).toEqual(all.filter(({ at }) => at < '2026-12-31T16'));
    const active = await linesOf(memberId, { from: '2026-11-28', to: '2026-11-28' });
    expect(active).toMatchObject([{ kind: 'ACTIVATE', amount: 25, at: '2026-11-27T16:00:00.000Z' }]);
    const writer = all.find(({ id }) => id === active[0]?.id.replace(/-0$/, '-1'));
    expect(writer).toMatchObject({ kind: 'ADJUST_DOWN', at: beijing('2026-11-30T10:00:00.000') });
  });

  it.each<Filter>([
    {},
    { kind: 'EARN' },
    { kind: 'DEBT_PAID' },
    { from: '2026-11-24', to: '2026-11-25' },
    { to: '2026-11-28' },
    { from: '2026-11-28' },
    { kind: 'EXPIRE', from: '2027-01-01', to: '2027-01-01' },
    { kind: 'ACTIVATE', to: '2026-11-30' },
  ])('200 the same lines for every size of a page: %j', async (filter) => {
    const dayIs = ({ at }: Line) => dayOf(Date.parse(at), ZONE);
    const expected = all.filter(
      (line) =>
        (filter.kind === undefined || line.kind === filter.kind) &&
        dayIs(line) >= (filter.from ?? '') &&
        dayIs(line) <= (filter.to ?? '9999'),
    );
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of [1, 2, 3, 7]) expect(await linesOf(memberId, filter, limit), String(limit)).toEqual(expected);
  });

  it('400 request.cursor_invalid for a cursor of another filter, currency or member', async () => {
    const filter = { kind: 'EARN', from: '2026-11-23', to: '2027-01-05', limit: '1' };
    const cursor = (await page(memberId, filter)).body.nextCursor as string;
    expect((await page(memberId, { ...filter, cursor })).status).toBe(200);
    expect((await page(memberId, { ...filter, limit: '2', cursor })).status).toBe(200);
    const { kind: _, ...anyKind } = filter;
    const { to: __, ...open } = filter;
    const others = [
      { ...filter, kind: 'SPEND' },
      { ...filter, from: '2026-11-24' },
      { ...filter, to: '2027-01-04' },
      { ...filter, currency: 'COINS' },
      anyKind,
      open,
    ];
    for (const query of others) {
      const { status, body } = await page(memberId, { ...query, cursor });
      expect([status, body.code], JSON.stringify(query)).toEqual([400, 'request.cursor_invalid']);
    }
    expect((await page(other, { ...filter, cursor })).body.code).toBe('request.cursor_invalid');
  });
});
