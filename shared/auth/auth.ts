import { iso } from '../platform/clock.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { list } from './listing.ts';
import { type GivenCode, useOf } from './login-codes.ts';
import { forgetPushesOf } from './push-tokens/push-tokens.ts';
import { ENDED_WITH, isOpen, SESSIONS_AT_ONCE } from './rules.ts';
import { begin } from './sessions.ts';
import { endSession, findCode, removeCode, removeSession, revoke, sessionsOf } from './store.ts';

export { type Asking, mustBeFresh, mustBeLoggedIn } from './endings.ts';
export { firstSecret, type Given, type Presented, present, readRefreshToken } from './refresh-tokens.ts';
export { judge } from './rules.ts';
export { begin, type GivenCode, useOf };

/**
 * The write by which access tokens die within a minute: those of a session, or all that a subject has at this instant,
 * but those of a session that goes on. It belongs into the list that ends what they stand on.
 */
export function revocationOf(subject: string, at: number, keep?: string): Write {
  return revoke({ subject, at, ...(keep !== undefined && { keep }) });
}

/** The writes by which no access token of a member counts any more, and no code is under way for their phones. */
export async function forgetLogins(memberId: string, phoneDigests: readonly string[], at: number): Promise<Write[]> {
  const underWay = await Promise.all(
    phoneDigests.map(async (phoneDigest) => {
      const code = await findCode(phoneDigest);
      return code ? [removeCode(phoneDigest, code)] : [];
    }),
  );
  return [revocationOf(memberId, at), ...underWay.flat()];
}

/**
 * The writes by which no access token of a member counts any more and no refresh token fits: of their newest sessions.
 * More than anybody has; where there are more they are `eraseSessions`' to take away.
 */
export async function endLogins(memberId: string, at: number): Promise<Write[]> {
  const open = (await sessionsOf(memberId)).filter((session) => isOpen(session, at));
  return [revocationOf(memberId, at), ...open.slice(0, ENDED_WITH).map((session) => endSession(session, at))];
}

/** Takes away all sessions of one who is erased or was merged, with what is known of their devices; again changes nothing. */
export async function eraseSessions(memberId: string): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async () => {
      const sessions = await sessionsOf(memberId);
      const going = sessions.slice(0, SESSIONS_AT_ONCE);
      const writes = [...going.map(removeSession), ...(await forgetPushesOf(going))];
      return { writes, answer: sessions.length > SESSIONS_AT_ONCE };
    });
    left = answer;
  }
}

/** Who was merged into another logs in as that one: nothing is left of where they were logged in. */
export const onMemberMerged = eraseSessions;

const MOST_SESSIONS = 1_000;

/** Where a member is logged in. */
export async function heldOn(memberId: string) {
  const { items } = await list(memberId, undefined, MOST_SESSIONS);
  const sessions = items.map(({ createdAt, lastUsedAt, push, ...session }) => ({
    ...session,
    createdAt: iso(createdAt),
    lastUsedAt: iso(lastUsedAt),
    push: push ? { ...push, registeredAt: iso(push.registeredAt) } : null,
  }));
  return { sessions };
}
