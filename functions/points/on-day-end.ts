import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { logger } from '../../shared/platform/logger.ts';
import { setting } from '../../shared/platform/settings.ts';
import { giveNotices } from '../../shared/points/notices.ts';
import { writeDownLapses } from '../../shared/points/points.ts';

interface Counts {
  seen: number;
  written: number;
}

/** Writes down what lapsed with the day that ended when this was due, then tells members what will lapse. */
export async function handler({ scheduledAt }: { scheduledAt: string }): Promise<{ lapses: Counts; notices: Counts }> {
  const today = dayOf(Date.parse(scheduledAt), setting('TIME_ZONE'));
  const lastDay = addDays(today, -1);
  const lapses = await writeDownLapses(lastDay);
  const notices = await giveNotices(today);
  logger.info('a day has ended', { lastDay, lapses, notices });
  return { lapses, notices };
}
