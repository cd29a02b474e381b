import type { Context } from 'aws-lambda';
import { calendar } from '../../shared/calendar.ts';
import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { elapsed, now } from '../../shared/platform/clock.ts';
import { logger } from '../../shared/platform/logger.ts';
import { setting } from '../../shared/platform/settings.ts';
import { endDay } from '../../shared/points/day-end.ts';

/** The pages that are under way have so long to finish before the function is stopped. */
const RESERVE_MS = 60_000;
/** The calendar's clock and ours may differ by so much. */
const AHEAD_MS = 60_000;

/** When this was due. What has not come yet must not be ended: it would count as done when it does come. */
function dueAt(scheduledAt: unknown): number {
  const at =
    typeof scheduledAt === 'string' && /^\d{4}-\d\d-\d\dT/.test(scheduledAt) ? Date.parse(scheduledAt) : Number.NaN;
  if (!(at <= now() + AHEAD_MS)) throw new Error('The end of a day was not due, or does not say when it was.');
  return at;
}

/**
 * Writes down what lapsed with the day that ended when this was due, then tells members what will lapse. Where the time
 * of one invocation is not enough it fails, and the next try goes on where this one stopped.
 */
export async function handler(
  { scheduledAt }: { scheduledAt: string },
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) {
  const today = dayOf(dueAt(scheduledAt), setting('TIME_ZONE'));
  const stopAt = elapsed() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const done = await endDay(today, () => elapsed() < stopAt);
  const told = { lastDay: addDays(today, -1), ...done };
  if (!done.lapses.finished || !done.notices.finished) {
    logger.info('a day is not over yet', told);
    throw new Error(`The end of a day goes on: ${today}.`);
  }
  logger.info(calendar['day-end'].done, told);
  return done;
}
