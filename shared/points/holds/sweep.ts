import { now } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { timeOut } from './holds.ts';
import { type Hold, openHolds } from './store.ts';

const PAGE = 100;
/** So many pages are swept at once; the next sweep goes on. */
const MAX_PAGES = 50;
const AT_ONCE = 10;

interface Counts {
  seen: number;
  timedOut: number;
  failed: number;
}

/** Times out these holds, a few at a time; one that fails is said so, and does not stop the others. */
async function sweepAll(holds: readonly Hold[], counts: Counts): Promise<void> {
  for (let from = 0; from < holds.length; from += AT_ONCE) {
    const some = holds.slice(from, from + AT_ONCE);
    const swept = await Promise.allSettled(some.map(({ holdId }) => timeOut(holdId)));
    swept.forEach((one, i) => {
      counts.seen += 1;
      if (one.status === 'fulfilled') counts.timedOut += one.value ? 1 : 0;
      else {
        counts.failed += 1;
        logger.error('a hold that cannot be ended', { holdId: some[i]?.holdId, error: one.reason as Error });
      }
    });
  }
}

/**
 * Ends every hold whose time is over and gives its points back. However often it runs and wherever it was stopped:
 * each hold ends once.
 */
export async function sweepHolds(): Promise<Counts> {
  const counts = { seen: 0, timedOut: 0, failed: 0 };
  const at = now();
  let after: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await openHolds(after, PAGE);
    const overdue = page.filter(({ expiresAt }) => expiresAt <= at);
    await sweepAll(overdue, counts);
    after = page.at(-1)?.gsi2sk;
    if (after === undefined || overdue.length < page.length) break;
  }
  return counts;
}
