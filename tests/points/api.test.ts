import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { noteLot } from '../../shared/points/points.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { writeDownLapses } from '../support/lapses.ts';
import { clock, openMall } from '../support/mall.ts';
import { gift, memberWith } from '../support/people.ts';

const START = '2026-11-23T04:00:00.000Z';
const LAST = '2026-12-31T15:59:59.999Z';
const NEW_YEAR = '2026-12-31T16:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

interface Line {
  id: string;
  kind: string;
  amount: number;
  balanceAfter: number;
  at: string;
}

const account = async (memberId: string, query = {}) =>
  (await call(pointsContract, 'account', { as: asMember(memberId), query })).body;
const page = (memberId: string, query: Record<string, string>): Promise<Called> =>
  call(pointsContract, 'entries', { as: asMember(memberId), query });

async function lines(memberId: string, limit = 100): Promise<Line[]> {
  const all: Line[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body }: Called = await page(memberId, { limit: String(limit), ...(cursor && { cursor }) });
    expect(status).toBe(200);
    const items = body.items as Line[];
    expect(items.length).toBeLessThanOrEqual(limit);
    all.push(...items);
    cursor = body.nextCursor as string | null;
  }
  return all;
}

/** Every page size tells the same story, and it adds up to the balance at each line. */
async function holds(memberId: string): Promise<Line[]> {
  const all = await lines(memberId);
  for (const limit of [1, 2, 3, all.length || 1]) expect(await lines(memberId, limit), `limit ${limit}`).toEqual(all);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  let balance = 0;
  for (const line of all.toReversed()) {
    balance += line.amount;
    expect(line.balanceAfter, line.id).toBe(balance);
  }
  expect((await account(memberId)).available).toBe(balance);
  const times = all.map(({ at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
  return all;
}

async function buy(memberId: string, points: number, occurredAt?: string): Promise<void> {
  const body = { number: `S-${randomUUID()}`, amountFen: points * 100, member: { memberId }, occurredAt };
  expect((await call(earningContract, 'report', { as: asTill(), body })).status).toBe(201);
}

async function redeem(memberId: string, pricePoints: number): Promise<string> {
  const productId = await gift({ pricePoints });
  const { status, body } = await call(ordersContract, 'place', { as: asMember(memberId), body: { productId } });
  expect(status).toBe(201);
  return body.orderId as string;
}

const cancel = (orderId: string) =>
  call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params: { orderId } });

const noted = (memberId: string) => noteLot({ memberId, currency: 'POINTS' }, '2026-12-31');

describe('GET /v1/me/points', () => {
  it('200 is empty for somebody on whom nothing has moved', async () => {
    expect(await account('mem_NEW')).toEqual({
      currency: 'POINTS',
      available: 0,
      pending: 0,
      held: 0,
      debt: 0,
      frozen: false,
      nextLapse: null,
      lots: [],
      lifetime: {
        earned: 0,
        spent: 0,
        refunded: 0,
        clawedBack: 0,
        lapsed: 0,
        given: 0,
        received: 0,
        exchangedOut: 0,
        exchangedIn: 0,
      },
      asOf: START,
    });
    expect(await lines('mem_NEW')).toEqual([]);
  });

  it('200 says what lapses next and when, and what was earned and spent in all', async () => {
    const memberId = await memberWith(128);
    await redeem(memberId, 28);
    expect(await account(memberId)).toMatchObject({
      available: 100,
      nextLapse: { amount: 100, lastDay: '2026-12-31', lapsesAt: NEW_YEAR },
      lots: [{ lastDay: '2026-12-31', amount: 100, grace: false }],
      lifetime: { earned: 128, spent: 28, refunded: 0, lapsed: 0 },
    });
  });

  it('200 has all of it to the last moment of the year and none from the next, before any job has run', async () => {
    const memberId = await memberWith(128);
    clock(LAST);
    expect(await account(memberId)).toMatchObject({ available: 128, asOf: LAST });
    clock(NEW_YEAR);
    expect(await account(memberId)).toMatchObject({
      available: 0,
      nextLapse: null,
      lots: [],
      lifetime: { lapsed: 128 },
    });
  });

  it('200 keeps currencies apart', async () => {
    const memberId = await memberWith(5);
    expect(await account(memberId, { currency: 'COINS' })).toMatchObject({ currency: 'COINS', available: 0 });
  });
});

describe('GET /v1/me/points/entries', () => {
  it('200 gives each line once and adds up, whatever the page', async () => {
    const memberId = await memberWith(100);
    for (let i = 1; i <= 4; i += 1) await buy(memberId, i);
    await redeem(memberId, 50);
    const all = await holds(memberId);
    expect(all.map(({ amount }) => amount)).toEqual([-50, 4, 3, 2, 1, 100]);
  });

  it('200 adds up while a lapse is not written down, once it is, and however often', async () => {
    const memberId = await memberWith(100);
    await buy(memberId, 28);
    await noted(memberId);
    clock(NEW_YEAR);
    const unwritten = await holds(memberId);
    expect(unwritten[0]).toMatchObject({ kind: 'EXPIRE', amount: -128, at: NEW_YEAR, balanceAfter: 0 });
    clock('2027-01-01T01:00:00.000Z');
    await writeDownLapses('2026-12-31');
    expect(await holds(memberId)).toEqual(unwritten);
    expect(await writeDownLapses('2026-12-31')).toMatchObject({ written: 0 });
    expect(await holds(memberId)).toEqual(unwritten);
  });

  it('200 adds up when the next purchase writes the lapse down, and when one comes late', async () => {
    const memberId = await memberWith(100);
    clock('2027-01-02T04:00:00.000Z');
    await buy(memberId, 7, LAST);
    await buy(memberId, 9);
    const all = await holds(memberId);
    expect(all.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      'EARN 9',
      'EXPIRE -7',
      'EARN 7',
      'EXPIRE -100',
      'EARN 100',
    ]);
  });

  it('200 adds up when a gift of last year comes back, with grace', async () => {
    const memberId = await memberWith(100);
    const orderId = await redeem(memberId, 60);
    clock('2027-01-10T04:00:00.000Z');
    expect((await cancel(orderId)).status).toBe(200);
    const all = await holds(memberId);
    expect(all.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      'REFUND 60',
      'EXPIRE -40',
      'SPEND -60',
      'EARN 100',
    ]);
    expect((await account(memberId)).lots).toEqual([{ lastDay: '2027-02-09', amount: 60, grace: true }]);
  });

  it('200 goes on where it was when a lapse is written down, or something is earned, between two pages', async () => {
    const memberId = await memberWith(100);
    for (let i = 1; i <= 3; i += 1) await buy(memberId, i);
    await noted(memberId);
    clock(NEW_YEAR);
    const before = await lines(memberId);
    const { body } = await page(memberId, { limit: '1' });
    await writeDownLapses('2026-12-31');
    await buy(memberId, 9);
    const rest: Line[] = [];
    let cursor = body.nextCursor as string | null;
    while (cursor) {
      const next: Called = await page(memberId, { limit: '1', cursor });
      rest.push(...(next.body.items as Line[]));
      cursor = next.body.nextCursor as string | null;
    }
    expect([...(body.items as Line[]), ...rest]).toEqual(before);
  });

  it('200 has 20 lines on a page when nothing is said, and 100 at most', async () => {
    const memberId = await memberWith(1);
    for (let i = 0; i < 21; i += 1) await buy(memberId, 1);
    const { body } = await page(memberId, {});
    expect(body.items).toHaveLength(20);
    expect((await page(memberId, { limit: '101' })).status).toBe(400);
    expect((await page(memberId, { limit: '100' })).body).toMatchObject({ nextCursor: null });
  });

  it('200 gives the lines of one kind, and of days to their last millisecond, also where the entry came later', async () => {
    const memberId = await memberWith(100);
    await redeem(memberId, 10);
    clock('2026-12-31T15:59:59.999Z');
    await buy(memberId, 3);
    clock('2027-01-05T04:00:00.000Z');
    await buy(memberId, 7);
    const told = async (query: Record<string, string>) =>
      ((await page(memberId, query)).body.items as Line[]).map(({ kind, amount }) => `${kind} ${amount}`);
    expect(await told({ kind: 'EARN' })).toEqual(['EARN 7', 'EARN 3', 'EARN 100']);
    expect(await told({ kind: 'SPEND' })).toEqual(['SPEND -10']);
    expect(await told({ kind: 'REFUND' })).toEqual([]);
    expect(await told({ from: '2026-12-31', to: '2026-12-31' })).toEqual(['EARN 3']);
    expect(await told({ from: '2027-01-01', to: '2027-01-01' })).toEqual(['EXPIRE -93']);
    expect(await told({ from: '2027-01-02', to: '2027-01-04' })).toEqual([]);
    expect(await told({ to: '2026-12-30' })).toEqual(['SPEND -10', 'EARN 100']);
    expect(await told({ from: '2027-01-05' })).toEqual(['EARN 7']);
  });

  it('400 request.cursor_invalid for a cursor of another filter', async () => {
    const memberId = await memberWith(1);
    await buy(memberId, 1);
    const cursor = (await page(memberId, { limit: '1', kind: 'EARN' })).body.nextCursor as string;
    for (const query of [{}, { kind: 'SPEND' }, { kind: 'EARN', to: '2026-12-31' }] as Record<string, string>[]) {
      expect((await page(memberId, { ...query, limit: '1', cursor })).body.code).toBe('request.cursor_invalid');
    }
    expect((await page(memberId, { kind: 'EARN', limit: '1', cursor })).status).toBe(200);
  });

  it('200 and 400: the account as of an instant is what was seen then, and nobody sees what has not come', async () => {
    const memberId = await memberWith(100);
    const seen: [string, unknown][] = [];
    for (const [i, day] of ['2026-11-24', '2026-12-10', '2026-12-31', '2027-01-01', '2027-01-03'].entries()) {
      clock(`${day}T04:00:00.000Z`);
      await buy(memberId, i + 1);
      clock(`${day}T05:00:00.000Z`);
      seen.push([`${day}T05:00:00.000Z`, await account(memberId)]);
    }
    for (const [at, then] of seen) expect(await account(memberId, { at })).toEqual(then);
    const { status } = await call(pointsContract, 'account', {
      as: asMember(memberId),
      query: { at: '2027-01-03T05:00:00.001Z' },
    });
    expect(status).toBe(400);
  });

  it('400 request.cursor_invalid for another member’s, another currency’s, or an edited cursor', async () => {
    const [mine, theirs] = [await memberWith(1), await memberWith(1)];
    for (const memberId of [mine, theirs]) await buy(memberId, 1);
    const cursor = (await page(theirs, { limit: '1' })).body.nextCursor as string;
    const tries = [
      await page(mine, { cursor }),
      await page(theirs, { cursor, currency: 'COINS' }),
      await page(theirs, { cursor: `A${cursor}` }),
      await page(theirs, { cursor: cursor.slice(0, -5) }),
      await page(theirs, { cursor: '' }),
    ];
    for (const { status, body } of tries) expect([status, body.code]).toEqual([400, 'request.cursor_invalid']);
    expect((await page(theirs, { cursor })).status).toBe(200);
  });

  it('401 and 403 for whoever is no member', async () => {
    for (const [as, told] of [
      [undefined, '401 auth.token_missing'],
      [asTill(), '403 auth.forbidden'],
      [asStaff('programme.write'), '403 auth.forbidden'],
    ] as const) {
      for (const name of ['account', 'entries'] as const) {
        const { status, body } = await call(pointsContract, name, { as });
        expect(`${status} ${body.code as string}`).toBe(told);
      }
    }
  });
});
