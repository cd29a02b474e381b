import { Temporal } from 'temporal-polyfill';

/** A local day of the programme, `YYYY-MM-DD`; days compare as text. */
export type Day = string;

/** The last day of what never lapses. */
export const NEVER: Day = '9999-12-31';

/** The local day on which this instant falls. */
export function dayOf(at: number, zone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first instant of the day: its 00:00, or the first minute that exists where a clock change skips it. */
export function startOfDay(day: Day, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}

/** The day `count` days later. */
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/** The day `count` months later, clamped to the month's end: 31 January + 1 is 28 or 29 February. */
export function addMonths(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ months: count }).toString();
}

/** The last day of this day's month. */
export function endOfMonth(day: Day): Day {
  const date = Temporal.PlainDate.from(day);
  return date.with({ day: date.daysInMonth }).toString();
}

/** 31 December of this day's year, or of `later` years after it. */
export function endOfYear(day: Day, later = 0): Day {
  const date = Temporal.PlainDate.from(day);
  return date.with({ year: date.year + later, month: 12, day: 31 }).toString();
}

/** The instant from which a lot with this last day is gone: 00:00 of the day after. */
export function lapsesAt(lastDay: Day, zone: string): number {
  return lastDay === NEVER ? Number.MAX_SAFE_INTEGER : startOfDay(addDays(lastDay, 1), zone);
}

/** Whether the zone is one that this machine knows by its IANA name. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
