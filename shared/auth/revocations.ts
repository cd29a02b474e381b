import type { Issued } from '../http/tokens.ts';
import { now } from '../platform/clock.ts';
import { madeAt } from '../platform/ids.ts';
import { REVOCATION } from './rules.ts';
import { type Revocation, revokedAfter } from './store.ts';

/** What this container knows of the list: all that still matters, and by when it was so. */
interface Known {
  at: number;
  items: readonly Revocation[];
  bySubject: ReadonlyMap<string, readonly Revocation[]>;
}

let known: Known = { at: Number.NEGATIVE_INFINITY, items: [], bySubject: new Map() };
let reading: Promise<Known> | undefined;

/** Reads what is new, and forgets what no token can stand on any more. */
async function readOn({ at: before, items }: Known, at: number): Promise<Known> {
  const since = at - REVOCATION.keptMs;
  const from = Math.max(Math.min(before, at) - REVOCATION.overlapMs, since);
  const kept = items.filter((item) => item.at > since && item.at < from);
  const all = [...kept, ...(await revokedAfter(from))];
  return { at, items: all, bySubject: Map.groupBy(all, ({ subject }) => subject) };
}

/**
 * The list as it was at most 30 seconds ago. Its age goes by the wall clock, because what only counts the time that
 * passes may stand still while a container is frozen. It is never older: what cannot be read fails the request.
 */
async function upToDate(): Promise<Known> {
  const at = now();
  if (at >= known.at && at - known.at < REVOCATION.trustedMs) return known;
  reading ??= readOn(known, at).finally(() => {
    reading = undefined;
  });
  known = await reading;
  return known;
}

/** Whether what this token stands on was ended since: its session, or all that its subject had at some instant. */
export async function isRevoked({ subject, sessionId, issuedAt }: Issued): Promise<boolean> {
  const { bySubject } = await upToDate();
  if (sessionId !== '' && bySubject.has(sessionId)) return true;
  return (bySubject.get(subject) ?? []).some(({ at, keep }) => {
    if (sessionId === '') return issuedAt <= at;
    return keep !== sessionId && madeAt(sessionId) <= at;
  });
}
