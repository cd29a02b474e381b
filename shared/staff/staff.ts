import { dayOf } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { setting } from '../platform/settings.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type AuditRecord, append, newestOf, recordsOf, recordsOn } from './store.ts';

/** Something that staff do: who, what, to what, and why. */
export interface Act {
  clientId: string;
  /** The row of a contract, as `catalog.change`. */
  act: string;
  /** The id of what it is done to, or of whom; never anything personal. */
  subject: string;
  why?: string | undefined;
  /** What the subject says before and after; kept as digests. */
  before?: unknown;
  after?: unknown;
}

/**
 * Decides the record of what staff do: the write belongs into the same list as what it tells of, at its end, so that
 * nothing is done without its record and nothing is recorded that was not done.
 */
export async function record({ before, after, why, ...act }: Act, { at, reading }: Basis): Promise<Write> {
  const newest = await newestOf(act.clientId, reading);
  // Later than the record before it, so that who and when tell two records apart.
  const recordedAt = Math.max(at, (newest?.at ?? 0) + 1);
  const next = {
    ...act,
    seq: (newest?.seq ?? 0) + 1,
    at: recordedAt,
    ...(why !== undefined && { why }),
    ...(before !== undefined && { before: digest(before) }),
    ...(after !== undefined && { after: digest(after) }),
  };
  return append(next, newest, dayOf(recordedAt, setting('TIME_ZONE')));
}

/** A record as it may be shown. */
function view({ clientId, seq, at, act, subject, why, before, after, hash }: AuditRecord) {
  const digests = { before: before ?? null, after: after ?? null, hash: Buffer.from(hash).toString('hex') };
  return { clientId, seq, at: iso(at), act, subject, why: why ?? null, ...digests };
}

/** Which records are wanted: those of a subject, or those of a day of the programme. */
export type Wanted = { subject: string } | { day: string };

/** A page of what staff did, newest first, and where the next one begins. */
export async function recordsFor(wanted: Wanted, before: string | undefined, limit: number) {
  const found =
    'subject' in wanted
      ? (await recordsOf(wanted.subject, before, limit + 1)).map((one) => ({ one, place: one.gsi1sk }))
      : (await recordsOn(wanted.day, before, limit + 1)).map((one) => ({ one, place: one.gsi2sk }));
  const page = found.slice(0, limit);
  return { items: page.map(({ one }) => view(one)), next: found.length > limit ? page.at(-1)?.place : undefined };
}
