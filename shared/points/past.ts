import type { Entry } from './account.ts';
import { type AccountId, entryAt, head } from './store.ts';

interface Known {
  seq: number;
  effectiveAt: number;
}

/** Where between two known entries one of this time may lie: by proportion, and every other time in the middle. */
function guess(low: Known, high: Known, at: number, round: number): number {
  const share = round % 2 === 0 ? (at - low.effectiveAt) / (high.effectiveAt - low.effectiveAt) : 0.5;
  const between = low.seq + Math.floor((high.seq - low.seq) * share);
  return Math.min(high.seq - 1, Math.max(low.seq + 1, between));
}

/**
 * The last entry that counts at this instant: found by search over the sequence, in a handful of reads; below `known`
 * where the caller has read that entry.
 */
export async function entryAsOf(account: AccountId, at: number, known?: Entry): Promise<Entry | undefined> {
  const newest = known ?? (await head(account, 'consistent'));
  if (!newest || newest.effectiveAt <= at) return newest;
  const first = newest.seq === 1 ? newest : await entryAt(account, 1, 'consistent');
  if (!first || first.effectiveAt > at) return undefined;
  let low = first;
  let high = newest;
  for (let round = 0; high.seq - low.seq > 1; round += 1) {
    const seq = guess(low, high, at, round);
    const entry = await entryAt(account, seq, 'consistent');
    if (!entry) throw new Error(`Entry ${seq} of a chain is missing.`);
    if (entry.effectiveAt <= at) low = entry;
    else high = entry;
  }
  return low;
}
