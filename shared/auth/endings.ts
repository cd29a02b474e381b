import { Refusal } from '../errors.ts';
import { mustBeLiving } from '../members/members.ts';
import { now } from '../platform/clock.ts';
import { madeAt } from '../platform/ids.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { ENDED_WITH, FRESH_SECONDS, isOpen, MADE_WITHIN_MS, SESSIONS_AT_ONCE } from './rules.ts';
import { endSession, findSession, revoke, type Session, sessionsOf } from './store.ts';

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

/** In which session a member asks. */
export interface Asking {
  memberId: string;
  sessionId: string;
}

async function isLoggedIn({ memberId, sessionId }: Asking): Promise<boolean> {
  const own = await findSession(memberId, sessionId);
  return own !== undefined && isOpen(own, now());
}

/** Refuses who was ended: an access token outlives its session for a minute. */
export async function mustBeOpen(asking: Asking): Promise<void> {
  if (!(await isLoggedIn(asking))) throw new Refusal('auth.session_ended');
}

/** As `mustBeOpen`; who was erased or merged is told that. */
export async function mustBeLoggedIn(asking: Asking): Promise<void> {
  if (await isLoggedIn(asking)) return;
  await mustBeLiving(asking.memberId, { reading: 'consistent' });
  throw new Refusal('auth.session_ended');
}

/**
 * Refuses who has not logged in of late, or was ended: for what cannot be undone, and for ways in, a token that was
 * stolen is not enough.
 */
export async function mustBeFresh(asking: Asking, at: number): Promise<void> {
  await mustBeLoggedIn(asking);
  const maxAgeSeconds = FRESH_SECONDS;
  if (madeAt(asking.sessionId) < at - maxAgeSeconds * 1_000) throw new Refusal('auth.login_too_old', { maxAgeSeconds });
}

/**
 * Ends one session of a member; a stranger's is as absent as one that never was. Who was ended ends no others.
 */
export async function endOne(memberId: string, sessionId: string, current: string): Promise<void> {
  if (sessionId !== current) await mustBeOpen({ memberId, sessionId: current });
  if (!(await end(memberId, sessionId))) throw new Refusal('auth.session_not_found');
}

/** The other open sessions of a member; refused where the one that goes on is not open itself. */
async function othersOf(memberId: string, keep: string, at: number): Promise<Session[]> {
  const open = (await sessionsOf(memberId)).filter((one) => isOpen(one, at));
  const others = open.filter(({ sessionId }) => sessionId !== keep);
  if (others.length === open.length) throw new Refusal('auth.session_ended');
  return others;
}

/**
 * The writes by which no access token of any other session counts any more, and the newest of these sessions end. Where
 * there are more, `endEarlier` ends the rest.
 */
export async function endsOfOthers(memberId: string, keep: string, at: number): Promise<Write[]> {
  const others = await othersOf(memberId, keep, at);
  return [revoke({ subject: memberId, at, keep }), ...others.slice(0, ENDED_WITH).map((one) => endSession(one, at))];
}

/**
 * Ends what is left open of all sessions but one that were opened before a change of this instant was made: that took a
 * moment, and who came in meanwhile is ended with their tokens.
 */
export async function endEarlier(memberId: string, keep: string, by: number): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async ({ at }) => {
      const open = (await sessionsOf(memberId)).filter((one) => isOpen(one, at));
      const earlier = open.filter(({ sessionId }) => sessionId !== keep && madeAt(sessionId) <= by + MADE_WITHIN_MS);
      const page = earlier.slice(0, SESSIONS_AT_ONCE);
      const ends = page.flatMap((one) => (madeAt(one.sessionId) > by ? endOf(one, at) : [endSession(one, at)]));
      return { writes: ends, answer: earlier.length > SESSIONS_AT_ONCE };
    });
    left = answer;
  }
}

/** Ends all sessions of a member but the one that asks: they end together, with one item on the list. */
export async function endOthers(memberId: string, keep: string): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async ({ at }) => {
      const others = await othersOf(memberId, keep, at);
      const ends = others.slice(0, SESSIONS_AT_ONCE).map((session) => endSession(session, at));
      const writes = ends.length > 0 ? [revoke({ subject: memberId, at, keep }), ...ends] : [];
      return { writes, answer: others.length > SESSIONS_AT_ONCE };
    });
    left = answer;
  }
}
