import { retryDue } from '../../shared/partners/webhooks/deliveries.ts';
import { elapsed } from '../../shared/platform/clock.ts';
import { logger } from '../../shared/platform/logger.ts';

/** Shorter than the schedule, so that one run ends before the next begins. */
const LONGEST_MS = 240_000;

/** Tells partners again what did not arrive. */
export async function handler(): Promise<{ due: number }> {
  const started = elapsed();
  const due = await retryDue(() => elapsed() - started < LONGEST_MS);
  logger.info('webhooks were tried again', { due });
  return { due };
}
