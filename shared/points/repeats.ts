import { Refusal } from '../errors.ts';
import type { Basis } from '../table/commit.ts';
import type { Entry } from './account.ts';
import { RECENT } from './chain.ts';
import { DIGEST_BYTES, digestOf } from './seal.ts';
import { type AccountId, entriesAt, entryAt } from './store.ts';

const DAY_MS = 86_400_000;
/** So far ahead of ours may a caller's clock be. */
const AHEAD_MS = 300_000;
/** An entry and the references that it remembers. */
const STRIDE = RECENT + 1;
const BATCH = 100;
const MAX_BATCHES = 2;

/** The sequence number of the entry with this reference, among this one and those that it remembers. */
function seqIn({ seq, reference: own, recent }: Entry, reference: string): number | undefined {
  if (own === reference) return seq;
  const wanted = Buffer.from(digestOf(reference));
  for (let i = 0; i < recent.length / DIGEST_BYTES; i += 1) {
    const digest = recent.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES);
    if (wanted.equals(digest)) return seq - 1 - i;
  }
  return undefined;
}

async function found(account: AccountId, entries: readonly Entry[], reference: string): Promise<Entry | undefined> {
  for (const entry of entries) {
    const seq = seqIn(entry, reference);
    if (seq === entry.seq) return entry;
    const there = seq === undefined ? undefined : await entryAt(account, seq, 'consistent');
    if (there?.reference === reference) return there;
  }
  return undefined;
}

/** What tells a movement from all others, and when it happened where the caller said so. */
interface Asked {
  reference: string;
  occurredAt?: number;
}

/** The earliest that this movement can have been written before: never before its own time, or within 24 hours. */
function earliest({ occurredAt }: Asked, at: number): number {
  return occurredAt === undefined ? at - DAY_MS : occurredAt - AHEAD_MS;
}

/**
 * The entry that this very movement became when it was asked for before: since its own time where the caller gave
 * one, within 24 hours otherwise. The head knows the 32 references before it; on a chain that moved more often than
 * that since then, it looks back in strides.
 */
export async function repeatOf(
  account: AccountId,
  head: Entry,
  asked: Asked,
  { at, reading }: Basis,
): Promise<Entry | undefined> {
  const { reference } = asked;
  const since = earliest(asked, at);
  const here = await found(account, [head], reference);
  if (here || head.seq <= STRIDE || head.recordedAt < since) return here;
  const first = await entryAt(account, head.seq - STRIDE, reading);
  let oldest = first;
  let strides = first ? [first] : [];
  for (let batches = 0; ; batches += 1) {
    const there = await found(account, strides, reference);
    if (there || !oldest || oldest.seq <= STRIDE || oldest.recordedAt < since) return there;
    if (batches === MAX_BATCHES) throw new Refusal('points.too_many_movements');
    const from = oldest.seq;
    const seqs = Array.from({ length: BATCH }, (_, i) => from - STRIDE * (i + 1)).filter((seq) => seq > 0);
    strides = (await entriesAt(account, seqs)).toSorted((one, other) => other.seq - one.seq);
    oldest = strides.at(-1);
  }
}
