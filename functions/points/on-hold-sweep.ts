import { logger } from '../../shared/platform/logger.ts';
import { sweepHolds } from '../../shared/points/holds/sweep.ts';

/** Ends the holds whose time is over. Where one cannot be ended it fails in the end, so that it is seen. */
export async function handler(): Promise<{ seen: number; timedOut: number }> {
  const { failed, ...counts } = await sweepHolds();
  logger.info('holds were swept', { ...counts, failed });
  if (failed > 0) throw new Error(`${failed} holds cannot be ended.`);
  return counts;
}
