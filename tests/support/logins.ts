import { expect } from 'vitest';
import { authContract, loginCodesContract } from '../../shared/auth/contract.ts';
import { call } from './call.ts';
import { inbox } from './mall.ts';

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

/** Another code than this one. */
export const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
