import { randomBytes } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { issueToken } from '../http/tokens.ts';
import { findOrRegister } from '../members/members.ts';
import { now } from '../platform/clock.ts';
import { secretDigest } from '../platform/digest.ts';
import { newId } from '../platform/ids.ts';
import { doneWhen, exchange, send } from '../table/commit.ts';
import { checkCode } from './login-codes.ts';
import { SESSION } from './rules.ts';
import { endSession, findSession, openSession, renewSession } from './store.ts';

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

const newSecret = () => randomBytes(32).toString('base64url');
const refreshEnd = () => now() + SESSION.refreshSeconds * 1_000;

/** Logs in with phone and code; who was never here before is registered by it. */
export async function logIn(phone: string, code: string): Promise<Grant & { firstVisit: boolean }> {
  await checkCode(phone, code);
  const { memberId, registered } = await findOrRegister(phone);
  const sessionId = newId('ses');
  const secret = newSecret();
  await send([openSession({ memberId, sessionId, refreshDigest: secretDigest(secret), expiresAt: refreshEnd() })]);
  return { ...(await grant(memberId, sessionId, secret)), firstVisit: registered };
}

/** The next access token of a session; its refresh token is used up and replaced. */
export async function refresh(refreshToken: string): Promise<Grant> {
  const [memberId = '', sessionId = '', used = '', ...rest] = refreshToken.split('.');
  const session = await findSession(memberId, sessionId);
  if (!session || rest.length > 0) throw new Refusal('auth.session_ended');
  const secret = newSecret();
  const next = { memberId, sessionId, refreshDigest: secretDigest(secret), expiresAt: refreshEnd() };
  await send([renewSession(next, secretDigest(used), now())]);
  return grant(memberId, sessionId, secret);
}

/** Ends a session; ending it again changes nothing. */
export async function logOut(memberId: string, sessionId: string): Promise<void> {
  await exchange(
    async ({ at }) => ({ writes: [endSession(memberId, sessionId, at)], answer: null }),
    doneWhen('auth.session_ended', null),
  );
}
