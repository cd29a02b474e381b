import { describe, expect, it } from 'vitest';
import { addDays, dayOf, endOfMonth, endOfYear, lapsesAt, startOfDay } from '../../shared/platform/calendar-day.ts';

const HOUR = 3_600_000;

/** The clock on the wall there, by nothing but `Intl`. */
function wall(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

const dayOnTheWall = (at: number, zone: string) => wall(at, zone).slice(0, 10);

/** The first millisecond on which the wall shows this day: looked for by halves, with no arithmetic of zones. */
function firstInstantOf(day: string, zone: string): number {
  let before = Date.parse(`${day}T00:00:00Z`) - 16 * HOUR;
  let after = before + 32 * HOUR;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOnTheWall(middle, zone) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** Days that begin after a month's end, a year's end, a leap day and the day that is none, and in the middle of nowhere. */
const DAYS = [
  '2000-02-29',
  '2000-03-01',
  '2024-02-29',
  '2024-03-01',
  '2026-03-01',
  '2026-05-01',
  '2026-08-01',
  '2026-11-24',
  '2026-12-31',
  '2027-01-01',
  '2028-02-29',
  '2028-03-01',
  '2029-01-01',
  '2100-03-01',
];

/** Zones, and the days there on which the clock is moved, with the day after. */
const ZONES: Record<string, string[]> = {
  'Asia/Shanghai': [],
  'Asia/Kolkata': [],
  'Asia/Kathmandu': [],
  'Pacific/Kiritimati': [],
  'Australia/Lord_Howe': ['2026-04-05', '2026-04-06', '2026-10-04', '2026-10-05'],
  'America/New_York': ['2026-03-08', '2026-03-09', '2026-11-01', '2026-11-02'],
  'America/St_Johns': ['2026-03-08', '2026-03-09', '2026-11-01', '2026-11-02'],
  'Europe/London': ['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26'],
  // Here midnight itself is skipped in one season, and the hour before it comes twice in the other.
  'America/Santiago': ['2026-04-04', '2026-04-05', '2026-09-06', '2026-09-07'],
  'Africa/Cairo': ['2026-04-24', '2026-04-25', '2026-10-29', '2026-10-30'],
};

const boundaries = Object.entries(ZONES).flatMap(([zone, moved]) => [...DAYS, ...moved].map((day) => ({ zone, day })));

describe('a day by our calendar and by the clock on the wall', () => {
  it('is asked at more than 120 instants, in ten zones', () => {
    expect(boundaries.length * 3).toBeGreaterThan(120);
    expect(boundaries).toHaveLength(10 * DAYS.length + 24);
  });

  it.each(boundaries)('$day in $zone begins when the wall says so', ({ zone, day }) => {
    const start = firstInstantOf(day, zone);
    const yesterday = dayOnTheWall(start - 1, zone);
    expect(startOfDay(day, zone)).toBe(start);
    expect(lapsesAt(yesterday, zone)).toBe(start);
    expect([start - 1, start, start + 1].map((at) => dayOf(at, zone))).toEqual([yesterday, day, day]);
    expect([addDays(day, -1), addDays(yesterday, 1)]).toEqual([yesterday, day]);
  });

  it.each(boundaries)(
    '$day in $zone has the month and the year whose last millisecond the wall shows',
    ({ zone, day }) => {
      const [year = 0, month = 0] = day.split('-').map(Number);
      const nextMonth = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
      const [monthOver, yearOver] = [nextMonth, `${year + 1}-01-01`].map((first) => firstInstantOf(first, zone));
      expect(endOfMonth(day)).toBe(dayOnTheWall((monthOver ?? 0) - 1, zone));
      expect(endOfYear(day)).toBe(dayOnTheWall((yearOver ?? 0) - 1, zone));
      expect(lapsesAt(endOfMonth(day), zone)).toBe(monthOver);
      expect(lapsesAt(endOfYear(day), zone)).toBe(yearOver);
    },
  );

  it('has zones in which a day begins at one o’clock, and one of 23 and a half hours', () => {
    const length = (day: string, zone: string) => (startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / HOUR;
    expect(wall(startOfDay('2026-09-06', 'America/Santiago'), 'America/Santiago')).toBe('2026-09-06 01:00:00');
    expect(wall(startOfDay('2026-04-24', 'Africa/Cairo'), 'Africa/Cairo')).toBe('2026-04-24 01:00:00');
    expect([length('2026-10-04', 'Australia/Lord_Howe'), length('2026-04-05', 'Australia/Lord_Howe')]).toEqual([
      23.5, 24.5,
    ]);
    expect([length('2026-04-04', 'America/Santiago'), length('2026-11-24', 'Asia/Kolkata')]).toEqual([25, 24]);
  });
});
