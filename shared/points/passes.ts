import type { Day } from '../platform/calendar-day.ts';
import { logger } from '../platform/logger.ts';
import { type AccountId, LAPSE_PARTS, type Lapsing, lapsing, type PassState, passDone, passWent } from './store.ts';

/** Does what is to be done for one account; whether anything was written. */
export type Visit = (account: AccountId) => Promise<boolean>;

/** How many accounts were visited, for how many something was written, and for how many it failed. */
export interface Counts {
  seen: number;
  written: number;
  failed: number;
}

/** Where a pass goes on, and how it remembers how far it is. */
interface Progress {
  after(part: number): string | undefined;
  keep(part: number, after: string): Promise<void>;
  mayGoOn(): boolean;
}

/** A pass through one day of the lapse calendar: what for, and until when it may run. */
export interface Pass {
  lastDay: Day;
  what: string;
  mayGoOn: () => boolean;
}

/** In each of the parts so many accounts are visited at once. */
const AT_ONCE = 4;
const NOTHING: Counts = { seen: 0, written: 0, failed: 0 };

export function added(one: Counts, other: Counts): Counts {
  return { seen: one.seen + other.seen, written: one.written + other.written, failed: one.failed + other.failed };
}

/** One account that fails does not keep the others waiting. */
async function visitOne({ memberId, currency }: AccountId, visit: Visit): Promise<Counts> {
  try {
    const written = await visit({ memberId, currency });
    return { seen: 1, written: written ? 1 : 0, failed: 0 };
  } catch (error) {
    logger.error('an account is left for the next try', { memberId, currency, error: error as Error });
    return { seen: 1, written: 0, failed: 1 };
  }
}

async function visitPage(page: readonly Lapsing[], visit: Visit): Promise<Counts> {
  const waiting = page.values();
  const visitor = async () => {
    let counts = NOTHING;
    for (const account of waiting) counts = added(counts, await visitOne(account, visit));
    return counts;
  };
  return (await Promise.all(Array.from({ length: AT_ONCE }, visitor))).reduce(added, NOTHING);
}

async function visitPart(lastDay: Day, part: number, visit: Visit, progress: Progress) {
  let counts = NOTHING;
  let after = progress.after(part);
  do {
    if (!progress.mayGoOn()) return { counts, finished: false };
    const { accounts, next } = await lapsing(lastDay, part, after);
    counts = added(counts, await visitPage(accounts, visit));
    // What failed is tried again: the place from which a later try goes on stays before it.
    if (next !== undefined && counts.failed === 0) await progress.keep(part, next);
    after = next;
  } while (after !== undefined);
  return { counts, finished: counts.failed === 0 };
}

async function visitParts(lastDay: Day, visit: Visit, progress: Progress) {
  const parts = Array.from({ length: LAPSE_PARTS }, (_, part) => visitPart(lastDay, part, visit, progress));
  const all = await Promise.all(parts);
  return {
    counts: all.map(({ counts }) => counts).reduce(added, NOTHING),
    finished: all.every(({ finished }) => finished),
  };
}

/**
 * Visits every account in the lapse calendar of this day that no earlier run of the same pass has visited: it goes on
 * after the pages that are finished, and does nothing once all are.
 */
export async function runPass({ lastDay, what, mayGoOn }: Pass, states: readonly PassState[], visit: Visit) {
  const own = states.filter((state) => state.lastDay === lastDay && state.what === what);
  if (own.some(({ part }) => part === undefined)) return { counts: NOTHING, finished: true };
  const { counts, finished } = await visitParts(lastDay, visit, {
    after: (one) => own.find(({ part }) => part === one)?.after,
    keep: (part, after) => passWent({ lastDay, what, part, after }),
    mayGoOn,
  });
  if (finished) await passDone({ lastDay, what });
  return { counts, finished };
}
