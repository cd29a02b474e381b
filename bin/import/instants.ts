import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?$/;

/** A day (its noon) or a time of the zone, as epoch milliseconds; undefined where there is no such day or time. */
export function instantOf(text: string, zone: string): number | undefined {
  const parts = LOCAL.exec(text)?.slice(1);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 12, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  try {
    const local = PlainDateTime.create(year, month, day, hour, minute, second);
    return PlainDateTime.toZonedDateTime(local, zone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** Whether this machine knows the zone. */
export function isZone(zone: string): boolean {
  return instantOf('2000-01-01', zone) !== undefined;
}
