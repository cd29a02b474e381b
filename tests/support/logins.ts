import { expect } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { begin } from '../../shared/auth/auth.ts';
import { authContract, loginCodesContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { asMember, type Called, call, noteLogin, type Who } from './call.ts';
import { clock, inbox } from './mall.ts';

const e164 = (phone: string) => (phone.startsWith('+') ? phone : `+86${phone}`);

/** Asks for a code and reads it where it was sent. */
export async function codeFor(phone: string): Promise<string> {
  const { status } = await call(loginCodesContract, 'send', { body: { phone } });
  expect(status).toBe(202);
  return inbox.findLast(({ to }) => to === e164(phone))?.params[0] ?? '';
}

export const logIn = (phone: string, code: string) => call(authContract, 'logIn', { body: { phone, code } });

export interface Session {
  memberId: string;
  accessToken: string;
  refreshToken: string;
  firstVisit: boolean;
}

/** Somebody who is logged in by a code of their own. */
export async function loggedIn(phone: string): Promise<Session> {
  const { status, body } = await logIn(phone, await codeFor(phone));
  expect(status).toBe(201);
  return body as unknown as Session;
}

/** A code as a provider gives it to the app of this person. */
export const vouch = (person: string) => providerCode(person, Date.now());

/** Somebody who is logged in by WeChat, in one tap. */
export async function byWechat(person: string): Promise<Session> {
  const { status, body } = await call(identitiesContract, 'wechat', { body: { code: vouch(person) } });
  expect(status).toBe(201);
  return body as unknown as Session;
}

/** Another code than this one. */
export const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

export const sessionIdOf = ({ refreshToken }: Session) => refreshToken.split('.')[1] ?? '';

/** Who asks in this session. */
export const asSession = (session: Session): Who => ({
  ...asMember(session.memberId),
  sessionId: sessionIdOf(session),
});

const ORIGIN = { userAgent: 'test', address: '203.0.113.9' };

/** A member who logs in now, by whatever. */
export async function asNewlyIn(memberId: string): Promise<Who> {
  const session = await begin(async () => ({ memberId, registered: false }), undefined, ORIGIN);
  noteLogin({ ...session });
  return asSession(session);
}

/** Lets so much time pass; a minute and a second are enough for a phone to be sent another code. */
export const later = (ms = 61_000) => clock(new Date(Date.now() + ms).toISOString());

/** Asks for a code to the phone that a member has, and reads it there. */
export async function stepUpCodeFor(session: Session, phone: string): Promise<string> {
  const { status } = await call(loginCodesContract, 'sendStepUp', { as: asSession(session) });
  expect(status).toBe(202);
  return inbox.findLast(({ to }) => to === e164(phone))?.params[0] ?? '';
}

export const changePhone = (session: Session, body: object): Promise<Called> =>
  call(identitiesContract, 'changePhone', { as: asSession(session), body });

/** Changes the phone of somebody who has the old one and the new one. */
export async function changedPhone(session: Session, before: string, after: string): Promise<void> {
  later();
  const stepUp = { code: await stepUpCodeFor(session, before) };
  const { status, body } = await changePhone(session, { phone: after, code: await codeFor(after), stepUp });
  expect(status, JSON.stringify(body)).toBe(200);
}
