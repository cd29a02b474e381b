import { get } from '../table/client.ts';
import { type Key, keys } from '../table/keys.ts';
import { change, put, putWhen, type Write } from '../table/writes.ts';

export interface Session {
  memberId: string;
  sessionId: string;
  refreshDigest: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** A code that is under way; `usedAt` 0 says that it still counts. */
export interface LoginCode {
  codeDigest: string;
  sentAt: number;
  expiresAt: number;
  triesLeft: number;
  usedAt: number;
}

const seconds = (at: number) => Math.floor(at / 1_000);

export function findCode(phoneDigest: string): Promise<LoginCode | undefined> {
  return get<LoginCode>(keys.loginCode(phoneDigest));
}

/** Puts a code under way in the place of one that was sent at `sentBefore` or earlier. */
export function sendCode(phoneDigest: string, code: LoginCode, sentBefore: number): Write {
  const item = { ...keys.loginCode(phoneDigest), type: 'login-code', v: 1, ...code };
  const withEnd = { ...item, expiresAtEpoch: seconds(code.expiresAt) + 86_400 };
  return putWhen(withEnd, [['sentAt', '<=', sentBefore]], 'auth.code_too_soon');
}

function whileItCounts(code: LoginCode) {
  return [
    ['codeDigest', '=', code.codeDigest],
    ['triesLeft', '>', 0],
    ['usedAt', '=', 0],
  ] as const;
}

/** Uses the code up: only one of many who have it right succeeds. `attempt` tells this one from all others. */
export function useCode(phoneDigest: string, code: LoginCode, at: number, attempt: string): Write {
  const set = { usedAt: at, attempt };
  const used = { set, add: { triesLeft: -1 }, when: whileItCounts(code), proof: 'attempt' };
  return change(keys.loginCode(phoneDigest), used, 'auth.code_invalid');
}

/** Counts a wrong try. */
export function missCode(phoneDigest: string, code: LoginCode): Write {
  const key = keys.loginCode(phoneDigest);
  return change(key, { add: { triesLeft: -1 }, when: whileItCounts(code) }, 'auth.code_invalid');
}

export function findSession(memberId: string, sessionId: string): Promise<Session | undefined> {
  return get<Session>(keys.session(memberId, sessionId));
}

export function openSession(session: Session): Write {
  const key: Key = keys.session(session.memberId, session.sessionId);
  const item = { ...key, type: 'session', v: 1, ...session, expiresAtEpoch: seconds(session.expiresAt) };
  return put(item, 'auth.session_ended');
}

/** Exchanges the session's refresh token for the next one; a token that was used before no longer fits. */
export function renewSession(session: Session, usedDigest: string, at: number): Write {
  const { memberId, sessionId, refreshDigest, expiresAt } = session;
  const set = { refreshDigest, expiresAt, expiresAtEpoch: seconds(expiresAt) };
  const when = [
    ['refreshDigest', '=', usedDigest],
    ['expiresAt', '>', at],
  ] as const;
  return change(keys.session(memberId, sessionId), { set, when, proof: 'refreshDigest' }, 'auth.session_ended');
}

/** Ends a session: no refresh token fits any more. */
export function endSession(memberId: string, sessionId: string, at: number): Write {
  const set = { refreshDigest: '', expiresAt: at };
  return change(keys.session(memberId, sessionId), { set, when: [['expiresAt', '>', at]] }, 'auth.session_ended');
}
