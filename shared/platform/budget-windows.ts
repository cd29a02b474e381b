import { addDays, type Day, dayOf, minuteOfDay, startOfDay } from './calendar-day.ts';
import { setting } from './settings.ts';

/** How much there may be of something within an hour and a day of the programme's zone. */
export interface Limits {
  hour: number;
  day: number;
}

/** How much there was of it, this one with it. */
export type Spent = Limits;

/** An hour of a day of the programme's zone: 0 to 23. */
export interface Window {
  day: Day;
  hour: number;
}

export function windowOf(at: number): Window {
  const zone = setting('TIME_ZONE');
  return { day: dayOf(at, zone), hour: Math.floor(minuteOfDay(at, zone) / 60) };
}

export function isSpent({ hour, day }: Spent, limits: Limits): boolean {
  return hour >= limits.hour || day >= limits.day;
}

/** In how many seconds a budget that is spent begins anew. */
export function secondsUntilRoom(spent: Spent, limits: Limits, at: number): number {
  const zone = setting('TIME_ZONE');
  const dayEnds = startOfDay(addDays(dayOf(at, zone), 1), zone);
  const hourEnds = at - (at % 60_000) + (60 - (minuteOfDay(at, zone) % 60)) * 60_000;
  const ends = spent.day >= limits.day ? dayEnds : Math.min(hourEnds, dayEnds);
  return Math.max(1, Math.ceil((ends - at) / 1_000));
}

/** Which alarm is due when so many of so many are spent. Said at each whole percent, so that a lost line comes again. */
export function levelOf(spent: number, limit: number): 50 | 80 | 100 | undefined {
  if (spent >= limit) return 100;
  if ((spent * 100) % limit >= 100) return undefined;
  const percent = Math.floor((spent * 100) / limit);
  return percent >= 80 ? 80 : percent >= 50 ? 50 : undefined;
}
