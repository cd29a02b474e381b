import type { Entry } from './account.ts';
import { type AccountId, entriesAt, head } from './store.ts';

/** So many entries are read at once: what is left is a ninth each time, six times for a chain of 100,000. */
const AT_ONCE = 8;

/** The sequence numbers that part what lies between two others evenly, or all that lie there. */
function between(low: number, high: number): number[] {
  const count = Math.min(AT_ONCE, high - low - 1);
  return Array.from({ length: count }, (_, i) => low + Math.floor(((i + 1) * (high - low)) / (count + 1)));
}

/**
 * The last entry that counts at this instant: found by search over the sequence, in a handful of calls however the
 * entries lie in time; below `known` where the caller has read that entry.
 */
export async function entryAsOf(account: AccountId, at: number, known?: Entry): Promise<Entry | undefined> {
  const newest = known ?? (await head(account, 'consistent'));
  if (!newest || newest.effectiveAt <= at) return newest;
  let low: Entry | undefined;
  let high = newest.seq;
  for (let seqs = between(0, high); seqs.length > 0; seqs = between(low?.seq ?? 0, high)) {
    const entries = await entriesAt(account, seqs, 'consistent');
    if (entries.length < seqs.length) throw new Error('An entry of a chain is missing.');
    for (const entry of entries) {
      if (entry.effectiveAt > at) high = Math.min(high, entry.seq);
      else if (entry.seq > (low?.seq ?? 0)) low = entry;
    }
  }
  return low;
}
