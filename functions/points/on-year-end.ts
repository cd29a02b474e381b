import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { logger } from '../../shared/platform/logger.ts';
import { setting } from '../../shared/platform/settings.ts';
import { writeDownLapses } from '../../shared/points/points.ts';

/** Writes down what lapsed with the day that ended when this was due. */
export async function handler({ scheduledAt }: { scheduledAt: string }): Promise<{ seen: number; written: number }> {
  const lastDay = addDays(dayOf(Date.parse(scheduledAt), setting('TIME_ZONE')), -1);
  const counts = await writeDownLapses(lastDay);
  logger.info('lapses written down', { lastDay, ...counts });
  return counts;
}
