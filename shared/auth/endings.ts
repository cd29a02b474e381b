import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { isOpen } from './rules.ts';
import { endSession, findSession, revoke, type Session, sessionsOf } from './store.ts';

/** So many sessions end in one transaction, which takes a hundred writes. */
const AT_ONCE = 90;

/** The end of a session: no refresh token fits any more, and its access tokens are on the list. */
export function endOf(session: Session, at: number): Write[] {
  return [endSession(session, at), revoke({ subject: session.sessionId, at })];
}

/** Ends this session; ending it again, or one that never was, changes nothing. Tells whether it ever was. */
async function end(memberId: string, sessionId: string): Promise<boolean> {
  const { answer } = await exchange(async ({ at }) => {
    const session = await findSession(memberId, sessionId);
    const writes = session && isOpen(session, at) ? endOf(session, at) : [];
    return { writes, answer: session !== undefined };
  });
  return answer;
}

/** Ends the session of the one who asks. */
export async function logOut(memberId: string, sessionId: string): Promise<void> {
  await end(memberId, sessionId);
}

/**
 * Ends one session of a member; a stranger's is as absent as one that never was. Who was ended ends no others: an
 * access token outlives its session for a minute.
 */
export async function endOne(memberId: string, sessionId: string, current: string): Promise<void> {
  if (sessionId !== current) {
    const own = await findSession(memberId, current);
    if (!own || !isOpen(own, now())) throw new Refusal('auth.session_ended');
  }
  if (!(await end(memberId, sessionId))) throw new Refusal('auth.session_not_found');
}

/** Ends all sessions of a member but the one that asks: they end together, with one item on the list. */
export async function endOthers(memberId: string, keep: string): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async ({ at }) => {
      const open = (await sessionsOf(memberId)).filter((one) => isOpen(one, at));
      const others = open.filter(({ sessionId }) => sessionId !== keep);
      if (others.length === open.length) throw new Refusal('auth.session_ended');
      const ends = others.slice(0, AT_ONCE).map((session) => endSession(session, at));
      const writes = ends.length > 0 ? [revoke({ subject: memberId, at, keep }), ...ends] : [];
      return { writes, answer: others.length > AT_ONCE };
    });
    left = answer;
  }
}
