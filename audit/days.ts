import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** The last day of what never lapses. */
export const NEVER = '9999-12-31';

const QUARTER_MS = 900_000;

/** The day so many days later. */
export function daysAfter(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date + count)).toISOString().slice(0, 10);
}

/** The last day of a lot: a grace lot has a `g` behind it. */
export function lastDayOf(lot: string): string {
  return lot.replace(/g$/, '');
}

/** Days in one zone. */
export interface Calendar {
  dayOf(at: number): string;
  startOf(day: string): number;
}

function computeDay(at: number, zone: string): string {
  const there = Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(at), zone);
  return PlainDate.toString(ZonedDateTime.toPlainDate(there));
}

/** The calendar of a zone. It remembers: every zone of today turns its days on a quarter of an hour. */
export function calendarOf(zone: string): Calendar {
  const days = new Map<number, string>();
  return {
    dayOf(at) {
      if (at < 0 || at > 253_370_000_000_000) return computeDay(Math.min(Math.max(at, 0), 253_370_000_000_000), zone);
      const quarter = Math.floor(at / QUARTER_MS);
      const known = days.get(quarter);
      if (known !== undefined) return known;
      const day = computeDay(at, zone);
      days.set(quarter, day);
      return day;
    },
    startOf(day) {
      const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
      return PlainDate.toZonedDateTime(PlainDate.create(year, month, date), zone).epochMilliseconds;
    },
  };
}
