import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../shared/platform/calendar-day.ts';
import { type Lots, lastDayOf, sum } from '../../shared/points/account.ts';
import { splitOver } from '../../shared/points/splitting.ts';

const NEVER = '9999-12-31';

describe('the lots of an exchange', () => {
  it.each<[string, Lots, number, string, Lots]>([
    ['one lot keeps its day', { '2026-12-31': 300 }, 3, NEVER, { '2026-12-31': 3 }],
    ['a policy that gives less shortens it', { '2027-12-31': 300 }, 3, '2026-12-31', { '2026-12-31': 3 }],
    [
      'lots that come to the same day are one',
      { '2027-06-30': 1, '2027-12-31': 2 },
      3,
      '2026-12-31',
      { '2026-12-31': 3 },
    ],
    ['a grace lot stays one', { '2026-12-20g': 100 }, 1, NEVER, { '2026-12-20g': 1 }],
    [
      'the larger remainder gets the odd unit',
      { '2026-12-31': 170, '2027-12-31': 130 },
      3,
      NEVER,
      { '2026-12-31': 2, '2027-12-31': 1 },
    ],
    [
      'but none that would gain a day',
      { '2026-12-31': 130, '2027-12-31': 170 },
      3,
      NEVER,
      { '2026-12-31': 2, '2027-12-31': 1 },
    ],
    ['a lot that gets nothing is not there', { '2026-12-31': 49, '2027-12-31': 51 }, 1, NEVER, { '2026-12-31': 1 }],
    [
      'it is exact where products pass 2^53',
      { '2026-12-31': 999_999_999, '2027-12-31': 1 },
      1_000_000_000,
      NEVER,
      { '2026-12-31': 999_999_999, '2027-12-31': 1 },
    ],
  ])('%s', (_, draws, given, latest, lots) => {
    expect(splitOver(draws, given, latest)).toEqual(lots);
  });

  it('add up, are none of them empty, are within one of the exact share, and nothing counts longer than it did', () => {
    const day = fc.integer({ min: 0, max: 12 }).map((days) => addDays('2026-12-25', days));
    const lots = fc.dictionary(day, fc.integer({ min: 1, max: 1_000 }), { minKeys: 1, maxKeys: 8 });
    const check = (draws: Lots, given: number, latest: string) => {
      const split = splitOver(draws, given, latest);
      expect(sum(split)).toBe(given);
      for (const [lot, amount] of Object.entries(split)) {
        expect(amount).toBeGreaterThan(0);
        const source = Object.entries(draws).filter(([from]) => (from < latest ? from : latest) === lot);
        const exact = (sum(Object.fromEntries(source)) * given) / sum(draws);
        expect(Math.abs(amount - exact)).toBeLessThan(1);
        expect(lastDayOf(lot) <= latest).toBe(true);
        const from = (those: Lots) => sum(Object.fromEntries(Object.entries(those).filter(([one]) => one >= lot)));
        expect(from(split) * sum(draws)).toBeLessThanOrEqual(from(draws) * given);
      }
    };
    fc.assert(fc.property(lots, fc.integer({ min: 1, max: 5_000 }), day, check), { numRuns: 300 });
  });
});
