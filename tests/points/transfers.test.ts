import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { type AccountId, move, POINTS } from '../../shared/points/points.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, type Called, call } from '../support/call.ts';
import { counting } from '../support/long-chain.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { cancelled, losingReplies, trouble } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const give = (from: string, to: object, points: number, key: string = randomUUID(), more: object = {}) =>
  call(pointsContract, 'give', { as: asMember(from), body: { to, points, ...more }, key });
const told = ({ status, body }: Called) => `${status}${body.code === undefined ? '' : ` ${body.code as string}`}`;

async function write(memberId: string, ...movements: Movement[]): Promise<void> {
  const account: AccountId = { memberId, currency: POINTS };
  for (const movement of movements) {
    await exchange(async (basis) => ({ writes: [(await move(account, movement, basis)).write], answer: null }));
  }
}

const earn = (amount: number, lastDay = '2026-12-31'): Movement => ({
  kind: 'EARN',
  amount,
  lastDay,
  rule: 'BASE@0',
  reference: `purchase:${randomUUID()}`,
});

async function merged(old: string, heir: string): Promise<void> {
  const from = { lots: {}, pending: {}, forfeits: {}, debt: 0 };
  await write(old, { kind: 'MERGE_OUT', reference: `merge:${old}`, party: heir });
  await write(heir, { kind: 'MERGE_IN', reference: `merge:${old}`, party: old, from });
}

describe('POST /v1/me/transfers', () => {
  it('201 moves points with their days, earliest first, and both statements say so', async () => {
    const [giver, receiver] = [await memberWith(100), await memberWith(1)];
    await write(giver, earn(50, '2027-12-31'));
    const { status, body } = await give(giver, { memberId: receiver }, 120);
    expect(status).toBe(201);
    expect(body).toEqual({
      transferId: expect.stringMatching(/^trf_[0-9A-Z]{26}$/) as string,
      points: 120,
      currency: 'POINTS',
      lots: [
        { lastDay: '2026-12-31', amount: 100, grace: false },
        { lastDay: '2027-12-31', amount: 20, grace: false },
      ],
      balanceAfter: 30,
      at: START,
    });
    const account = await call(pointsContract, 'account', { as: asMember(receiver) });
    expect(account.body).toMatchObject({
      available: 121,
      lots: [{ amount: 101 }, { lastDay: '2027-12-31', amount: 20 }],
      lifetime: { given: 0, received: 120 },
    });
    for (const [memberId, line] of [
      [giver, { kind: 'TRANSFER_OUT', amount: -120 }],
      [receiver, { kind: 'TRANSFER_IN', amount: 120 }],
    ] as const) {
      const { body: page } = await call(pointsContract, 'entries', { as: asMember(memberId), query: { limit: '1' } });
      expect(page.items).toMatchObject([{ ...line, reference: `transfer:${body.transferId as string}` }]);
    }
  });

  it('201 the same key again gets the same answer, also after both have moved on', async () => {
    const [giver, receiver] = [await memberWith(100), await memberWith(1)];
    const first = await give(giver, { memberId: receiver }, 60, 'k');
    await write(receiver, { kind: 'SPEND', amount: 10, reference: 'order:x' });
    await write(giver, earn(5));
    const again = await give(giver, { memberId: receiver }, 60, 'k');
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect([await availableOf(giver), await availableOf(receiver)]).toEqual([45, 51]);
  });

  it('201 once, when the reply is lost and the write is sent again', async () => {
    const [giver, receiver] = [await memberWith(100), await memberWith(1)];
    losingReplies();
    expect(told(await give(giver, { memberId: receiver }, 60))).toBe('201');
    expect([await availableOf(giver), await availableOf(receiver)]).toEqual([40, 61]);
  });

  it('422 request.key_reused for another gift under the same key', async () => {
    const [giver, receiver, other] = [await memberWith(100), await memberWith(1), await memberWith(1)];
    await give(giver, { memberId: receiver }, 10, 'k');
    expect(told(await give(giver, { memberId: receiver }, 11, 'k'))).toBe('422 request.key_reused');
    expect(told(await give(giver, { memberId: other }, 10, 'k'))).toBe('422 request.key_reused');
    expect(told(await give(giver, { phone: '13999999999' }, 10, 'k'))).toBe('422 request.key_reused');
    expect(await availableOf(giver)).toBe(90);
  });

  it('404 members.not_found for a member or a phone that is nobody’s', async () => {
    const giver = await memberWith(100);
    for (const to of [{ memberId: `mem_${'0'.repeat(26)}` }, { phone: '13999999998' }]) {
      expect(told(await give(giver, to, 10))).toBe('404 members.not_found');
    }
    expect(await availableOf(giver)).toBe(100);
  });

  it('409 points.insufficient asks the table at most twelve times, also for a currency that nobody has yet', async () => {
    const [giver, old, heir] = [await memberWith(100), await memberWith(100), await memberWith(100)];
    await merged(old, heir);
    const ofTwo = await counting(() => give(giver, { memberId: old }, 2, 'k', { currency: 'COINS' }));
    expect([told(ofTwo.answer), ofTwo.calls <= 12]).toEqual(['409 points.insufficient', true]);
    const last = await memberWith(100);
    await merged(heir, last);
    const ofThree = await counting(() => give(giver, { memberId: old }, 2, 'k', { currency: 'COINS' }));
    expect([told(ofThree.answer), ofThree.calls <= 12]).toEqual(['409 points.insufficient', true]);
  });

  it('409 points.to_oneself, also through a merge; a gift to a merged account goes to its heir', async () => {
    const [giver, old, heir] = [await memberWith(100), await memberWith(1), await memberWith(1)];
    expect(told(await give(giver, { memberId: giver }, 10))).toBe('409 points.to_oneself');
    const before = await give(giver, { memberId: old }, 1, 'k');
    await write(old, { kind: 'SPEND', amount: 2, reference: 'order:all' });
    await merged(old, heir);
    expect((await give(giver, { memberId: old }, 1, 'k')).body).toEqual(before.body);
    expect(told(await give(giver, { memberId: old }, 10))).toBe('201');
    expect(await availableOf(heir)).toBe(11);
    expect(told(await give(heir, { memberId: old }, 5))).toBe('409 points.to_oneself');
  });

  it('409 points.insufficient, points.frozen, points.in_debt', async () => {
    const [giver, receiver] = [await memberWith(100), await memberWith(1)];
    const short = await give(giver, { memberId: receiver }, 101);
    expect([told(short), short.body.missing]).toEqual(['409 points.insufficient', 1]);
    await write(giver, { kind: 'FREEZE', reference: 'freeze:1' });
    expect(told(await give(giver, { memberId: receiver }, 1))).toBe('409 points.frozen');
    const debtor = await memberWith(1);
    await write(debtor, { kind: 'ADJUST_DOWN', amount: 5, shortage: 'DEBT', reference: 'adjustment:1' });
    expect(told(await give(debtor, { memberId: receiver }, 1))).toBe('409 points.in_debt');
    expect(await availableOf(receiver)).toBe(1);
  });

  it('409 alike for whoever cannot give, whether there is such a member or not: to find out costs a gift', async () => {
    const phone = somePhone();
    await buy({ member: { phone } });
    const [poor, frozen, debtor, rich] = [
      `mem_${'1'.repeat(26)}`,
      await memberWith(9),
      await memberWith(1),
      await memberWith(20_000),
    ];
    await write(frozen, { kind: 'FREEZE', reference: 'freeze:1' });
    await write(debtor, { kind: 'ADJUST_DOWN', amount: 5, shortage: 'DEBT', reference: 'adjustment:1' });
    for (const [giver, points, code] of [
      [poor, 1, 'points.insufficient'],
      [frozen, 1, 'points.frozen'],
      [debtor, 1, 'points.in_debt'],
      [rich, 20_001, 'points.insufficient'],
      [rich, 10_001, 'points.transfer_limit'],
    ] as const) {
      const known = await give(giver, { phone }, points);
      for (const to of [{ phone: '13999999998' }, { memberId: `mem_${'0'.repeat(26)}` }]) {
        const unknown = await give(giver, to, points);
        expect([told(unknown), { ...unknown.body, instance: '' }]).toEqual([
          `409 ${code}`,
          { ...known.body, instance: '' },
        ]);
      }
    }
  });

  it('409 points.transfer_limit for one gift and for a day, exactly under parallel gifts; a new day is a new day', async () => {
    const [giver, receiver] = [await memberWith(100_000), await memberWith(1)];
    const big = await give(giver, { memberId: receiver }, 10_001);
    expect([told(big), big.body.limit, big.body.leftToday]).toEqual(['409 points.transfer_limit', 10_000, 50_000]);
    expect(told(await give(giver, { memberId: receiver }, 9_000))).toBe('201');
    clock('2026-11-23T15:59:59.999Z');
    for (let i = 0; i < 4; i += 1) expect(told(await give(giver, { memberId: receiver }, 9_000))).toBe('201');
    const all = await Promise.all(Array.from({ length: 4 }, () => give(giver, { memberId: receiver }, 5_000)));
    expect(all.map((one) => told(one)).toSorted()).toEqual([
      '201',
      ...Array<string>(3).fill('409 points.transfer_limit'),
    ]);
    const over = await give(giver, { memberId: receiver }, 1);
    expect([over.body.limit, over.body.leftToday]).toEqual([50_000, 0]);
    clock('2026-11-23T16:00:00.000Z');
    expect(told(await give(giver, { memberId: receiver }, 10_000))).toBe('201');
  });

  it('409 points.too_many_lots and points.limit where the receiver cannot hold it', async () => {
    const [giver, full, rich] = [await memberWith(100), await memberWith(1), await memberWith(1)];
    const days = Array.from({ length: 40 }, (_, i) => `${2030 + i}-06-30`);
    for (const day of days) await write(full, earn(1, day));
    await write(full, { kind: 'SPEND', amount: 1, reference: 'order:first' });
    expect(told(await give(giver, { memberId: full }, 1))).toBe('409 points.too_many_lots');
    expect(await availableOf(giver)).toBe(100);
    const most = 1_000_000_000_000;
    const from = { lots: { '2026-12-31': most - 1 }, pending: {}, forfeits: {}, debt: 0 };
    await write(rich, { kind: 'MERGE_IN', reference: 'merge:x', party: 'mem_X', from });
    expect(told(await give(giver, { memberId: rich }, 1))).toBe('409 points.limit');
  });

  it('503 points.busy when the account does not come to rest, and nothing is written', async () => {
    const [giver, receiver] = [await memberWith(100), await memberWith(1)];
    trouble(() => cancelled('ConditionalCheckFailed', 'None'));
    expect(told(await give(giver, { memberId: receiver }, 1))).toBe('503 points.busy');
    vi.restoreAllMocks();
    expect([await availableOf(giver), await availableOf(receiver)]).toEqual([100, 1]);
  });

  it('400 without a whole number, a receiver or with a note', async () => {
    const giver = await memberWith(10);
    for (const body of [
      { to: { memberId: giver }, points: 0 },
      { to: { memberId: giver }, points: 1.5 },
      { to: {}, points: 1 },
      { to: { phone: '13800138000', memberId: giver }, points: 1 },
      { to: { externalId: 'x' }, points: 1 },
      { to: { phone: '13800138000' }, points: 1, note: 'hi' },
    ]) {
      expect((await call(pointsContract, 'give', { as: asMember(giver), body })).status).toBe(400);
    }
  });
});

describe('gifts at once', () => {
  const until = async (send: () => Promise<Called>): Promise<Called> => {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await send();
      if (answer.status !== 503) return answer;
    }
    throw new Error('Nobody waits so long.');
  };

  it.each(['the same receiver', 'different receivers', 'the same key'])(
    'give 100 of 100 once when 20 are asked for: %s',
    async (shape) => {
      const giver = await memberWith(100);
      const receivers = await Promise.all(
        Array.from({ length: shape === 'different receivers' ? 20 : 1 }, () => memberWith(1)),
      );
      const to = (i: number) => ({ memberId: receivers[i % receivers.length] as string });
      const key = (i: number) => (shape === 'the same key' ? 'one' : `k-${i}`);
      const all = await Promise.all(Array.from({ length: 20 }, (_, i) => until(() => give(giver, to(i), 100, key(i)))));
      const outcomes = all.map((one) => told(one)).toSorted();
      const others = shape === 'the same key' ? '201' : '409 points.insufficient';
      expect(outcomes).toEqual(['201', ...Array<string>(19).fill(others)]);
      if (shape === 'the same key') for (const { body } of all) expect(body).toEqual(all[0]?.body);
      expect(await availableOf(giver)).toBe(0);
      const got = await Promise.all(receivers.map((one) => availableOf(one)));
      expect(got.reduce((total, one) => total + one, 0)).toBe(receivers.length + 100);
    },
  );

  it('between two members who give to each other at once lose and make nothing', async () => {
    const [one, other] = [await memberWith(100), await memberWith(100)];
    const gifts = Array.from({ length: 12 }, (_, i) =>
      until(() =>
        i % 2 ? give(one, { memberId: other }, i, `m-${i}`) : give(other, { memberId: one }, i + 1, `m-${i}`),
      ),
    );
    for (const answer of await Promise.all(gifts)) expect(told(answer)).toBe('201');
    const [first, second] = [await availableOf(one), await availableOf(other)];
    expect([first, second]).toEqual([100 - 36 + 36, 100 + 36 - 36]);
  });
});
