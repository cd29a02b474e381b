import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { findPurchase } from '../../shared/earning/store.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { balance, POINTS } from '../../shared/points/points.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, gift } from '../support/people.ts';
import { asImporter, buy, giveBack, happens, persistently } from '../support/purchases.ts';
import { allItems, cancelled, losingReplies, trouble } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const DAY = 86_400_000;
const told = ({ status, body }: Called) => `${status} ${body.code as string}`;
const later = (ms: number) => new Date(Date.parse(START) + ms).toISOString();
const spend = (memberId: string, amount: number) =>
  happens(memberId, { kind: 'SPEND', amount, reference: `order:${randomUUID()}` });

async function accountOf(memberId: string): Promise<Record<string, unknown>> {
  return (await call(pointsContract, 'account', { as: asMember(memberId) })).body;
}

const readReturn = (number: string) => call(earningContract, 'readReturn', { as: asTill(), params: { number } });

describe('POST /v1/returns', () => {
  it('201 takes back what the part had earned, says where it was and what is left, and can be read', async () => {
    const { number: purchase, memberId } = await buy({ amountFen: 12_860 });
    const number = `R-${randomUUID()}`;
    const answer = await giveBack(purchase, { number, amountFen: 5_000 });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      returnId: expect.stringMatching(/^ret_[0-9A-Z]{26}$/) as string,
      number,
      purchase,
      memberId,
      amountFen: 5_000,
      points: 50,
      taken: 50,
      counted: 0,
      owed: 0,
      lost: 0,
      offset: 0,
      leftFen: 7_860,
      occurredAt: START,
      recordedAt: START,
      effectiveAt: START,
    });
    expect(await accountOf(memberId)).toMatchObject({
      available: 78,
      debt: 0,
      lifetime: { earned: 128, clawedBack: 50 },
    });
    expect(await readReturn(number)).toMatchObject({ status: 200, body: answer.body });
    const read = await call(earningContract, 'read', { as: asTill(), params: { number: purchase } });
    expect(read.body).toMatchObject({ points: 128, returnedFen: 5_000, clawedBack: 50 });
  });

  it('201 leaves earned what the rest earns, to the point, in however many parts', async () => {
    const { number, memberId } = await buy({ amountFen: 12_860 });
    const points: unknown[] = [];
    for (const amountFen of [59, 1, 1, 6_799, 6_000]) points.push((await giveBack(number, { amountFen })).body.points);
    expect(points).toEqual([0, 0, 1, 67, 60]);
    expect(await availableOf(memberId)).toBe(0);
    expect(told(await giveBack(number, { amountFen: 1 }))).toBe('409 purchases.return_exceeds');
  });

  it('201 in the worked example: 50 and 100 and 18 had lapsed unspent, and 60 are owed', async () => {
    const first = await buy({ amountFen: 12_800 });
    const second = await buy({ amountFen: 10_000, member: { memberId: first.memberId } });
    const body = { productId: await gift({ pricePoints: 60 }) };
    expect((await call(ordersContract, 'place', { as: asMember(first.memberId), body })).status).toBe(201);
    clock('2027-01-01T00:00:00+08:00');
    expect(await accountOf(first.memberId)).toMatchObject({ available: 0, lifetime: { lapsed: 168 } });
    const figures = [];
    for (const [{ number }, amountFen] of [
      [first, 5_000],
      [second, 10_000],
      [first, 7_800],
    ] as const) {
      const { points, taken, counted, owed, lost, offset } = (await giveBack(number, { amountFen })).body;
      figures.push([points, taken, counted, owed, lost, offset]);
    }
    expect(figures).toEqual([
      [50, 0, 50, 0, 0, 0],
      [100, 0, 100, 0, 0, 0],
      [78, 0, 18, 60, 0, 0],
    ]);
    expect(await accountOf(first.memberId)).toMatchObject({ available: 0, debt: 60, lifetime: { clawedBack: 60 } });
    await buy({ amountFen: 10_000, member: { memberId: first.memberId } });
    expect(await accountOf(first.memberId)).toMatchObject({ available: 40, debt: 0 });
  });

  it('201 takes points from other lots before it makes a debt, and never those that are held', async () => {
    const { number, memberId } = await buy({ amountFen: 10_000 });
    await happens(memberId, { kind: 'ADJUST_UP', amount: 30, lots: { '2027-06-30': 30 }, reference: 'adjustment:1' });
    await spend(memberId, 40);
    await happens(memberId, { kind: 'HOLD', amount: 35, reference: 'hold:1' });
    const { body } = await giveBack(number, { amountFen: 10_000 });
    expect(body).toMatchObject({ points: 100, taken: 55, owed: 45 });
    expect(await accountOf(memberId)).toMatchObject({ available: 0, held: 35, debt: 45 });
  });

  it('201 moves no points for a purchase that earned nothing, and is kept', async () => {
    const { number, memberId } = await buy({ amountFen: 60 });
    const back = await giveBack(number, { amountFen: 60 });
    expect([back.status, back.body.points, back.body.leftFen]).toEqual([201, 0, 0]);
    const { body } = await call(pointsContract, 'entries', { as: asMember(memberId) });
    expect(body.items).toEqual([]);
    expect(await readReturn(back.body.number as string)).toMatchObject({ body: back.body });
  });

  it('201 again, in the same millisecond, for a return that takes nothing: replayed, with what is left', async () => {
    const { number: purchase } = await buy({ amountFen: 60 });
    const back = { number: `R-${randomUUID()}`, amountFen: 20 };
    const first = await giveBack(purchase, back);
    const again = await giveBack(purchase, back);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    expect(first.body.leftFen).toBe(40);
  });

  it('201 by lines: pieces add up to the line, and what earned nothing takes nothing', async () => {
    const lines = [
      { line: 'tea', quantity: 3, amountFen: 1_000 },
      { line: 'bag', quantity: 1, amountFen: 5_000, earns: false },
    ];
    const { number, points, memberId } = await buy({ amountFen: 6_000, lines });
    expect(points).toBe(10);
    const parts = [
      [{ line: 'bag' }],
      [{ line: 'tea', quantity: 1 }],
      [{ line: 'tea', quantity: 1 }],
      [{ line: 'tea' }],
    ];
    const took: unknown[] = [];
    for (const some of parts) {
      const { body } = await giveBack(number, { lines: some });
      took.push([body.amountFen, body.points, body.leftFen, body.lines]);
    }
    expect(took).toEqual([
      [5_000, 0, 1_000, [{ line: 'bag', quantity: 1, amountFen: 5_000 }]],
      [333, 4, 667, [{ line: 'tea', quantity: 1, amountFen: 333 }]],
      [333, 3, 334, [{ line: 'tea', quantity: 1, amountFen: 333 }]],
      [334, 3, 0, [{ line: 'tea', quantity: 1, amountFen: 334 }]],
    ]);
    expect(await availableOf(memberId)).toBe(0);
  });

  it('409 purchases.lines_wrong for an amount of lines of which one earns nothing, unless it is all that is left', async () => {
    const lines = [
      { line: 'tea', quantity: 1, amountFen: 1_000 },
      { line: 'bag', quantity: 1, amountFen: 5_000, earns: false },
    ];
    const { number, memberId } = await buy({ amountFen: 6_000, lines });
    const { body, status } = await giveBack(number, { amountFen: 5_999 });
    expect([status, body.code, body.lines]).toEqual([
      409,
      'purchases.lines_wrong',
      lines.map(({ line, quantity, amountFen }) => ({ line, quantity, amountFen })),
    ]);
    expect((await giveBack(number, { amountFen: 6_000 })).body).toMatchObject({ points: 10, leftFen: 0 });
    expect(await availableOf(memberId)).toBe(0);
  });

  it('409 purchases.lines_wrong for lines of a purchase without, and for one that it does not have', async () => {
    const plain = await giveBack((await buy()).number, { lines: [{ line: '1' }] });
    expect([plain.status, plain.body.code, plain.body.unknown]).toEqual([409, 'purchases.lines_wrong', ['1']]);
    const { number } = await buy({ lines: [{ line: '1', quantity: 1, amountFen: 10_000 }] });
    expect(told(await giveBack(number, { lines: [{ line: '2' }] }))).toBe('409 purchases.lines_wrong');
  });

  it('409 purchases.return_exceeds says how much is left, in money or in pieces', async () => {
    const { number } = await buy({ lines: [{ line: '1', quantity: 2, amountFen: 10_000 }] });
    await giveBack(number, { lines: [{ line: '1', quantity: 1 }] });
    const money = await giveBack(number, { amountFen: 5_001 });
    expect([told(money), money.body.leftFen]).toEqual(['409 purchases.return_exceeds', 5_000]);
    const pieces = await giveBack(number, { lines: [{ line: '1', quantity: 2 }] });
    expect([told(pieces), pieces.body.lines]).toEqual([
      '409 purchases.return_exceeds',
      [{ line: '1', quantity: 1, amountFen: 5_000 }],
    ]);
  });

  it('201 again for the same return: the same answer, said to be replayed, and nothing more is taken', async () => {
    const { number: purchase, memberId } = await buy({ amountFen: 10_000 });
    const back = { number: `R-${randomUUID()}`, amountFen: 4_000, occurredAt: START };
    const first = await giveBack(purchase, back);
    clock(later(30 * DAY));
    const again = await giveBack(purchase, back);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await availableOf(memberId)).toBe(60);
  });

  it('201 again for all of a line although nothing of it is left', async () => {
    const { number } = await buy({ lines: [{ line: '1', quantity: 2, amountFen: 10_000 }] });
    const back = { number: `R-${randomUUID()}`, lines: [{ line: '1' }] };
    const first = await giveBack(number, back);
    expect(await giveBack(number, back)).toMatchObject({ status: 201, body: first.body });
  });

  it('422 purchases.return_reused for another purchase, amount, time or line under the number', async () => {
    const member = { memberId: (await buy()).memberId };
    const lines = [{ line: '1', quantity: 2, amountFen: 10_000 }];
    const [one, other] = [await buy({ member, lines }), await buy({ member, lines })];
    const number = `R-${randomUUID()}`;
    await giveBack(one.number, { number, lines: [{ line: '1', quantity: 1 }] });
    const before = await allItems();
    const others = [
      await giveBack(other.number, { number, lines: [{ line: '1', quantity: 1 }] }),
      await giveBack('NEVER-WAS', { number, lines: [{ line: '1', quantity: 1 }] }),
      await giveBack(one.number, { number, lines: [{ line: '1', quantity: 2 }] }),
      await giveBack(one.number, { number, lines: [{ line: '2', quantity: 1 }] }),
      await giveBack(one.number, { number, amountFen: 5_000 }),
      await giveBack(one.number, { number, lines: [{ line: '1', quantity: 1 }], occurredAt: START }),
    ];
    expect(others.map(told)).toEqual(Array(6).fill('422 purchases.return_reused'));
    expect(await allItems()).toEqual(before);
  });

  it('201 twenty equal answers for 20 equal returns at once: one return', async () => {
    const { number: purchase, memberId } = await buy({ amountFen: 10_000 });
    const back = { number: `R-${randomUUID()}`, amountFen: 3_000 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => persistently(() => giveBack(purchase, back))));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await availableOf(memberId)).toBe(70);
  });

  it('201 for as many of 20 returns at once of one purchase as it has, and the rest are refused', async () => {
    const { number, memberId } = await buy({ amountFen: 10_000 });
    const one = (i: number) => () => giveBack(number, { number: `${number}-R${i}`, amountFen: 700 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => persistently(one(i))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(14);
    expect(answers.filter((answer) => told(answer) === '409 purchases.return_exceeds')).toHaveLength(6);
    const taken = answers.reduce((sum, { body }) => sum + ((body.points as number | undefined) ?? 0), 0);
    expect([taken, await availableOf(memberId)]).toEqual([98, 2]);
    expect(await findPurchase(number)).toMatchObject({ returnedFen: 9_800, clawedBack: 98, version: 15 });
  });

  it('201 once although every reply is lost on the way', async () => {
    const { number, memberId } = await buy({ amountFen: 10_000 });
    const send = losingReplies();
    const { status, body, headers } = await giveBack(number, { amountFen: 1_000 });
    send.mockRestore();
    expect([status, body.points, headers['idempotency-replayed']]).toEqual([201, 10, undefined]);
    expect(await availableOf(memberId)).toBe(90);
  });

  it('503 request.busy when its purchase never stands still, and nothing is written', async () => {
    const { number } = await buy();
    const before = await allItems();
    const send = trouble(() => cancelled('None', 'ConditionalCheckFailed', 'None'));
    expect(told(await giveBack(number, { amountFen: 100 }))).toBe('503 request.busy');
    send.mockRestore();
    expect(await allItems()).toEqual(before);
  });

  it('404 purchases.not_found for a number that was never reported', async () => {
    expect(told(await giveBack('NEVER-WAS', { amountFen: 1 }))).toBe('404 purchases.not_found');
  });

  it('409 purchases.return_closed after the days of the programme, counted from the day of the purchase', async () => {
    const { number } = await buy();
    clock('2027-12-28T23:59:59.999+08:00');
    expect((await giveBack(number, { amountFen: 100 })).status).toBe(201);
    clock('2027-12-29T00:00:00+08:00');
    const late = await giveBack(number, { amountFen: 100 });
    expect([told(late), late.body.until]).toEqual(['409 purchases.return_closed', '2027-12-28']);
  });

  it('409 purchases.return_too_early for a time before the purchase', async () => {
    const { number } = await buy({ occurredAt: later(-DAY) });
    expect(told(await giveBack(number, { amountFen: 1, occurredAt: later(-DAY - 1) }))).toBe(
      '409 purchases.return_too_early',
    );
    expect((await giveBack(number, { amountFen: 1, occurredAt: later(-DAY) })).status).toBe(201);
  });

  it('201 without a time for a purchase whose till is some minutes ahead', async () => {
    const { number } = await buy({ occurredAt: later(240_000) });
    expect((await giveBack(number, { amountFen: 100 })).body.occurredAt).toBe(later(240_000));
  });

  it('409 purchases.too_old · 409 purchases.in_future for a time that is not near', async () => {
    const { number } = await buy({ occurredAt: later(-30 * DAY) }, asImporter);
    const back = (ms: number, as = asTill()) => giveBack(number, { amountFen: 1, occurredAt: later(ms) }, as);
    expect(told(await back(-8 * DAY))).toBe('409 purchases.too_old');
    expect(told(await back(360_000))).toBe('409 purchases.in_future');
    expect(told(await back(360_000, asImporter))).toBe('409 purchases.in_future');
    expect((await back(-8 * DAY, asImporter)).status).toBe(201);
  });

  it.each<[string, object]>([
    ['neither amount nor lines', {}],
    ['both amount and lines', { amountFen: 1, lines: [{ line: '1' }] }],
    ['0 fen', { amountFen: 0 }],
    ['half a fen', { amountFen: 0.5 }],
    ['an amount as text', { amountFen: '1' }],
    ['no line', { lines: [] }],
    ['a line that stands twice', { lines: [{ line: '1' }, { line: '1' }] }],
    ['0 pieces', { lines: [{ line: '1', quantity: 0 }] }],
    ['points of one’s own', { amountFen: 1, points: 1 }],
    ['a time without offset', { amountFen: 1, occurredAt: '2026-11-23T04:00:00' }],
    ['a number with a mark', { amountFen: 1, number: 'R#1' }],
  ])('400 request.invalid for %s', async (_, more) => {
    expect(told(await giveBack('A-1', more))).toBe('400 request.invalid');
  });

  it.each([
    ['401 auth.token_missing', undefined],
    ['403 auth.forbidden', asMember('mem_1')],
    ['403 auth.forbidden', asTill('purchases:backfill')],
    ['403 auth.forbidden', asStaff('purchases:write')],
  ])('%s', async (title, as) => {
    const body = { number: 'R-1', purchase: 'A-1', amountFen: 1 };
    expect(told(await call(earningContract, 'reportReturn', { as, body }))).toBe(title);
  });
});

describe('a member whose account was merged into another', () => {
  async function merge(memberId: string, heirId: string): Promise<void> {
    const { account } = await balance({ memberId, currency: POINTS });
    await happens(memberId, { kind: 'MERGE_OUT', party: heirId, reference: `merge:${memberId}` });
    await happens(heirId, { kind: 'MERGE_IN', party: memberId, from: account, reference: `merge:${memberId}` });
  }

  it('201 takes a late return from the heir, and answers an old one as before', async () => {
    const [old, heir] = [await buy({ amountFen: 10_000 }), await buy({ amountFen: 1_000 })];
    const back = { number: `R-${randomUUID()}`, amountFen: 2_000 };
    const first = await giveBack(old.number, back);
    await merge(old.memberId, heir.memberId);
    expect(await giveBack(old.number, back)).toMatchObject({ body: first.body });
    expect(await availableOf(heir.memberId)).toBe(90);
    const late = await giveBack(old.number, { amountFen: 3_000 });
    expect(late.body).toMatchObject({ memberId: old.memberId, points: 30, taken: 30 });
    expect(await availableOf(heir.memberId)).toBe(60);
    const kept = (await allItems()).find(({ number }) => number === late.body.number);
    expect(kept).toMatchObject({ type: 'return', heirId: heir.memberId, seq: 3 });
  });

  it('201 earns for the heir, and its return is the heir’s too', async () => {
    const [old, heir] = [await buy({ amountFen: 10_000 }), await buy({ amountFen: 1_000 })];
    await merge(old.memberId, heir.memberId);
    const late = await buy({ amountFen: 5_000, member: { memberId: old.memberId } });
    expect(late.memberId).toBe(old.memberId);
    expect(await findPurchase(late.number)).toMatchObject({ heirId: heir.memberId, seq: 3 });
    expect(await availableOf(heir.memberId)).toBe(160);
    await giveBack(late.number, { amountFen: 5_000 });
    expect(await availableOf(heir.memberId)).toBe(110);
  });
});

describe('GET /v1/returns/{number}', () => {
  it('404 purchases.return_not_found for a number that was never reported', async () => {
    expect(told(await readReturn('NEVER-WAS'))).toBe('404 purchases.return_not_found');
  });
});
