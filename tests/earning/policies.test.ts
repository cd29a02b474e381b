import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Policy } from '../../shared/programme/contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asMember, asRuler, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { buy, giveBack, happens } from '../support/purchases.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => clock(START));

async function policy(more: Partial<Policy>): Promise<void> {
  const body = { ...initialPolicy, ...more };
  expect((await call(programmeContract, 'replace', { as: asRuler, body })).status).toBe(200);
}

async function accountOf(memberId: string): Promise<Record<string, unknown>> {
  return (await call(pointsContract, 'account', { as: asMember(memberId) })).body;
}

const spend = (memberId: string, amount: number) =>
  happens(memberId, { kind: 'SPEND', amount, reference: 'order:policies' });

describe('a programme whose points wait 40 days', () => {
  beforeAll(() => policy({ earning: { ...initialPolicy.earning, availableAfterDays: 40 } }));

  it('201 earns pending points, whose last day counts from the day on which they become available', async () => {
    const bought = await buy();
    expect(bought).toMatchObject({ points: 100, availableOn: '2027-01-02', lastDay: '2027-12-31' });
    expect(await accountOf(bought.memberId)).toMatchObject({ available: 0, pending: 100 });
    clock('2027-01-01T23:59:59.999+08:00');
    expect(await accountOf(bought.memberId)).toMatchObject({ available: 0, pending: 100 });
    clock('2027-01-02T00:00:00+08:00');
    expect(await accountOf(bought.memberId)).toMatchObject({ available: 100, pending: 0 });
  });

  it('201 a return takes its own pending first, and never another purchase’s', async () => {
    const first = await buy();
    const member = { memberId: first.memberId };
    await happens(first.memberId, { kind: 'ADJUST_UP', amount: 50, lots: { '2027-12-31': 50 }, reference: 'adj:1' });
    clock('2026-11-24T04:00:00.000Z');
    const second = await buy({ member });
    expect((await giveBack(second.number, { amountFen: 6_000 })).body).toMatchObject({ points: 60, taken: 60 });
    expect(await accountOf(first.memberId)).toMatchObject({ available: 50, pending: 140 });
    clock('2027-01-02T00:00:00+08:00');
    await spend(first.memberId, 150);
    expect(await accountOf(first.memberId)).toMatchObject({ available: 0, pending: 40 });
    expect((await giveBack(first.number, { amountFen: 10_000 })).body).toMatchObject({
      points: 100,
      taken: 0,
      owed: 100,
    });
    expect(await accountOf(first.memberId)).toMatchObject({ available: 0, pending: 40, debt: 100 });
  });

  it('201 a return never takes more than its purchase earned out of what both of a day wait for', async () => {
    const first = await buy();
    const second = await buy({ member: { memberId: first.memberId } });
    for (const amountFen of [4_000, 6_000]) await giveBack(second.number, { amountFen });
    expect(await accountOf(first.memberId)).toMatchObject({ pending: 100, debt: 0 });
    expect((await giveBack(second.number, { amountFen: 1 })).body.code).toBe('purchases.return_exceeds');
  });
});

describe.each([
  ['CLAMP', { owed: 0, lost: 70, offset: 0 }],
  ['OFFSET_CASH', { owed: 0, lost: 0, offset: 70 }],
] as const)('a programme whose shortage is %s', (shortage, parts) => {
  beforeAll(() => policy({ shortage }));

  it('201 says where the points were that are gone', async () => {
    const { number, memberId } = await buy();
    await spend(memberId, 70);
    expect((await giveBack(number, { amountFen: 10_000 })).body).toMatchObject({ points: 100, taken: 30, ...parts });
    expect(await accountOf(memberId)).toMatchObject({ available: 0, debt: 0 });
  });
});

describe('a programme that has changed since the purchase', () => {
  it('201 works the rest out by the rule and version that earned, and takes the shortage and days in force', async () => {
    await policy({ earning: { ...initialPolicy.earning, rateBps: 15_000, rounding: 'CEIL' } });
    const { number, points, memberId } = await buy({ amountFen: 9_999 });
    expect(points).toBe(150);
    await policy({ returnsUntilDays: 1, shortage: 'CLAMP' });
    await spend(memberId, 150);
    expect((await giveBack(number, { amountFen: 1_000 })).body).toMatchObject({ points: 15, lost: 15 });
    clock('2026-11-25T04:00:00.000Z');
    expect((await giveBack(number, { amountFen: 1_000 })).body).toMatchObject({
      code: 'purchases.return_closed',
      until: '2026-11-24',
    });
  });
});
