import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** A local day of the programme, `YYYY-MM-DD`; days compare as text. */
export type Day = string;

/** The last day of what never lapses. */
export const NEVER: Day = '9999-12-31';

function dateOf(day: Day): PlainDate.Record {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return PlainDate.create(year, month, date);
}

/** The local day on which this instant falls. */
export function dayOf(at: number, zone: string): Day {
  const here = Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(at), zone);
  return PlainDate.toString(ZonedDateTime.toPlainDate(here));
}

/** How many minutes the clocks show at this instant since 00:00. */
export function minuteOfDay(at: number, zone: string): number {
  const { hour, minute } = Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(at), zone);
  return hour * 60 + minute;
}

/** The first instant of the day: its 00:00, or the first minute that exists where a clock change skips it. */
export function startOfDay(day: Day, zone: string): number {
  return PlainDate.toZonedDateTime(dateOf(day), zone).epochMilliseconds;
}

/** The day `count` days later. */
export function addDays(day: Day, count: number): Day {
  return PlainDate.toString(PlainDate.addDays(dateOf(day), count));
}

/** The day `count` months later, clamped to the month's end: 31 January + 1 is 28 or 29 February. */
export function addMonths(day: Day, count: number): Day {
  return PlainDate.toString(PlainDate.addMonths(dateOf(day), count));
}

/** The last day of this day's month. */
export function endOfMonth(day: Day): Day {
  const date = dateOf(day);
  return PlainDate.toString(PlainDate.withDayOfMonth(date, PlainDate.daysInMonth(date)));
}

/** 31 December of this day's year, or of `later` years after it. */
export function endOfYear(day: Day, later = 0): Day {
  return `${Number(day.slice(0, 4)) + later}-12-31`;
}

/** The instant from which a lot with this last day is gone: 00:00 of the day after. */
export function lapsesAt(lastDay: Day, zone: string): number {
  return lastDay === NEVER ? Number.MAX_SAFE_INTEGER : startOfDay(addDays(lastDay, 1), zone);
}
