import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayOf,
  endOfMonth,
  endOfYear,
  lapsesAt,
  NEVER,
  startOfDay,
} from '../../shared/platform/calendar-day.ts';

const SHANGHAI = 'Asia/Shanghai';
const NEW_YORK = 'America/New_York';
const LORD_HOWE = 'Australia/Lord_Howe';

describe('the day of an instant', () => {
  it.each([
    ['2026-12-31T15:59:59.999Z', SHANGHAI, '2026-12-31'],
    ['2026-12-31T16:00:00.000Z', SHANGHAI, '2027-01-01'],
    ['2024-02-28T16:00:00.000Z', SHANGHAI, '2024-02-29'],
    ['2024-02-29T15:59:59.999Z', SHANGHAI, '2024-02-29'],
    ['2024-02-29T16:00:00.000Z', SHANGHAI, '2024-03-01'],
    ['2026-02-28T16:00:00.000Z', SHANGHAI, '2026-03-01'],
    ['1970-01-01T00:00:00.000Z', SHANGHAI, '1970-01-01'],
    ['2026-03-08T04:59:59.999Z', NEW_YORK, '2026-03-07'],
    ['2026-03-08T05:00:00.000Z', NEW_YORK, '2026-03-08'],
    ['2026-03-09T03:59:59.999Z', NEW_YORK, '2026-03-08'],
    ['2026-03-09T04:00:00.000Z', NEW_YORK, '2026-03-09'],
    ['2026-11-01T03:59:59.999Z', NEW_YORK, '2026-10-31'],
    ['2026-11-02T04:59:59.999Z', NEW_YORK, '2026-11-01'],
    ['2026-11-02T05:00:00.000Z', NEW_YORK, '2026-11-02'],
    ['2026-04-04T13:00:00.000Z', LORD_HOWE, '2026-04-05'],
    ['2026-04-05T13:29:59.999Z', LORD_HOWE, '2026-04-05'],
    ['2026-04-05T13:30:00.000Z', LORD_HOWE, '2026-04-06'],
  ])('%s in %s is %s', (at, zone, day) => {
    expect(dayOf(Date.parse(at), zone)).toBe(day);
  });
});

describe('the start of a day', () => {
  it.each([
    ['2027-01-01', SHANGHAI, '2026-12-31T16:00:00.000Z'],
    ['2026-03-08', NEW_YORK, '2026-03-08T05:00:00.000Z'],
    ['2026-03-09', NEW_YORK, '2026-03-09T04:00:00.000Z'],
    ['2026-11-01', NEW_YORK, '2026-11-01T04:00:00.000Z'],
    ['2026-11-02', NEW_YORK, '2026-11-02T05:00:00.000Z'],
    ['2026-10-04', LORD_HOWE, '2026-10-03T13:30:00.000Z'],
    ['2026-10-05', LORD_HOWE, '2026-10-04T13:00:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('%s in %s is %s', (day, zone, at) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(at);
  });

  it.each([SHANGHAI, NEW_YORK, LORD_HOWE, 'America/Sao_Paulo', 'Pacific/Apia', 'UTC'])(
    'is the first instant of that day on every day of nine years in %s',
    (zone) => {
      for (let day = '2011-12-01'; day < '2020-12-31'; day = addDays(day, day.endsWith('5') ? 3 : 1)) {
        const start = startOfDay(day, zone);
        const skipped = zone === 'Pacific/Apia' && day === '2011-12-30';
        if (!skipped) expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(start - 1, zone) < day).toBe(true);
      }
    },
  );
});

describe('later days', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-03-31', 1, '2026-04-30'],
  ])('%s and %i months is %s', (day, months, later) => {
    expect(addMonths(day, months)).toBe(later);
  });

  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-03-07', 2, '2026-03-09'],
  ])('%s and %i days is %s', (day, days, later) => {
    expect(addDays(day, days)).toBe(later);
  });

  it.each([
    ['2024-02-01', '2024-02-29', '2024-12-31', '2025-12-31'],
    ['2026-02-28', '2026-02-28', '2026-12-31', '2027-12-31'],
    ['2024-02-29', '2024-02-29', '2024-12-31', '2025-12-31'],
    ['2026-12-31', '2026-12-31', '2026-12-31', '2027-12-31'],
    ['2027-01-01', '2027-01-31', '2027-12-31', '2028-12-31'],
  ])('the month of %s ends on %s, its year on %s, the next on %s', (day, month, year, next) => {
    expect([endOfMonth(day), endOfYear(day), endOfYear(day, 1)]).toEqual([month, year, next]);
  });
});

describe('the instant at which a lot is gone', () => {
  it.each([
    ['2026-12-31', SHANGHAI, '2026-12-31T16:00:00.000Z'],
    ['2024-02-28', SHANGHAI, '2024-02-28T16:00:00.000Z'],
    ['2024-02-29', SHANGHAI, '2024-02-29T16:00:00.000Z'],
    ['2026-03-08', NEW_YORK, '2026-03-09T04:00:00.000Z'],
    ['2026-11-01', NEW_YORK, '2026-11-02T05:00:00.000Z'],
    ['2026-04-05', LORD_HOWE, '2026-04-05T13:30:00.000Z'],
  ])('of %s in %s is %s', (lastDay, zone, at) => {
    const gone = lapsesAt(lastDay, zone);
    expect(new Date(gone).toISOString()).toBe(at);
    expect([dayOf(gone - 1, zone) === lastDay, dayOf(gone, zone) > lastDay]).toEqual([true, true]);
  });

  it('never comes for what lasts for ever', () => {
    expect(lapsesAt(NEVER, SHANGHAI)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
