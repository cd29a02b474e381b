import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../shared/platform/calendar-day.ts';
import {
  type Expiry,
  faultsOf,
  lastDayFor,
  lotsAlive,
  MAX_LOTS,
  pointsFor,
  removedCurrencies,
} from '../../shared/programme/rules.ts';

const days = (count: number, roundTo?: 'DAY' | 'MONTH' | 'YEAR'): Expiry => ({
  policy: 'ROLLING_DAYS',
  days: count,
  roundTo,
});
const months = (count: number, roundTo?: 'DAY' | 'MONTH' | 'YEAR'): Expiry => ({
  policy: 'ROLLING_MONTHS',
  months: count,
  roundTo,
});
const until = (lastDay: string): Expiry => ({ policy: 'FIXED_DATE', lastDay });

describe('the last day of a grant', () => {
  it.each<[Expiry, string, string]>([
    [{ policy: 'END_OF_YEAR' }, '2026-01-01', '2026-12-31'],
    [{ policy: 'END_OF_YEAR' }, '2026-12-31', '2026-12-31'],
    [{ policy: 'END_OF_NEXT_YEAR' }, '2026-01-01', '2027-12-31'],
    [{ policy: 'END_OF_NEXT_YEAR' }, '2024-02-29', '2025-12-31'],
    [days(1), '2026-12-31', '2027-01-01'],
    [days(30), '2026-01-31', '2026-03-02'],
    [days(30), '2024-01-31', '2024-03-01'],
    [days(365), '2024-01-01', '2024-12-31'],
    [days(365), '2026-01-01', '2027-01-01'],
    [days(1, 'MONTH'), '2026-01-31', '2026-02-28'],
    [days(30, 'MONTH'), '2026-01-31', '2026-03-31'],
    [days(366, 'YEAR'), '2026-12-31', '2028-12-31'],
    [months(1, 'DAY'), '2026-01-31', '2026-02-28'],
    [months(1, 'DAY'), '2024-01-31', '2024-02-29'],
    [months(12, 'DAY'), '2024-02-29', '2025-02-28'],
    [months(48, 'DAY'), '2024-02-29', '2028-02-29'],
    [months(1), '2026-01-31', '2026-02-28'],
    [months(1), '2026-02-28', '2026-03-31'],
    [months(1), '2026-01-01', '2026-02-28'],
    [months(12), '2024-02-29', '2025-02-28'],
    [months(12), '2023-02-28', '2024-02-29'],
    [months(1, 'YEAR'), '2026-12-01', '2027-12-31'],
    [until('2026-06-30'), '2026-01-01', '2026-06-30'],
    [until('2026-06-30'), '2026-07-01', '2026-06-30'],
    [{ policy: 'NEVER' }, '2026-01-01', '9999-12-31'],
  ])('%j on %s is %s', (expiry, day, lastDay) => {
    expect(lastDayFor(expiry, day)).toBe(lastDay);
  });
});

describe('how many last days are alive', () => {
  it.each<[Expiry, boolean]>([
    [{ policy: 'END_OF_YEAR' }, true],
    [{ policy: 'END_OF_NEXT_YEAR' }, true],
    [{ policy: 'NEVER' }, true],
    [until('2026-12-31'), true],
    [days(39), true],
    [days(40), false],
    [days(366), false],
    [days(366, 'MONTH'), true],
    [days(3_660, 'YEAR'), true],
    [months(1, 'DAY'), true],
    [months(2, 'DAY'), false],
    [months(12), true],
    [months(36), true],
    [months(40), false],
    [months(120, 'YEAR'), true],
  ])('%j: an account can carry them: %s', (expiry, carried) => {
    expect(lotsAlive(expiry) <= MAX_LOTS).toBe(carried);
  });

  it.each<Expiry>([
    { policy: 'END_OF_YEAR' },
    { policy: 'END_OF_NEXT_YEAR' },
    days(1),
    days(39),
    days(1, 'MONTH'),
    days(29, 'MONTH'),
    days(59, 'MONTH'),
    days(84, 'MONTH'),
    days(365, 'MONTH'),
    days(1, 'YEAR'),
    days(366, 'YEAR'),
    days(731, 'YEAR'),
    months(1, 'DAY'),
    months(1),
    months(2),
    months(13),
    months(1, 'YEAR'),
    months(12, 'YEAR'),
    months(13, 'YEAR'),
  ])('is never more than what is said of %j, whoever is granted something each day', (expiry) => {
    const lots = new Set<string>();
    let most = 0;
    for (let day = '2023-01-01'; day < '2029-01-02'; day = addDays(day, 1)) {
      lots.add(lastDayFor(expiry, day));
      for (const lot of lots) if (lot < day) lots.delete(lot);
      most = Math.max(most, lots.size);
    }
    expect(most).toBeLessThanOrEqual(lotsAlive(expiry));
  });
});

describe('points for money', () => {
  it.each([
    [12_860, 10_000, 'FLOOR', 128],
    [12_860, 10_000, 'ROUND_HALF_UP', 129],
    [12_860, 10_000, 'CEIL', 129],
    [12_849, 10_000, 'ROUND_HALF_UP', 128],
    [12_850, 10_000, 'ROUND_HALF_UP', 129],
    [12_801, 10_000, 'CEIL', 129],
    [12_800, 10_000, 'CEIL', 128],
    [60, 10_000, 'FLOOR', 0],
    [60, 10_000, 'ROUND_HALF_UP', 1],
    [1, 10_000, 'CEIL', 1],
    [1, 1, 'FLOOR', 0],
    [100, 0, 'CEIL', 0],
    [12_860, 15_000, 'FLOOR', 192],
    [29, 10_000 * 100, 'FLOOR', 29],
    [100_000_000_000, 1_000_000, 'FLOOR', 100_000_000_000],
    [99_999_999_999, 999_999, 'FLOOR', 99_999_899_999],
  ] as const)('%i fen at %i bps, %s, is %i', (amountFen, rateBps, rounding, points) => {
    expect(pointsFor(amountFen, rateBps, rounding)).toBe(points);
  });

  it('is exact for every amount and rate', () => {
    const amount = fc.integer({ min: 1, max: 100_000_000_000 });
    const rate = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(amount, rate, (amountFen, rateBps) => {
        const exact = BigInt(amountFen) * BigInt(rateBps);
        const [whole, rest] = [Number(exact / 1_000_000n), exact % 1_000_000n];
        expect(pointsFor(amountFen, rateBps, 'FLOOR')).toBe(whole);
        expect(pointsFor(amountFen, rateBps, 'CEIL')).toBe(rest > 0n ? whole + 1 : whole);
        expect(pointsFor(amountFen, rateBps, 'ROUND_HALF_UP')).toBe(rest >= 500_000n ? whole + 1 : whole);
      }),
      { numRuns: 500 },
    );
  });
});

const rate = (from: string, to: string, take = 1, give = 1) => ({ from, to, take, give });

describe('what is wrong with a policy', () => {
  const points = { code: 'POINTS', expiry: { policy: 'END_OF_YEAR' } as Expiry };
  const coins = { code: 'COINS', expiry: { policy: 'NEVER' } as Expiry };
  const TODAY = '2026-11-23';

  it.each([
    ['nothing', [points, coins], [rate('POINTS', 'COINS'), rate('COINS', 'POINTS')], []],
    ['no POINTS', [coins], [], ['currencies']],
    ['a currency twice', [points, coins, coins], [], ['currencies.2.code']],
    ['too many last days', [{ ...points, expiry: days(40) }], [], ['currencies.0.expiry']],
    ['a date that has passed', [{ ...points, expiry: until('2026-11-22') }], [], ['currencies.0.expiry.lastDay']],
    ['a date that is today', [{ ...points, expiry: until(TODAY) }], [], []],
    ['an exchange for itself', [points], [rate('POINTS', 'POINTS')], ['exchange.0']],
    ['an exchange from nowhere', [points], [rate('X', 'POINTS')], ['exchange.0.from']],
    ['an exchange to nowhere', [points], [rate('POINTS', 'X')], ['exchange.0.to']],
    [
      'a gain there and back',
      [points, coins],
      [rate('POINTS', 'COINS', 1, 2), rate('COINS', 'POINTS')],
      ['exchange.0', 'exchange.1'],
    ],
    ['an exchange twice', [points, coins], [1, 2].map(() => rate('POINTS', 'COINS')), ['exchange.1']],
  ])('%s', (_, currencies, exchange, paths) => {
    const faults = faultsOf({ currencies, exchange }, TODAY);
    expect(faults.map(({ path }) => path)).toEqual(paths);
    for (const { message } of faults) expect(message).toMatch(/\w{3}/);
  });

  it('a currency that members may hold and that is gone', () => {
    const both = { currencies: [points, coins], exchange: [] };
    expect(removedCurrencies(both, { ...both, currencies: [points] })).toMatchObject([{ path: 'currencies' }]);
    expect(removedCurrencies({ ...both, currencies: [points] }, both)).toEqual([]);
    expect(removedCurrencies(both, { ...both, currencies: [coins, points] })).toEqual([]);
  });
});
