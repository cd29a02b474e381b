import type { Context } from 'aws-lambda';
import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { elapsed } from '../../shared/platform/clock.ts';
import { logger } from '../../shared/platform/logger.ts';
import { setting } from '../../shared/platform/settings.ts';
import { endDay } from '../../shared/points/day-end.ts';

/** The pages that are under way have so long to finish before the function is stopped. */
const RESERVE_MS = 60_000;

/**
 * Writes down what lapsed with the day that ended when this was due, then tells members what will lapse. Where the time
 * of one invocation is not enough it fails, and the next try goes on where this one stopped.
 */
export async function handler(
  { scheduledAt }: { scheduledAt: string },
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) {
  const today = dayOf(Date.parse(scheduledAt), setting('TIME_ZONE'));
  const stopAt = elapsed() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const done = await endDay(today, () => elapsed() < stopAt);
  logger.info('a day has ended', { lastDay: addDays(today, -1), ...done });
  if (!done.lapses.finished || !done.notices.finished) throw new Error(`The end of a day goes on: ${today}.`);
  return done;
}
