import { Refusal } from '../errors.ts';
import { issueToken } from '../http/tokens.ts';
import { findOrRegister, findOrRegisterBy, isHeld, livingMember, unchanged } from '../members/members.ts';
import { now } from '../platform/clock.ts';
import { secretDigest } from '../platform/digest.ts';
import { newId } from '../platform/ids.ts';
import { logger } from '../platform/logger.ts';
import type { Claims } from '../providers/identity/port.ts';
import { type Decision, exchange } from '../table/commit.ts';
import { type Origin, type SaidDevice, sealDevice } from './devices.ts';
import { endOf } from './endings.ts';
import { checkCode, type GivenCode } from './login-codes.ts';
import { firstSecret, type Given, type Presented, present, readRefreshToken } from './refresh-tokens.ts';
import { judge, SESSION } from './rules.ts';
import { findSession, openSession, renewSession } from './store.ts';

interface Grant {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  memberId: string;
}

async function grant(memberId: string, sessionId: string, refreshSecret: string): Promise<Grant> {
  const lifetimeSeconds = SESSION.accessSeconds;
  const accessToken = await issueToken({
    audience: 'member',
    subject: memberId,
    sessionId,
    grants: [],
    lifetimeSeconds,
  });
  const refreshToken = `${memberId}.${sessionId}.${refreshSecret}`;
  return { accessToken, tokenType: 'Bearer', expiresInSeconds: lifetimeSeconds, refreshToken, memberId };
}

/** A session that was just opened. */
type Begun = Grant & { firstVisit: boolean };

const refreshEnd = (at: number) => at + SESSION.refreshSeconds * 1_000;

/** Who comes in by something, and whether they were never here before. */
interface Known {
  memberId: string;
  registered: boolean;
}

/**
 * Opens a session for whom `find` finds by what they came with; who was merged is their heir. It is not opened where that
 * stopped leading to them while they were on the way.
 */
export async function begin(
  find: () => Promise<Known>,
  device: SaidDevice | undefined,
  origin: Origin,
): Promise<Begun> {
  const sessionId = newId('ses');
  const secret = await firstSecret(sessionId);
  const sealed = await sealDevice(sessionId, device ?? {}, origin);
  const opened = { sessionId, refreshDigest: secretDigest(secret), expiresAt: refreshEnd(now()), device: sealed };
  let known = await find();
  const { answer: owner } = await exchange(async ({ at }) => {
    const living = await livingMember(known.memberId, 'consistent');
    if (!living) throw new Refusal('members.moved');
    // What they came with may be what was changed while they were on the way.
    if (isHeld(living, at)) {
      const found = await find();
      if (found.memberId !== known.memberId) {
        known = found;
        throw new Refusal('members.moved');
      }
    }
    const { memberId } = living;
    return { writes: [unchanged(living), openSession({ memberId, ...opened })], answer: memberId };
  });
  return { ...(await grant(owner, sessionId, secret)), firstVisit: known.registered };
}

/** Logs in with phone and code; who was never here before is registered by it. */
export async function logIn(
  { device, ...given }: GivenCode & { device?: SaidDevice | undefined },
  origin: Origin,
): Promise<Begun> {
  await checkCode(given, 'LOGIN');
  return begin(() => findOrRegister(given.phone), device, origin);
}

/** Logs in whom a provider vouches for; who was never here before is registered by it. */
export async function logInBy(claims: Claims, device: SaidDevice | undefined, origin: Origin): Promise<Begun> {
  return begin(() => findOrRegisterBy(claims), device, origin);
}

/** What to write for a refresh token that is presented, and whether it is answered. */
async function step(given: Given, presented: Presented, at: number): Promise<Decision<'GRANTED' | 'REUSED'>> {
  const session = await findSession(given.subject, given.sessionId);
  const found = judge(session, presented, at);
  if (!session || found === 'NO') throw new Refusal('auth.session_ended');
  if (found === 'AGAIN') return { writes: [], answer: 'GRANTED' };
  if (found === 'REUSED') return { writes: endOf(session, at), answer: 'REUSED' };
  return { writes: [renewSession(session, presented.nextDigest, refreshEnd(at), at)], answer: 'GRANTED' };
}

/**
 * The next access token of a session; its refresh token is used up and replaced. One that was used before ends the
 * session: whoever holds its successor may be the thief. Only the last one is answered again for a moment.
 */
export async function refresh(refreshToken: string): Promise<Grant> {
  const given = readRefreshToken(refreshToken);
  if (!given) throw new Refusal('auth.session_ended');
  const { presented, next } = await present(given);
  const { answer } = await exchange(({ at }) => step(given, presented, at));
  const { subject: memberId, sessionId } = given;
  if (answer === 'GRANTED') return grant(memberId, sessionId, next);
  logger.warn('a refresh token was used twice, so its session is ended', { who: `member:${memberId}`, sessionId });
  throw new Refusal('auth.session_ended');
}
