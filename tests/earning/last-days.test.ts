import { afterEach, describe, expect, it } from 'vitest';
import { addDays } from '../../shared/platform/calendar-day.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Policy } from '../../shared/programme/contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asMember, asRuler, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { buy } from '../support/purchases.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => clock(START));

type Expiry = Policy['currencies'][number]['expiry'];

async function policy(expiry: Expiry): Promise<void> {
  const currencies = initialPolicy.currencies.map((one) => (one.code === 'POINTS' ? { ...one, expiry } : one));
  const body = { ...initialPolicy, currencies };
  expect((await call(programmeContract, 'replace', { as: asRuler, body })).status).toBe(200);
}

const available = async (memberId: string) =>
  (await call(pointsContract, 'account', { as: asMember(memberId) })).body.available;

describe('POST /v1/purchases under each policy 到期规则', () => {
  it.each<[Expiry, string, string, string]>([
    [{ policy: 'END_OF_YEAR' }, '2026-12-31', '2027-12-31', '2026-12-31'],
    [{ policy: 'END_OF_NEXT_YEAR' }, '2027-12-31', '2028-12-31', '2026-12-31'],
    [{ policy: 'ROLLING_DAYS', days: 30 }, '2027-01-01', '2027-01-02', '2026-12-02'],
    [{ policy: 'ROLLING_MONTHS', months: 3 }, '2027-02-28', '2027-03-31', '2026-11-30'],
    [{ policy: 'FIXED_DATE', lastDay: '2027-06-30' }, '2027-06-30', '2027-06-30', '2026-12-02'],
    [{ policy: 'NEVER' }, '9999-12-31', '9999-12-31', '2026-12-31'],
  ])('201 %j: until %s in the last millisecond of a day, until %s in the next', async (expiry, first, second, day) => {
    await policy(expiry);
    clock(`${day}T23:59:59.999+08:00`);
    const last = await buy();
    clock(`${addDays(day, 1)}T00:00:00.000+08:00`);
    const next = await buy();
    expect([last, next]).toMatchObject([{ lastDay: first }, { lastDay: second }]);
    if (expiry.policy === 'NEVER') return;
    clock(`${first}T23:59:59.999+08:00`);
    expect(await available(last.memberId)).toBe(100);
    clock(`${addDays(first, 1)}T00:00:00.000+08:00`);
    expect([await available(last.memberId), await available(next.memberId)]).toEqual([0, first === second ? 0 : 100]);
  });
});
