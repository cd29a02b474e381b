import type { ErrorCode } from '../errors.ts';
import type { Limits } from '../platform/budget-windows.ts';
import type { Day } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { madeAt, newId } from '../platform/ids.ts';
import { get, query } from '../table/client.ts';
import { type Counted, count } from '../table/counts.ts';
import { type Key, keys } from '../table/keys.ts';
import { change, lacks, put, putWhen, remove, type Write } from '../table/writes.ts';
import { type CodePurpose, pushCounts, REVOCATION, type Standing } from './rules.ts';

export interface Session extends Standing {
  memberId: string;
  sessionId: string;
  /** Sealed: on what and from where it was opened. */
  device?: string;
  /** Sealed: the service and the token by which the app is sent messages; gone when the session ended. */
  push?: string;
  /** Which registration that was, which tells when, and the digest of its token. */
  pushId?: string;
  pushDigest?: string;
}

/** The code that is under way for a phone; `usedAt` 0 says that it still counts. */
export interface LoginCode {
  codeId: string;
  purpose: CodePurpose;
  codeDigest: string;
  sentAt: number;
  expiresAt: number;
  triesLeft: number;
  usedAt: number;
  /** When this phone was sent codes of late, the newest last. */
  sends: readonly number[];
}

/** That no access token counts any more of this session, or of this subject when it stood on what was there `at` then. */
export interface Revocation {
  subject: string;
  at: number;
  /** The one session of the subject that goes on. */
  keep?: string;
}

const seconds = (at: number) => Math.floor(at / 1_000);

export function findCode(phoneDigest: string): Promise<LoginCode | undefined> {
  return get<LoginCode>(keys.loginCode(phoneDigest));
}

/** Puts a code under way in the place of the one that was read, if any: of many who have read the same, one succeeds. */
export function sendCode(phoneDigest: string, code: LoginCode, before: LoginCode | undefined): Write {
  const item = { ...keys.loginCode(phoneDigest), type: 'login-code', v: 1, ...code };
  const withEnd = { ...item, expiresAtEpoch: seconds(code.expiresAt) + 86_400 };
  if (!before) return put(withEnd, 'auth.code_too_soon');
  return putWhen(withEnd, [['codeId', '=', before.codeId]], 'auth.code_too_soon');
}

function whileItCounts(code: LoginCode) {
  return [
    ['codeDigest', '=', code.codeDigest],
    ['triesLeft', '>', 0],
    ['usedAt', '=', 0],
  ] as const;
}

/** Uses the code up: only one of many who have it right succeeds. `attempt` tells this one from all others. */
export function useCode(
  phoneDigest: string,
  code: LoginCode,
  { at, attempt }: { at: number; attempt: string },
  otherwise: ErrorCode,
): Write {
  const set = { usedAt: at, attempt };
  const used = { set, add: { triesLeft: -1 }, when: whileItCounts(code), proof: 'attempt' };
  return change(keys.loginCode(phoneDigest), used, otherwise);
}

/** Counts a wrong try. */
export function missCode(phoneDigest: string, code: LoginCode, otherwise: ErrorCode): Write {
  const key = keys.loginCode(phoneDigest);
  return change(key, { add: { triesLeft: -1 }, when: whileItCounts(code) }, otherwise);
}

/** Counts one send within a budget, if it is not spent; what nobody can count is not sent. */
export function countSend(budget: string, at: number, limits: Limits): Promise<Counted> {
  const counter = { key: (day: Day) => keys.smsBudget(budget, day), type: 'sms-budget', budget, total: 'sent' };
  return count(counter, at, limits, 'codes cannot be counted, so none is sent');
}

export function findSession(memberId: string, sessionId: string): Promise<Session | undefined> {
  return get<Session>(keys.session(memberId, sessionId));
}

/** More sessions than a member has: codes are sent one a minute, and what ended is gone within days. */
const MOST_SESSIONS = 10_000;

/** All sessions of a member that are still in the table, the newest first; some may have ended. */
export function sessionsOf(memberId: string): Promise<Session[]> {
  const { pk, sk } = keys.session(memberId, '');
  return query<Session>({ pk, startingWith: sk, newestFirst: true, limit: MOST_SESSIONS }, 'consistent');
}

const keyOf = ({ memberId, sessionId }: Session): Key => keys.session(memberId, sessionId);

/** That nobody has renewed or ended the session since it was read. */
const asRead = ({ refreshDigest, expiresAt }: Session) =>
  [
    ['refreshDigest', '=', refreshDigest],
    ['expiresAt', '=', expiresAt],
  ] as const;

export function openSession(session: Session): Write {
  const item = { ...keyOf(session), type: 'session', v: 1, ...session, expiresAtEpoch: seconds(session.expiresAt) };
  return put(item, 'auth.session_moved');
}

/** Belongs into a list that only a session which goes on may make: it is refused once that has ended. */
export function whileOpen({ memberId, sessionId }: Pick<Session, 'memberId' | 'sessionId'>, at: number): Write {
  const goesOn = [
    ['refreshDigest', '>', ''],
    ['expiresAt', '>', at],
  ] as const;
  return lacks(keys.session(memberId, sessionId), {}, goesOn, 'auth.session_ended');
}

/** Puts the session's next refresh token in the place of the one that is used; a push token that counts no more goes. */
export function renewSession(session: Session, refreshDigest: string, expiresAt: number, at: number): Write {
  const set = { refreshDigest, renewedAt: at, expiresAt, expiresAtEpoch: seconds(expiresAt) };
  const { pushId } = session;
  const remove = pushId === undefined || pushCounts(madeAt(pushId), at) ? [] : ['push'];
  return change(keyOf(session), { set, remove, when: asRead(session), proof: 'refreshDigest' }, 'auth.session_moved');
}

/** Ends a session: no refresh token fits any more, and its app is sent nothing. */
export function endSession(session: Session, at: number): Write {
  const set = { refreshDigest: '', expiresAt: at, expiresAtEpoch: seconds(at) };
  return change(keyOf(session), { set, remove: ['push'], when: asRead(session) }, 'auth.session_moved');
}

/** As `asRead`, and that nobody has registered anything on it since. */
function asReadWithPush(session: Session) {
  const { pushId } = session;
  if (pushId === undefined) return { when: asRead(session), lacks: ['pushId'] };
  return { when: [...asRead(session), ['pushId', '=', pushId] as const], lacks: [] };
}

/** Puts a registration on an open session in the place of the one that was read, if any. */
export function pushTo(session: Session, set: Required<Pick<Session, 'push' | 'pushId' | 'pushDigest'>>): Write {
  return change(keyOf(session), { set, ...asReadWithPush(session), proof: 'pushId' }, 'auth.session_moved');
}

/** Takes a registration off the session that has it, whatever else became of the session. */
export function pushNoMore(session: Session, pushId: string): Write {
  const remove = ['push', 'pushId', 'pushDigest'];
  return change(keyOf(session), { remove, when: [['pushId', '=', pushId]] }, 'auth.session_moved');
}

/** Takes a session out of the table, with what was on it when it was read: what says whose push token it has goes too. */
export function removeSession(session: Session): Write {
  const { when, lacks } = asReadWithPush(session);
  return remove(keyOf(session), when, 'auth.session_moved', lacks);
}

/** Takes away the code that was sent to a phone, as it was read. */
export function removeCode(phoneDigest: string, { sentAt }: LoginCode): Write {
  return remove(keys.loginCode(phoneDigest), [['sentAt', '=', sentAt]], 'auth.session_moved');
}

/** Has an id of its own: what stands there is this very one, and not another of the same instant. */
export function revoke(revocation: Revocation): Write {
  const revocationId = newId('rev');
  const key = keys.revocation(iso(revocation.at), revocationId);
  const expiresAtEpoch = seconds(revocation.at + REVOCATION.keptMs);
  const item = { ...key, type: 'revocation', v: 1, revocationId, ...revocation, expiresAtEpoch };
  return put(item, 'auth.session_moved');
}

/** More than were ever revoked within the time that the list goes back. */
const ALL = 1_000_000;

/** What was revoked after an instant, as the table knows it now. */
export function revokedAfter(at: number): Promise<Revocation[]> {
  return query<Revocation>({ pk: keys.revocation('', '').pk, after: iso(at), limit: ALL }, 'consistent');
}
