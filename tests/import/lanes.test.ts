import { describe, expect, it } from 'vitest';
import { lanesOf } from '../../bin/import/lanes.ts';
import type { PurchaseRow, ReturnRow } from '../../bin/import/rows.ts';

const NOON = 12 * 3_600_000;
const DAY = 86_400_000;
const dayText = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
let line = 1;

const bought = (number: string, customer: string, day: number, more: Partial<PurchaseRow> = {}): PurchaseRow => ({
  kind: 'purchase',
  file: 'p.csv',
  line: (line += 1),
  number,
  customer,
  amountFen: 100,
  day: dayText(day),
  at: day * DAY + NOON,
  ...more,
});

const back = (number: string, purchase: string, customer: string, at: number): ReturnRow => ({
  kind: 'return',
  file: 'r.csv',
  line: (line += 1),
  number,
  purchase,
  customer,
  amountFen: 50,
  day: dayText(Math.floor(at / DAY)),
  at,
});

const told = (lanes: ReturnType<typeof lanesOf>['lanes']) =>
  lanes.map((lane) => lane.map(({ number, at }) => `${number}@${at / DAY}`).join(' '));

describe('both files merged', () => {
  it('are one lane a customer, the longest first, each in order of time', () => {
    const purchases = [bought('P1', 'a', 3), bought('P2', 'b', 1), bought('P3', 'a', 1), bought('P4', 'a', 2)];
    const returns = [back('R1', 'P3', 'a', 2 * DAY), back('R2', 'P2', 'b', 9 * DAY)];
    expect(told(lanesOf(purchases, returns).lanes)).toEqual(['P3@1.5 R1@2 P4@2.5 P1@3.5', 'P2@1.5 R2@9']);
  });

  it('put a return at its own time or its purchase’s, whichever is later, and after it', () => {
    const purchases = [bought('P1', 'a', 1), bought('P2', 'a', 1)];
    const morning = back('R1', 'P2', 'a', DAY + 1);
    const noon = back('R2', 'P1', 'a', DAY + NOON);
    expect(told(lanesOf(purchases, [morning, noon]).lanes)).toEqual(['P1@1.5 P2@1.5 R1@1.5 R2@1.5']);
  });

  it('keep the order of the file where two are of one instant', () => {
    const purchases = ['P3', 'P1', 'P2'].map((number) => bought(number, 'a', 1));
    expect(told(lanesOf(purchases, []).lanes)).toEqual(['P3@1.5 P1@1.5 P2@1.5']);
  });

  it('leave it to the API to say when a purchase was that is not in them', () => {
    const { lanes, faults } = lanesOf([], [back('R1', 'OLD', 'a', DAY)]);
    expect([lanes, faults]).toMatchObject([[[{ number: 'R1', unmatched: true, at: DAY }]], []]);
  });

  it('refuse a return of another customer’s purchase, or of a day before it', () => {
    const purchases = [bought('P1', 'a', 2)];
    const { lanes, faults } = lanesOf(purchases, [back('R1', 'P1', 'b', 9 * DAY), back('R2', 'P1', 'a', 2 * DAY - 1)]);
    expect(told(lanes)).toEqual(['P1@2.5']);
    expect(faults.map(({ reason }) => reason)).toEqual(["P1 is another customer's", 'lies before its purchase P1']);
  });

  it('refuse a number that stands twice with other content; the same again is sent again', () => {
    const first = bought('P1', 'a', 1);
    const same = { ...first, line: 99 };
    const other = bought('P1', 'b', 1);
    const { lanes, faults } = lanesOf([first, same, other], []);
    expect(told(lanes)).toEqual(['P1@1.5 P1@1.5']);
    expect(faults).toMatchObject([
      { line: other.line, reason: expect.stringContaining(`line ${first.line}`) as string },
    ]);
  });
});
