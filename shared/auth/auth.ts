import { iso } from '../platform/clock.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { list } from './listing.ts';
import { findCode, removeCode, removeSession, revoke, sessionsOf } from './store.ts';

export { firstSecret, type Given, type Presented, present, readRefreshToken } from './refresh-tokens.ts';
export { judge } from './rules.ts';

/**
 * The write by which access tokens die within a minute: those of a session, or all that a subject has at this instant.
 * It belongs into the list that ends what they stand on.
 */
export function revocationOf(subject: string, at: number): Write {
  return revoke({ subject, at });
}

/** So many sessions go in one transaction, which takes a hundred writes. */
const AT_ONCE = 90;

/** The writes by which no access token of a member counts any more, and no code is under way for their phone. */
export async function forgetLogins(memberId: string, phoneDigest: string | undefined, at: number): Promise<Write[]> {
  const code = phoneDigest === undefined ? undefined : await findCode(phoneDigest);
  const underWay = code && phoneDigest !== undefined ? [removeCode(phoneDigest, code)] : [];
  return [revocationOf(memberId, at), ...underWay];
}

/** Takes away all sessions of one who is erased, with what is known of their devices; again changes nothing. */
export async function eraseSessions(memberId: string): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async () => {
      const sessions = await sessionsOf(memberId);
      return { writes: sessions.slice(0, AT_ONCE).map(removeSession), answer: sessions.length > AT_ONCE };
    });
    left = answer;
  }
}

const MOST_SESSIONS = 1_000;

/** Where a member is logged in. */
export async function heldOn(memberId: string) {
  const { items } = await list(memberId, undefined, MOST_SESSIONS);
  const sessions = items.map(({ createdAt, lastUsedAt, ...session }) => ({
    ...session,
    createdAt: iso(createdAt),
    lastUsedAt: iso(lastUsedAt),
  }));
  return { sessions };
}
