import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOfFirst, type Line } from '../../shared/earning/lines.ts';
import {
  type Asked,
  earningFen,
  occurrence,
  type Returnable,
  returnRefusal,
  taking,
} from '../../shared/earning/rules.ts';
import { Refusal } from '../../shared/errors.ts';

const line = (id: string, quantity: number, amountFen: number, earns = true): Line => ({
  line: id,
  quantity,
  amountFen,
  earns,
});

function bought(lines: Line[] | undefined, more: Partial<Returnable> = {}): Returnable {
  const amountFen = lines?.reduce((sum, one) => sum + one.amountFen, 0) ?? 10_000;
  return { amountFen, occurredAt: 0, ...(lines && { lines }), returnedFen: 0, ...more };
}

describe('parts of a line', () => {
  it.each([
    [1_000, 3, [333, 333, 334]],
    [2, 3, [0, 1, 1]],
    [0, 2, [0, 0]],
    [100_000_000_000, 7, [14285714285, 14285714286, 14285714286, 14285714285, 14285714286, 14285714286, 14285714286]],
  ])('%i fen in %i pieces', (amountFen, quantity, pieces) => {
    const upTo = Array.from({ length: quantity + 1 }, (_, i) => amountOfFirst({ amountFen, quantity }, i));
    expect(upTo.slice(1).map((sum, i) => sum - (upTo[i] ?? 0))).toEqual(pieces);
  });

  it('add up to the whole, in whatever parts they come back', () => {
    const amounts = fc.record({ quantity: fc.integer({ min: 1, max: 50 }), amountFen: fc.nat(100_000_000_000) });
    fc.assert(
      fc.property(
        amounts,
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }),
        ({ quantity, amountFen }, parts) => {
          let purchase = bought([line('1', quantity, amountFen)]);
          for (const part of [...parts, undefined]) {
            const took = taking(purchase, { lines: [{ line: '1', quantity: part }] });
            if (took instanceof Refusal) continue;
            expect(took.restEarningFen).toBe(purchase.amountFen - took.returnedFen);
            purchase = { ...purchase, returnedFen: took.returnedFen, returnedLines: took.returnedLines ?? {} };
          }
          expect(purchase.returnedFen).toBe(amountFen);
        },
      ),
    );
  });
});

describe('what a return takes', () => {
  const mixed = [line('tea', 2, 5_001), line('bag', 1, 999, false)];

  it.each<[string, Returnable, Asked, object]>([
    ['an amount', bought(undefined), { amountFen: 1 }, { amountFen: 1, returnedFen: 1, restEarningFen: 9_999 }],
    ['all', bought(undefined, { returnedFen: 1 }), { amountFen: 9_999 }, { returnedFen: 10_000, restEarningFen: 0 }],
    [
      'one piece',
      bought(mixed),
      { lines: [{ line: 'tea', quantity: 1 }] },
      { amountFen: 2_500, restEarningFen: 2_501 },
    ],
    ['a line', bought(mixed), { lines: [{ line: 'tea' }] }, { amountFen: 5_001, restEarningFen: 0 }],
    ['what does not earn', bought(mixed), { lines: [{ line: 'bag' }] }, { amountFen: 999, restEarningFen: 5_001 }],
    ['all as an amount', bought(mixed), { amountFen: 6_000 }, { returnedFen: 6_000, restEarningFen: 0 }],
    ['an amount of lines', bought([line('1', 2, 500)]), { amountFen: 7 }, { amountFen: 7, restEarningFen: 493 }],
  ])('%s', (_, purchase, asked, took) => {
    expect(taking(purchase, asked)).toMatchObject(took);
  });

  it.each<[string, Returnable, Asked, string, object]>([
    ['1 fen too many', bought(undefined), { amountFen: 10_001 }, 'return_exceeds', { leftFen: 10_000 }],
    ['nothing is left', bought(undefined, { returnedFen: 10_000 }), { amountFen: 1 }, 'return_exceeds', { leftFen: 0 }],
    [
      'an amount of lines of which some do not earn',
      bought(mixed),
      { amountFen: 5_999 },
      'lines_wrong',
      {
        lines: [
          { line: 'tea', quantity: 2, amountFen: 5_001 },
          { line: 'bag', quantity: 1, amountFen: 999 },
        ],
      },
    ],
    ['a line of none', bought(undefined), { lines: [{ line: '1' }] }, 'lines_wrong', { unknown: ['1'] }],
    [
      'an unknown line',
      bought(mixed),
      { lines: [{ line: 'tea' }, { line: 'constructor' }] },
      'lines_wrong',
      { unknown: ['constructor'] },
    ],
    [
      'too many pieces',
      bought(mixed),
      { lines: [{ line: 'tea', quantity: 3 }] },
      'return_exceeds',
      { lines: [{ line: 'tea', quantity: 2, amountFen: 5_001 }] },
    ],
    [
      'a line that is gone',
      bought(mixed, { returnedFen: 999, returnedLines: { bag: { quantity: 1, amountFen: 999 } } }),
      { lines: [{ line: 'bag' }] },
      'return_exceeds',
      { lines: [{ line: 'bag', quantity: 0, amountFen: 0 }] },
    ],
    [
      'a line of which money came back already',
      bought([line('1', 1, 500), line('2', 1, 500)], { returnedFen: 600 }),
      { lines: [{ line: '1' }] },
      'return_exceeds',
      { leftFen: 400 },
    ],
  ])('nothing for %s', (_, purchase, asked, code, details) => {
    expect(taking(purchase, asked)).toMatchObject({ code: `purchases.${code}`, details });
  });

  it('gives a free line back after all the money', () => {
    const purchase = bought([line('tea', 1, 500), line('gift', 1, 0), line('bag', 1, 5, false)], { returnedFen: 505 });
    expect(taking(purchase, { lines: [{ line: 'gift' }] })).toMatchObject({ amountFen: 0, restEarningFen: 0 });
  });
});

describe('what earns', () => {
  it('is all of a purchase without lines, or the lines that do', () => {
    expect(earningFen(10_000, undefined)).toBe(10_000);
    expect(earningFen(6_000, [line('tea', 2, 5_001), line('bag', 1, 999, false)])).toBe(5_001);
  });
});

describe('the time of a return', () => {
  const zone = 'Asia/Shanghai';
  const purchase = bought(undefined, { occurredAt: Date.parse('2026-12-01T23:59:59.999+08:00') });

  it.each([
    ['2026-12-01T23:59:59.999+08:00', undefined],
    ['2026-12-01T23:59:59.998+08:00', { code: 'purchases.return_too_early' }],
    ['2026-12-31T23:59:59.999+08:00', undefined],
    ['2027-01-01T00:00:00+08:00', { code: 'purchases.return_closed', details: { until: '2026-12-31' } }],
  ])('%s, with 30 days', (at, refusal) => {
    const found = returnRefusal(purchase, Date.parse(at), { returnsUntilDays: 30, zone });
    if (refusal) expect(found).toMatchObject(refusal);
    else expect(found).toBeUndefined();
  });
});

describe('when a report counts', () => {
  const now = Date.parse('2026-11-23T04:00:00.000Z');
  const DAY = 86_400_000;

  it.each([
    ['nothing given', undefined, true, { occurredAt: now, backfill: false }],
    ['a past time', now - DAY, false, { occurredAt: now - DAY, backfill: false }],
    ['a past time of who may', now - DAY, true, { occurredAt: now - DAY, backfill: true }],
    ['history of who may', now - 4_000 * DAY, true, { occurredAt: now - 4_000 * DAY, backfill: true }],
    ['history of who may not', now - 8 * DAY, false, { code: 'purchases.too_old' }],
    ['a time before 1970', -1, true, { code: 'purchases.too_old' }],
    ['a moment ahead', now + 1, true, { occurredAt: now + 1, backfill: false }],
    ['much ahead', now + DAY, true, { code: 'purchases.in_future' }],
  ])('%s', (_, given, mayBackfill, found) => {
    expect(occurrence(given, mayBackfill, now)).toMatchObject(found);
  });
});
