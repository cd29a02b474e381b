import {
  firstSecret,
  type Given,
  judge,
  type Presented,
  present,
  readRefreshToken,
  revocationOf,
} from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import { issueToken } from '../http/tokens.ts';
import { secretDigest } from '../platform/digest.ts';
import { newId } from '../platform/ids.ts';
import { logger } from '../platform/logger.ts';
import { type Decision, doneWhen, exchange } from '../table/commit.ts';
import { stepShown } from './enrolment.ts';
import { isPassword } from './passwords.ts';
import { endSessionsOf, nameDigestOf } from './people.ts';
import { permissionsOf, SESSION } from './rules.ts';
import { record } from './staff.ts';
import {
  endSession,
  findByName,
  findPerson,
  findSession,
  openSession,
  type Person,
  renewPerson,
  renewSession,
  type StaffSession,
} from './store.ts';
import { recoveryDigest } from './totp.ts';
import { countTry, forgetTries, lookFrom } from './tries/tries.ts';

interface Grant {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  staffId: string;
  permissions: string[];
}

async function grant(person: Person, session: StaffSession, refreshSecret: string, at: number): Promise<Grant> {
  const { staffId, roles } = person;
  const { sessionId, expiresAt } = session;
  const permissions = permissionsOf(roles);
  const left = Math.floor((expiresAt - at) / 1_000);
  const lifetimeSeconds = Math.min(SESSION.accessSeconds, left);
  const claims = { audience: 'staff', subject: staffId, sessionId, grants: permissions, lifetimeSeconds } as const;
  const refreshToken = `${staffId}.${sessionId}.${refreshSecret}`;
  const tokens = { accessToken: await issueToken(claims), tokenType: 'Bearer', refreshToken } as const;
  return { ...tokens, expiresInSeconds: lifetimeSeconds, staffId, permissions };
}

/** What a person is after this code was used; undefined where it is not one of theirs, or was used before. */
async function afterCode(person: Person, code: string, at: number): Promise<Partial<Person> | undefined> {
  const { staffId, totpStep, recovery } = person;
  if (/^\d{6}$/.test(code)) {
    const step = await stepShown(person, code, at);
    return step === undefined || step <= totpStep ? undefined : { totpStep: step };
  }
  const digest = await recoveryDigest(staffId, code);
  return recovery.includes(digest) ? { recovery: recovery.filter((one) => one !== digest) } : undefined;
}

export interface Credentials {
  userName: string;
  password: string;
  /** Six digits of the authenticator, or a recovery code. */
  code: string;
}

/** Looks at all three at once, and opens a session. A code counts once. */
async function open({ userName, password, code }: Credentials): Promise<Grant> {
  const nameDigest = await nameDigestOf(userName);
  await countTry(nameDigest);
  const staffId = (await findByName(nameDigest)) ?? 'stf_NOBODY';
  const person = await findPerson(staffId, 'consistent');
  const fits = await isPassword(password, person?.password);
  let isSaid = false;
  const refuse = () => {
    // A code is looked at again before it is refused, and that is the same try.
    if (!isSaid) logger.info('login refused', { who: person ? `person:${staffId}` : nameDigest });
    isSaid = true;
    return new Refusal('staff.login_failed');
  };
  if (!person || !fits) throw refuse();
  const sessionId = newId('ses');
  const refreshSecret = await firstSecret(sessionId);
  const { answer } = await exchange(async (basis) => {
    const { at, reading } = basis;
    const before = await findPerson(staffId, reading);
    const isSame = before?.status === 'ACTIVE' && before.password === person.password;
    const changed = isSame ? await afterCode(before, code, at) : undefined;
    if (!before || !changed) throw refuse();
    const session: StaffSession = {
      staffId,
      sessionId,
      refreshDigest: secretDigest(refreshSecret),
      generation: before.generation,
      startedAt: at,
      idleEndsAt: at + SESSION.idleSeconds * 1_000,
      expiresAt: at + SESSION.longestSeconds * 1_000,
    };
    const tries = await forgetTries(nameDigest, basis, sessionId);
    const told = await record({ clientId: `person:${staffId}`, act: 'staff-sessions.logIn', subject: staffId }, basis);
    return {
      writes: [renewPerson(before, changed), tries, openSession(session), told],
      answer: { before, session, at },
    };
  });
  logger.info('logged in', { who: `person:${staffId}`, session: sessionId });
  return grant(answer.before, answer.session, refreshSecret, answer.at);
}

/**
 * Logs in by all three at once: what was wrong is not told, nor whether there is anybody of that name, and it takes as
 * long.
 */
export function logIn(credentials: Credentials, address: string): Promise<Grant> {
  return lookFrom(address, () => open(credentials));
}

/** Who is told the successor; undefined where the token was used before. */
type Told = { person: Person; session: StaffSession; at: number } | undefined;

/** What to write for a refresh token that is presented, and who is answered. */
async function step({ subject, sessionId }: Given, presented: Presented, at: number): Promise<Decision<Told>> {
  const [session, person] = await Promise.all([findSession(subject, sessionId), findPerson(subject, 'consistent')]);
  const isWithin = session && session.idleEndsAt > at && person?.generation === session.generation;
  if (!isWithin || person?.status !== 'ACTIVE') throw new Refusal('staff.session_ended');
  const found = judge(session, presented, at);
  if (found === 'NO') throw new Refusal('staff.session_ended');
  if (found === 'REUSED') {
    return { writes: [endSession(subject, sessionId, at), revocationOf(sessionId, at)], answer: undefined };
  }
  const idleEndsAt = at + SESSION.idleSeconds * 1_000;
  const writes = found === 'RENEW' ? [renewSession(session, presented.nextDigest, idleEndsAt, at)] : [];
  return { writes, answer: { person, session, at } };
}

/**
 * The next access token, with the rights that the person has now. A refresh token that was used before is in two hands:
 * the session ends. Only the last one is answered again for a moment, as a member's is.
 */
export async function refresh(refreshToken: string): Promise<Grant> {
  const given = readRefreshToken(refreshToken);
  if (!given) throw new Refusal('staff.session_ended');
  const { presented, next } = await present(given);
  const { answer } = await exchange(({ at }) => step(given, presented, at));
  if (answer) return grant(answer.person, answer.session, next, answer.at);
  logger.warn('a refresh token of staff was used twice', { who: `person:${given.subject}`, session: given.sessionId });
  throw new Refusal('staff.session_ended');
}

/** Ends this session; ending it again changes nothing. */
export async function logOut(staffId: string, sessionId: string): Promise<void> {
  await exchange(
    async (basis) => {
      const told = await record(
        { clientId: `person:${staffId}`, act: 'staff-sessions.logOut', subject: staffId },
        basis,
      );
      const writes = [endSession(staffId, sessionId, basis.at), revocationOf(sessionId, basis.at), told];
      return { writes, answer: null };
    },
    doneWhen('staff.session_ended', null),
  );
}

/** Ends all sessions of one's own. */
export function logOutEverywhere(staffId: string): Promise<void> {
  return endSessionsOf(staffId, `person:${staffId}`, 'staff-sessions.logOutEverywhere');
}
