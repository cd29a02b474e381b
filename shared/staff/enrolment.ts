import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { seal, unseal } from '../keyring/sealing.ts';
import { secretDigest } from '../platform/digest.ts';
import { newId } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { type Basis, exchange } from '../table/commit.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { endOf, type Invitation, invited, nameDigestOf, userNameOf } from './people.ts';
import { record } from './staff.ts';
import { addPerson, comeFirst, enrolFirst, findFirstOwner, findPerson, type Person, renewPerson } from './store.ts';
import { newRecoveryCodes, newTotpSecret, recoveryDigest, stepOf, totpUri } from './totp.ts';

/** Where the secret of an authenticator is sealed for. */
export const totpPlace = (staffId: string): string => `staff:${staffId}:totp`;

/** The time step of which this is the code of their authenticator; undefined where it is not, or they have none. */
export async function stepShown({ staffId, totp }: Person, code: string, at: number): Promise<number | undefined> {
  return totp === undefined ? undefined : stepOf(await unseal(totp, totpPlace(staffId)), code, at);
}

/**
 * By which the first owner is invited: derived from the secret that is generated with the deployment, so that only who
 * may read that has it, and nothing is paid for one more secret that is used once.
 */
export async function firstOwnerSecret(): Promise<string> {
  return Buffer.from(await hmac('code', 'first-owner')).toString('base64url');
}

/**
 * Invites the first owner, who holds the secret of the deployment: once, or again where the invitation before ran out
 * unused.
 */
export async function inviteFirstOwner(given: string, userName: string): Promise<Invitation> {
  const right = secretDigest(await firstOwnerSecret());
  if (!timingSafeEqual(Buffer.from(secretDigest(given)), Buffer.from(right))) {
    throw new Refusal('staff.first_owner_refused');
  }
  const staffId = newId('stf');
  const invitation = `${staffId}.${randomBytes(32).toString('base64url')}`;
  const nameDigest = await nameDigestOf(userName);
  const { answer } = await exchange(async (basis) => {
    const person = await invited({ staffId, userName, roles: ['owner'] }, invitation, basis.at);
    const endsAt = endOf(person, invitation) ?? 0;
    const first = comeFirst({ staffId, endsAt, enrolled: 0, alone: 1 }, basis.at);
    const act = { clientId: `person:${staffId}`, act: 'staff-sessions.firstOwner', subject: staffId };
    const told = await record(act, basis);
    return {
      writes: [first, ...addPerson(person, nameDigest), told],
      answer: { staffId, invitation, expiresAt: endsAt },
    };
  });
  return answer;
}

/** Whose invitation this is, while it counts. */
async function holderOf(invitation: string, { at, reading }: Basis): Promise<Person> {
  const [staffId = ''] = invitation.split('.');
  const person = await findPerson(staffId, reading);
  const counts = person?.invitation === secretDigest(invitation) && (endOf(person, invitation) ?? 0) > at;
  if (!person || !counts) throw new Refusal('staff.invitation_invalid');
  return person;
}

/**
 * Accepts an invitation with a password, and begins with the authenticator. Until that is confirmed it may be done
 * again, with another password and another secret: the one before no longer counts.
 */
export async function accept(invitation: string, password: string) {
  const { answer } = await exchange(async (basis) => {
    const before = await holderOf(invitation, basis);
    const { staffId } = before;
    const userName = await userNameOf(before);
    checkPassword(password, userName);
    const totpSecret = newTotpSecret();
    const totp = await seal(totpSecret, totpPlace(staffId));
    const changed = { status: 'ENROLLING', password: await hashPassword(password), totp, totpStep: 0 } as const;
    const told = await record({ clientId: `person:${staffId}`, act: 'staff-sessions.accept', subject: staffId }, basis);
    const answer = { staffId, userName, totpSecret, totpUri: totpUri(totpSecret, userName) };
    return { writes: [renewPerson(before, changed), told], answer };
  });
  return answer;
}

/** Confirms the authenticator by its first code, which uses the invitation up; the recovery codes are shown this once. */
export async function confirm(invitation: string, code: string) {
  const recoveryCodes = newRecoveryCodes();
  const { answer } = await exchange(async (basis) => {
    const before = await holderOf(invitation, basis);
    const { staffId, status } = before;
    if (status !== 'ENROLLING') throw new Refusal('staff.invitation_invalid');
    const step = await stepShown(before, code, basis.at);
    if (step === undefined) throw new Refusal('staff.code_wrong');
    const recovery = await Promise.all(recoveryCodes.map((one) => recoveryDigest(staffId, one)));
    const { invitation: _, ...rest } = before;
    const after: Person = { ...rest, status: 'ACTIVE', totpStep: step, recovery };
    const isFirst = (await findFirstOwner(basis.reading))?.staffId === staffId;
    const act = { clientId: `person:${staffId}`, act: 'staff-sessions.confirm', subject: staffId };
    const told = await record(act, basis);
    return {
      writes: [renewPerson(after, {}), ...(isFirst ? [enrolFirst(staffId)] : []), told],
      answer: { staffId, recoveryCodes },
    };
  });
  return answer;
}
