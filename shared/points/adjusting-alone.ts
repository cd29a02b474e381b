import { Refusal } from '../errors.ts';
import { makerOf } from '../partners/partners.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { setting } from '../platform/settings.ts';
import { adjustmentLimit, programme } from '../programme/programme.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { findAdjustedAlone, sumAlone } from './store.ts';

/** What a caller moves alone on a day, as a multiple of what they may at once: many small ones are one large one. */
const TIMES_A_DAY = 10;

/**
 * The write that counts these points as adjusted, or merged, without a second person, in the transaction that moves
 * them; refused where they are too many at once, or too many on this day of the programme. Up and down, merges and all
 * currencies add up; of an adjustment, what was asked for. What a client does counts for whoever made it.
 */
export async function aloneWrite(caller: string, points: number, { at, reading }: Basis): Promise<Write> {
  const maxPointsAlone = adjustmentLimit(await programme());
  const by = await makerOf(caller);
  const day = dayOf(at, setting('TIME_ZONE'));
  const before = await findAdjustedAlone(by, day, reading);
  const leftToday = Math.max(0, maxPointsAlone * TIMES_A_DAY - before);
  if (points > Math.min(maxPointsAlone, leftToday)) {
    throw new Refusal('staff.approval_needed', { maxPointsAlone, leftToday });
  }
  return sumAlone({ by, day, points: before + points }, before);
}
