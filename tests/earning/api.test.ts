import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../support/people.ts';
import { allItems, cancelled, trouble } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const DAY = 86_400_000;
const NOBODY = 'mem_00000000000000000000000000';
const someNumber = () => `A-${randomUUID()}`;
const told = ({ status, body }: Called) => `${status} ${body.code as string}`;
const ago = (ms: number) => new Date(Date.parse(START) - ms).toISOString();

function report(more: object = {}, number = someNumber()): Promise<Called> {
  const body = { number, amountFen: 12_860, member: { phone: somePhone() }, ...more };
  return call(earningContract, 'report', { as: asTill(), body });
}

async function linesOf(memberId: string): Promise<Record<string, unknown>[]> {
  const { body } = await call(pointsContract, 'entries', { as: asMember(memberId) });
  return body.items as Record<string, unknown>[];
}

const members = async () => (await allItems()).filter(({ type }) => type === 'member').length;

describe('POST /v1/purchases', () => {
  it('201 earns 128 points for ¥128.60, to the end of the year', async () => {
    const number = someNumber();
    const { status, body, headers } = await report({}, number);
    expect(status).toBe(201);
    expect(body).toEqual({
      purchaseId: expect.stringMatching(/^pur_[0-9A-Z]{26}$/) as string,
      number,
      memberId: expect.stringMatching(/^mem_/) as string,
      amountFen: 12_860,
      points: 128,
      lastDay: '2026-12-31',
      availableOn: null,
      occurredAt: START,
      recordedAt: START,
      effectiveAt: START,
      returnedFen: 0,
      clawedBack: 0,
    });
    expect(headers).not.toHaveProperty('idempotency-replayed');
    expect(await availableOf(body.memberId as string)).toBe(128);
    const [line] = await linesOf(body.memberId as string);
    expect(line).toMatchObject({ kind: 'EARN', amount: 128, reference: `purchase:${number}`, lastDay: '2026-12-31' });
  });

  it('201 for an external id that was not seen before makes a member, and finds it again', async () => {
    const externalId = `oa-${randomUUID()}`;
    const [first, second] = [await report({ member: { externalId } }), await report({ member: { externalId } })];
    expect(second.body.memberId).toBe(first.body.memberId);
    expect(await availableOf(first.body.memberId as string)).toBe(256);
    const { body } = await call(membersContract, 'me', { as: asMember(first.body.memberId as string) });
    expect(body.phone).toBeNull();
  });

  it('201 by member id and by either form of the phone is one member', async () => {
    const phone = somePhone();
    const { body } = await report({ member: { phone } });
    const others = [
      await report({ member: { phone: `+86${phone}` } }),
      await report({ member: { memberId: body.memberId } }),
    ];
    expect(others.map((other) => other.body.memberId)).toEqual([body.memberId, body.memberId]);
    expect(await availableOf(body.memberId as string)).toBe(384);
  });

  it('404 members.not_found for a member id that nobody has', async () => {
    expect(told(await report({ member: { memberId: NOBODY } }))).toBe('404 members.not_found');
  });

  it('201 with the same answer for the same report, said to be replayed, and no points', async () => {
    const [number, member] = [someNumber(), { phone: somePhone() }];
    const first = await report({ member }, number);
    clock(new Date(Date.parse(START) + 30 * DAY).toISOString());
    const again = await report({ member: { phone: `+86${member.phone}` } }, number);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await availableOf(first.body.memberId as string)).toBe(128);
  });

  it('422 purchases.number_reused for another amount, member or time under the number; no member is made by it', async () => {
    const [number, member] = [someNumber(), { phone: somePhone() }];
    const first = await report({ member }, number);
    const before = await members();
    const others = [
      ['amountFen', { member, amountFen: 12_861 }],
      ['member', { member: { phone: somePhone() } }],
      ['member', { member: { externalId: `oa-${randomUUID()}` } }],
      ['member', { member: { memberId: NOBODY } }],
      ['occurredAt', { member, occurredAt: START }],
      ['occurredAt', { member, occurredAt: ago(8 * DAY) }],
    ] as const;
    for (const [differs, other] of others) {
      const answer = await report(other, number);
      expect([told(answer), answer.body.differs]).toEqual(['422 purchases.number_reused', [differs]]);
    }
    expect(await members()).toBe(before);
    expect(await availableOf(first.body.memberId as string)).toBe(128);
  });

  it('201 twenty equal answers for 20 equal reports at once of somebody new: one purchase', async () => {
    const [number, member] = [someNumber(), { phone: somePhone() }];
    const answers = await Promise.all(Array.from({ length: 20 }, () => report({ member }, number)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await availableOf(answers[0]?.body.memberId as string)).toBe(128);
  });

  it('201 for a report that was overtaken by an equal one before its member was known', async () => {
    const [number, member] = [someNumber(), { phone: somePhone() }];
    let overtaken: Promise<Called> | undefined;
    const spy = trouble(() => undefined);
    const send = spy.getMockImplementation() as unknown as (command: { input: object }) => Promise<unknown>;
    spy.mockImplementation((async (command: { input: { Key?: { pk?: { S?: string } } } }) => {
      const answer = await send(command);
      const sawNobody = command.input.Key?.pk?.S?.startsWith('IDENTITY#') ?? false;
      if (sawNobody && !overtaken) await (overtaken = report({ member }, number));
      return answer;
    }) as never);
    const slow = await report({ member }, number);
    const quick = await overtaken;
    expect(quick?.status).toBe(201);
    expect([slow.status, slow.body]).toEqual([201, quick?.body]);
  });

  it('201 for 5 purchases of one new member at once: all their points', async () => {
    const member = { phone: somePhone() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => report({ member })));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect(await availableOf(answers[0]?.body.memberId as string)).toBe(640);
  });

  it('201 earns nothing for ¥0.60, and has no entry', async () => {
    const { status, body } = await report({ amountFen: 60 });
    expect([status, body.points, body.lastDay]).toEqual([201, 0, null]);
    expect(await linesOf(body.memberId as string)).toEqual([]);
  });

  it.each([
    ['409 purchases.too_old', ago(8 * DAY)],
    ['409 purchases.in_future', ago(-6 * 60_000)],
  ])('%s, and nothing is written', async (title, occurredAt) => {
    const before = await allItems();
    expect(told(await report({ occurredAt }))).toBe(title);
    expect(await allItems()).toHaveLength(before.length);
  });

  it.each([ago(7 * DAY), ago(-5 * 60_000), '2026-11-22T23:59:59.999+08:00'])('201 for %s', async (occurredAt) => {
    const { status, body } = await report({ occurredAt });
    expect([status, body.occurredAt]).toEqual([201, new Date(occurredAt).toISOString()]);
  });

  it('201 for a purchase of last year grants and lapses at once', async () => {
    clock('2027-01-02T04:00:00.000Z');
    const { status, body } = await report({ occurredAt: '2026-12-31T23:59:59.999+08:00' });
    expect([status, body.points, body.lastDay]).toEqual([201, 128, '2026-12-31']);
    expect(await availableOf(body.memberId as string)).toBe(0);
    const lines = await linesOf(body.memberId as string);
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['EXPIRE', -128],
      ['EARN', 128],
    ]);
  });

  it('503 points.busy with Retry-After when the account never stands still, and nothing is written', async () => {
    const memberId = await memberWith(100);
    const before = await allItems();
    const send = trouble(() => cancelled('None', 'ConditionalCheckFailed'));
    const { status, body, headers } = await report({ member: { memberId } });
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'points.busy', '1']);
    send.mockRestore();
    expect(await allItems()).toHaveLength(before.length);
  });

  it('400 request.invalid names the field where lines do not add up', async () => {
    const { body } = await report({ lines: [{ line: '1', quantity: 1, amountFen: 1 }] });
    expect(body.errors).toEqual([{ in: 'body', path: 'lines', message: 'add up to 1 fen, and amountFen is 12860' }]);
  });

  it('201 with lines earns by those that do; the same lines again are the same purchase, others are not', async () => {
    const [number, member] = [someNumber(), { phone: somePhone() }];
    const lines = [
      { line: 'tea', sku: 'T-1', quantity: 3, amountFen: 10_050 },
      { line: 'bag', quantity: 1, amountFen: 2_810, earns: false },
    ];
    const first = await report({ member, lines }, number);
    const answered = [{ ...lines[0], earns: true }, lines[1]];
    expect([first.status, first.body.points, first.body.lines]).toEqual([201, 100, answered]);
    const again = await report({ member, lines: answered }, number);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    expect(told(await report({ member, lines: lines.toReversed() }, number))).toBe('422 purchases.number_reused');
    expect(told(await report({ member }, number))).toBe('422 purchases.number_reused');
  });

  it.each<[string, object]>([
    ['0 fen', { amountFen: 0 }],
    ['−1 fen', { amountFen: -1 }],
    ['half a fen', { amountFen: 0.5 }],
    ['too many fen', { amountFen: 100_000_000_001 }],
    ['points of one’s own', { points: 1_000 }],
    ['two names of a member', { member: { phone: '13800138000', externalId: 'x' } }],
    ['no member', { member: {} }],
    ['a member as text', { member: NOBODY }],
    ['an external id with a blank', { member: { externalId: 'a b' } }],
    ['an external id of 65 letters', { member: { externalId: 'x'.repeat(65) } }],
    ['a time without offset', { occurredAt: '2026-11-23T04:00:00' }],
    ['a day that is not', { occurredAt: '2026-02-30T04:00:00Z' }],
    ['a number with a mark', { number: 'A#1' }],
    ['an empty number', { number: '' }],
    ['no line', { lines: [] }],
    ['lines that do not add up', { lines: [{ line: '1', quantity: 1, amountFen: 12_859 }] }],
    ['a line that stands twice', { lines: [1, 2].map(() => ({ line: '1', quantity: 1, amountFen: 6_430 })) }],
    ['a line of 0 pieces', { lines: [{ line: '1', quantity: 0, amountFen: 12_860 }] }],
    ['a line of 10,000 pieces', { lines: [{ line: '1', quantity: 10_000, amountFen: 12_860 }] }],
    ['a line of −1 fen', { lines: [-1, 12_861].map((amountFen, i) => ({ line: `${i}`, quantity: 1, amountFen })) }],
    [
      '101 lines',
      { lines: Array.from({ length: 101 }, (_, i) => ({ line: `${i}`, quantity: 1, amountFen: i ? 0 : 12_860 })) },
    ],
    ['a line with a prototype for its name', { lines: [{ line: '__proto__', quantity: 1, amountFen: 12_860 }] }],
    ['a number of 65 letters', { number: 'x'.repeat(65) }],
  ])('400 request.invalid for %s', async (_, more) => {
    expect(told(await report(more))).toBe('400 request.invalid');
  });

  it.each([
    ['401 auth.token_missing', undefined],
    ['403 auth.forbidden', asMember('mem_1')],
    ['403 auth.forbidden', asTill('purchases:read')],
    ['403 auth.forbidden', asStaff('purchases:write')],
  ])('%s', async (title, as) => {
    const body = { number: someNumber(), amountFen: 1, member: { phone: somePhone() } };
    expect(told(await call(earningContract, 'report', { as, body }))).toBe(title);
  });
});

describe('GET /v1/purchases/{number}', () => {
  const read = (number: string) => call(earningContract, 'read', { as: asTill(), params: { number } });

  it('200 says what was reported', async () => {
    const { body } = await report();
    expect(await read(body.number as string)).toMatchObject({ status: 200, body });
  });

  it('404 purchases.not_found for a number that was never reported', async () => {
    expect(told(await read(someNumber()))).toBe('404 purchases.not_found');
  });
});
