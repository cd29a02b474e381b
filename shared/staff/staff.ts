import { type Origin, origins } from '../http/origin.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { setting } from '../platform/settings.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { isPerson } from './rules.ts';
import { type AuditRecord, append, newestOf, recordsOf, recordsOn } from './store.ts';

export { isPerson };

/** Something that staff do: who, what, to what, and why. */
export interface Act {
  /** `client:` or `person:` and an id. */
  clientId: string;
  /** The row of a contract, as `catalog.change`. */
  act: string;
  /** The id of what it is done to, or of whom; never anything personal. */
  subject: string;
  why?: string | undefined;
  /** What the subject says before and after; kept as digests. */
  before?: unknown;
  after?: unknown;
  /** The proposal that was approved by this. */
  approval?: string | undefined;
}

/**
 * What a second person adds to an act that takes two: who approved what, and the write by which the proposal is used
 * up, once, in the transaction of the act itself.
 */
export interface Approved {
  by: string;
  approvalId: string;
  use(result: string, at: number): Write;
}

const NOWHERE: Partial<Origin> = {};

/**
 * Decides the record of what staff do: the write belongs into the same list as what it tells of, at its end, so that
 * nothing is done without its record and nothing is recorded that was not done.
 */
export async function record({ before, after, why, approval, ...act }: Act, { at, reading }: Basis): Promise<Write> {
  const newest = await newestOf(act.clientId, reading);
  const { from, requestId } = origins.getStore() ?? NOWHERE;
  // Later than the record before it, so that who and when tell two records apart.
  const recordedAt = Math.max(at, (newest?.at ?? 0) + 1);
  const next = {
    ...act,
    seq: (newest?.seq ?? 0) + 1,
    at: recordedAt,
    ...(why !== undefined && { why }),
    ...(before !== undefined && { before: digest(before) }),
    ...(after !== undefined && { after: digest(after) }),
    ...(approval !== undefined && { approval }),
    ...(from !== undefined && { from }),
    ...(requestId !== undefined && { requestId }),
  };
  return append(next, newest, dayOf(recordedAt, setting('TIME_ZONE')));
}

/** A record as it may be shown. */
function view(one: AuditRecord) {
  const { clientId, seq, at, act, subject, why, before, after, approval, from, requestId, hash } = one;
  return {
    clientId,
    seq,
    at: iso(at),
    act,
    subject,
    why: why ?? null,
    before: before ?? null,
    after: after ?? null,
    approval: approval ?? null,
    from: from ?? null,
    requestId: requestId ?? null,
    hash: Buffer.from(hash).toString('hex'),
  };
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
