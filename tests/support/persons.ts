import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import { staffContract } from '../../shared/staff/contract.ts';
import type { Role } from '../../shared/staff/rules.ts';
import { staffSessionsContract } from '../../shared/staff/sessions-contract.ts';
import { asStaff, type Called, call, type Who } from './call.ts';

export const PASSWORD = 'correct horse battery staple';

/** What the authenticator shows at this instant. */
export const codeAt = (totpSecret: string, at = Date.now()): string =>
  new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: at });

/** What it shows half a minute later, for who has used up what it shows now. */
export const nextCode = (totpSecret: string): string => codeAt(totpSecret, Date.now() + 30_000);

export const someName = () => `p-${randomUUID().slice(0, 8)}`;

/** A client that may do alone what takes two, as who deploys the mall has one. */
export const manager = (): Who => ({
  ...asStaff('staff.manage', 'staff.manage_alone', 'staff.read'),
  id: `staff-${randomUUID().slice(0, 8)}`,
});

export const session = (name: keyof typeof staffSessionsContract.rows, body?: object, as?: Who): Promise<Called> =>
  call(staffSessionsContract, name, { body, as });

export interface Enrolled {
  staffId: string;
  userName: string;
  totpSecret: string;
  recoveryCodes: string[];
}

export async function invitedAs(userName: string, as = manager()): Promise<{ staffId: string; invitation: string }> {
  const { status, body } = await call(staffContract, 'invite', { as, body: { userName } });
  expect(status).toBe(201);
  return body as { staffId: string; invitation: string };
}

/** Somebody who has accepted an invitation and has an authenticator. */
export async function acceptedBy(userName: string, invitation: string): Promise<Enrolled> {
  const { body } = await session('accept', { invitation, password: PASSWORD });
  const totpSecret = body.totpSecret as string;
  const { status, body: done } = await session('confirm', { invitation, code: codeAt(totpSecret) });
  expect(status).toBe(200);
  const { staffId, recoveryCodes } = done as unknown as Enrolled;
  return { staffId, userName, totpSecret, recoveryCodes };
}

/** A person with these roles, by the product's own way from an invitation. */
export async function person(...roles: Role[]): Promise<Enrolled> {
  const as = manager();
  const userName = someName();
  const { staffId, invitation } = await invitedAs(userName, as);
  const enrolled = await acceptedBy(userName, invitation);
  if (roles.length === 0) return enrolled;
  const body = { roles, reason: 'New here' };
  expect((await call(staffContract, 'changeRoles', { as, params: { staffId }, body })).status).toBe(200);
  return enrolled;
}
