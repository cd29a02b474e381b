import { revocationOf } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import { seal, unseal } from '../keyring/sealing.ts';
import { iso } from '../platform/clock.ts';
import { secretDigest } from '../platform/digest.ts';
import { type By, idUnderKey, lookup } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { INVITATION_SECONDS, isPerson, type Role } from './rules.ts';
import { type Approved, record } from './staff.ts';
import { addPerson, asOnlyOwner, everybody, findPerson, type Person, renewPerson } from './store.ts';

export type { Role };

/** What an invited person gets from whoever invited them: shown once, kept as a digest. */
export interface Invitation {
  staffId: string;
  invitation: string;
  expiresAt: number;
}

const namePlace = (staffId: string) => `staff:${staffId}:userName`;

/** By which a user name is found. */
export const nameDigestOf = (userName: string): Promise<string> => lookup('STAFF', userName);

export const userNameOf = ({ staffId, userName }: Person): Promise<string> => unseal(userName, namePlace(staffId));

/** The secret of an invitation: the same for the same request, so that a repeat of it gets the same answer. */
export async function invitationUnder(staffId: string, by: By): Promise<string> {
  const { caller, route, key } = by;
  const secret = await hmac('code', JSON.stringify(['invitation', staffId, caller, route, key]));
  return `${staffId}.${Buffer.from(secret).toString('base64url')}`;
}

/** More are not remembered. */
const MOST_INVITATIONS = 20;

/** What of a person an invitation changes that is made at this instant. */
function openInvitation(before: Person['invitations'], invitation: string, at: number) {
  const digest = secretDigest(invitation);
  const made = { digest, endsAt: at + INVITATION_SECONDS * 1_000 };
  return { invitation: digest, invitations: [...before, made].slice(-MOST_INVITATIONS) };
}

/** When this invitation ends, or ended; undefined for one that the person never had. */
export function endOf({ invitations }: Person, invitation: string): number | undefined {
  return invitations.find(({ digest }) => digest === secretDigest(invitation))?.endsAt;
}

/** Who is invited: without a password, and with no more rights than these. */
export async function invited(
  { staffId, userName, roles }: { staffId: string; userName: string; roles: readonly Role[] },
  invitation: string,
  at: number,
): Promise<Person> {
  return {
    staffId,
    userName: await seal(userName, namePlace(staffId)),
    status: 'INVITED',
    roles,
    createdAt: at,
    version: 1,
    ...openInvitation([], invitation, at),
    totpStep: 0,
    recovery: [],
    generation: 1,
  };
}

/** A person, or the refusal that there is none. */
export async function personOf(staffId: string, { reading }: Pick<Basis, 'reading'>): Promise<Person> {
  const person = await findPerson(staffId, reading);
  if (!person) throw new Refusal('staff.not_found', { staffId });
  return person;
}

/** What of a person the records seal: nothing that could be guessed. */
const stateOf = ({ staffId, status, roles, version }: Person) => ({ staffId, status, roles, version });

/** Refuses what somebody would do to themselves. */
export function notOneself(staffId: string, actor: string): void {
  if (actor === `person:${staffId}`) throw new Refusal('staff.oneself');
}

/** Invites somebody, who has no rights until they are given roles. The same key again gets the same invitation. */
export async function invite(userName: string, by: By): Promise<Outcome<Invitation>> {
  const staffId = await idUnderKey('stf', by.caller, by.route, by.key);
  const nameDigest = await nameDigestOf(userName);
  const invitation = await invitationUnder(staffId, by);
  const decide = async (basis: Basis) => {
    const person = await invited({ staffId, userName, roles: [] }, invitation, basis.at);
    const act = { clientId: by.caller, act: 'staff.invite', subject: staffId, after: stateOf(person) };
    const answer = { staffId, invitation, expiresAt: endOf(person, invitation) ?? 0 };
    return { writes: [...addPerson(person, nameDigest), await record(act, basis)], answer };
  };
  return exchange(decide, async () => {
    const made = await findPerson(staffId, 'consistent');
    if (!made) return undefined;
    if ((await userNameOf(made)) !== userName) throw new Refusal('request.key_reused');
    return { staffId, invitation, expiresAt: endOf(made, invitation) ?? 0 };
  });
}

/**
 * Invites somebody again, who has lost password or authenticator, or has left: what they had is taken at once, roles
 * and sessions too, so that whoever holds the new invitation gets nobody's rights by it.
 */
export async function inviteAgain(staffId: string, why: string, by: By): Promise<Outcome<Invitation>> {
  notOneself(staffId, by.caller);
  const invitation = await invitationUnder(staffId, by);
  return exchange(async (basis) => {
    const before = await personOf(staffId, basis);
    const endsAt = endOf(before, invitation);
    if (endsAt !== undefined) return { writes: [], answer: { staffId, invitation, expiresAt: endsAt }, replayed: true };
    const { password: _, passwordStep: __, totp: ___, renewal: ____, ...rest } = before;
    const after: Person = {
      ...rest,
      status: 'INVITED',
      roles: [],
      ...openInvitation(before.invitations, invitation, basis.at),
      recovery: [],
      generation: before.generation + 1,
    };
    const act = { clientId: by.caller, act: 'staff.inviteAgain', subject: staffId, why };
    const told = await record({ ...act, before: stateOf(before), after: stateOf(after) }, basis);
    const writes = [renewPerson(after, {}), revocationOf(staffId, basis.at), told];
    return { writes, answer: { staffId, invitation, expiresAt: endOf(after, invitation) ?? 0 } };
  });
}

/** Which roles somebody should have, and why. */
export interface RolesWish {
  staffId: string;
  roles: readonly Role[];
  reason: string;
}

/** Who changes roles: as a second person, with leave to do it alone, or as the only owner there is. */
export interface RolesBy {
  caller: string;
  alone: boolean;
}

/** Refuses a change of roles that could never be made. */
export function checkRoles(person: Person, { caller }: Pick<RolesBy, 'caller'>): void {
  notOneself(person.staffId, caller);
  if (person.status !== 'ACTIVE') throw new Refusal('staff.not_enrolled');
}

/** What gives leave: the proposal that is used up, or that nobody else could approve it. */
function leaveFor({ staffId, roles }: RolesWish, by: RolesBy, second: Approved | undefined, at: number) {
  if (second) return [second.use(staffId, at)];
  if (by.alone) return [];
  if (!isPerson(by.caller)) throw new Refusal('staff.approval_needed');
  return [asOnlyOwner(by.caller.slice('person:'.length), roles.includes('owner') ? 0 : 1)];
}

/**
 * Gives somebody these roles and no others. Where one is taken their sessions end, and within a minute the access tokens
 * that are out: they log in again, and have what is left.
 */
export async function changeRoles(wish: RolesWish, by: RolesBy, second?: Approved): Promise<Outcome<Person>> {
  const roles = [...new Set(wish.roles)].toSorted();
  return exchange(async (basis) => {
    // Where nothing is written, nothing guards what was read.
    const before = await personOf(wish.staffId, { reading: 'consistent' });
    checkRoles(before, by);
    const after: Person = { ...before, roles, version: before.version + 1 };
    const isSame = before.roles.join() === roles.join();
    if (isSame && !second) return { writes: [], answer: before };
    const act = {
      clientId: second?.by ?? by.caller,
      act: 'staff.changeRoles',
      subject: wish.staffId,
      why: wish.reason,
      approval: second?.approvalId,
    };
    const told = await record({ ...act, before: stateOf(before), after: stateOf(after) }, basis);
    const takes = before.roles.some((role) => !roles.includes(role));
    const changed = takes ? { roles, generation: before.generation + 1 } : { roles };
    const ended = takes ? [revocationOf(wish.staffId, basis.at)] : [];
    const writes = [...leaveFor(wish, by, second, basis.at), renewPerson(before, changed), ...ended, told];
    return { writes, answer: after };
  });
}

/** Ends every session of somebody, and within a minute the access tokens that are out. */
export async function endSessionsOf(staffId: string, by: string, act: string): Promise<void> {
  await exchange(async (basis) => {
    const before = await personOf(staffId, basis);
    const generation = before.generation + 1;
    const told = await record({ clientId: by, act, subject: staffId }, basis);
    return { writes: [renewPerson(before, { generation }), revocationOf(staffId, basis.at), told], answer: null };
  });
}

/** A person as other staff see them. */
export async function personView(person: Person) {
  const { staffId, status, roles, createdAt } = person;
  return { staffId, userName: await userNameOf(person), status, roles: [...roles], createdAt: iso(createdAt) };
}

/** A page of everybody, the newest first, and where the next one begins. */
export async function peopleFrom(before: string | undefined, limit: number) {
  const found = await everybody(before, limit + 1);
  const page = found.slice(0, limit);
  const items = await Promise.all(page.map((person) => personView(person)));
  return { items, next: found.length > limit ? page.at(-1)?.gsi1sk : undefined };
}
