import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { move } from '../../shared/points/points.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, type Called, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, memberWith } from '../support/people.ts';

openMall();

const trade = (memberId: string, from: string, to: string, points: number, key: string = randomUUID()) =>
  call(pointsContract, 'exchange', { as: asMember(memberId), body: { from, to, points }, key });
const told = ({ status, body }: Called) => `${status}${body.code === undefined ? '' : ` ${body.code as string}`}`;
const lotsOf = async (memberId: string, currency = 'POINTS') =>
  (await call(pointsContract, 'account', { as: asMember(memberId), query: { currency } })).body.lots as {
    lastDay: string;
    amount: number;
  }[];

async function write(memberId: string, movement: Movement, currency = 'POINTS'): Promise<void> {
  await exchange(async (basis) => ({
    writes: [(await move({ memberId, currency }, movement, basis)).write],
    answer: null,
  }));
}

const earn = (amount: number, lastDay: string): Movement => ({
  kind: 'EARN',
  amount,
  lastDay,
  rule: 'BASE@0',
  reference: `purchase:${randomUUID()}`,
});

describe('POST /v1/me/exchanges', () => {
  it('201 converts once on the total, takes only what converts, and coins keep the points’ last day', async () => {
    const memberId = await memberWith(350);
    const { status, body } = await trade(memberId, 'POINTS', 'COINS', 350);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      from: 'POINTS',
      to: 'COINS',
      taken: 300,
      given: 3,
      lots: [{ lastDay: '2026-12-31', amount: 3, grace: false }],
      balanceAfter: 50,
    });
    const coins = await call(pointsContract, 'account', { as: asMember(memberId), query: { currency: 'COINS' } });
    expect(coins.body).toMatchObject({ available: 3, lifetime: { exchangedIn: 3 } });
    expect(await availableOf(memberId)).toBe(50);
  });

  it('201 the same key again gets the same answer, also after both accounts moved on', async () => {
    const memberId = await memberWith(350);
    const first = await trade(memberId, 'POINTS', 'COINS', 350, 'k');
    await trade(memberId, 'COINS', 'POINTS', 3);
    const again = await trade(memberId, 'POINTS', 'COINS', 350, 'k');
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect(await availableOf(memberId)).toBe(350);
  });

  it('422 request.key_reused for another exchange under the same key', async () => {
    const memberId = await memberWith(350);
    await trade(memberId, 'POINTS', 'COINS', 100, 'k');
    expect(told(await trade(memberId, 'POINTS', 'COINS', 200, 'k'))).toBe('422 request.key_reused');
    expect(told(await trade(memberId, 'COINS', 'POINTS', 1, 'k'))).toBe('422 request.key_reused');
  });

  it('409 points.exchange_unknown and points.exchange_too_little, which says the least', async () => {
    const memberId = await memberWith(350);
    expect(told(await trade(memberId, 'POINTS', 'POINTS', 100))).toBe('409 points.exchange_unknown');
    expect(told(await trade(memberId, 'POINTS', 'GOLD', 100))).toBe('409 points.exchange_unknown');
    const little = await trade(memberId, 'POINTS', 'COINS', 99);
    expect([told(little), little.body.least]).toEqual(['409 points.exchange_too_little', 100]);
  });

  it('409 points.insufficient and points.frozen', async () => {
    const memberId = await memberWith(99);
    expect(told(await trade(memberId, 'POINTS', 'COINS', 100))).toBe('409 points.insufficient');
    await write(memberId, earn(1, '2026-12-31'));
    await write(memberId, { kind: 'FREEZE', reference: 'freeze:1' });
    expect(told(await trade(memberId, 'POINTS', 'COINS', 100))).toBe('409 points.frozen');
  });

  it('there and back gains no point and no day, whatever is rounded', async () => {
    const memberId = await memberWith(49);
    await write(memberId, earn(251, '2027-12-31'));
    const before = await lotsOf(memberId);
    for (let i = 0; i < 3; i += 1) {
      await trade(memberId, 'POINTS', 'COINS', 100 * (i + 1));
      await trade(memberId, 'COINS', 'POINTS', i + 1);
    }
    const after = await lotsOf(memberId);
    const later = (lots: typeof after) => lots.filter(({ lastDay }) => lastDay > '2026-12-31');
    const total = (lots: typeof after) => lots.reduce((all, { amount }) => all + amount, 0);
    expect(total(after)).toBe(300);
    expect(total(later(after))).toBeLessThanOrEqual(total(later(before)));
  });

  it('of 10 at once on points for one, gives one', async () => {
    const memberId = await memberWith(100);
    const all = await Promise.all(Array.from({ length: 10 }, () => trade(memberId, 'POINTS', 'COINS', 100)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await lotsOf(memberId, 'COINS')).toMatchObject([{ amount: 1 }]);
  });
});
