import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { iso, now } from '../platform/clock.ts';
import { lookup, newId } from '../platform/ids.ts';
import { maskPhone } from '../platform/masking.ts';
import { type Basis, exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { hasAccount, isErased, mustBeMember, mustHaveAccount } from './accounts.ts';
import { bindPhone, changingPhone, contactOf, isTaken, type PhoneChange } from './binding-phones.ts';
import { type Asked, bind, boundTo, unbind, wasMadeBy } from './bound.ts';
import { beginTelling, endedBy, endOfTelling, mustMaySpend, mustNotBeHeld, noteMerge } from './changes/changes.ts';
import { changeAnnouncements, type IdentityChange } from './changes/store.ts';
import { bound, findOrRegisterBy, isVouchedFor } from './identities.ts';
import { onMemberMerged } from './inheriting.ts';
import { type LookUps, lookUpsBy } from './look-ups/look-ups.ts';
import { namedBy, readCode } from './member-codes.ts';
import { heirOf, isSame, livingMember, livingOf, mergedUnder, mergeOf, mustBeLiving } from './merges.ts';
import { eraseOwn, forget, heldOn } from './personal.ts';
import { clearPhone, sealPhone } from './phones.ts';
import { addressOf, type ShipTo } from './profiles/addresses.ts';
import { isHeld, type LookUpKind } from './rules.ts';
import {
  closeMember,
  findByIdentity,
  findMember,
  type IdentityKind,
  leadsTo,
  type Member,
  type Merge,
  memberAnnouncements,
  notErased,
  register,
  unchanged,
  writeIdentities,
} from './store.ts';

export {
  type Asked,
  addressOf,
  beginTelling,
  bind,
  bindPhone,
  boundTo,
  changingPhone,
  closeMember,
  contactOf,
  endedBy,
  endOfTelling,
  eraseOwn,
  findOrRegisterBy,
  forget,
  hasAccount,
  heirOf,
  heldOn,
  isErased,
  isHeld,
  isSame,
  isTaken,
  isVouchedFor,
  type LookUpKind,
  type LookUps,
  livingMember,
  lookUpsBy,
  type Merge,
  mergedUnder,
  mergeOf,
  mustBeLiving,
  mustBeMember,
  mustHaveAccount,
  mustMaySpend,
  mustNotBeHeld,
  notErased,
  noteMerge,
  onMemberMerged,
  type PhoneChange,
  type ShipTo,
  unbind,
  unchanged,
  wasMadeBy,
};

/** How another system names a member. */
export type MemberRef = { memberId: string } | { phone: string } | { externalId: string };

type NamedByIdentity = Exclude<MemberRef, { memberId: string }>;

function identityOf(ref: NamedByIdentity): { kind: IdentityKind; value: string } {
  return 'phone' in ref ? { kind: 'PHONE', value: ref.phone } : { kind: 'EXTERNAL', value: ref.externalId };
}

async function newMember(ref: NamedByIdentity, via: Member['via'], registeredAt: number): Promise<Member> {
  const memberId = newId('mem');
  const sealed = 'phone' in ref ? { phone: await sealPhone(memberId, ref.phone) } : {};
  return { memberId, ...sealed, registeredAt, via };
}

/** A member that another system names, and the writes that make them one where nobody has this identity yet. */
export interface Found {
  memberId: string;
  registration: Write[];
}

async function findOrMake(ref: NamedByIdentity, via: Member['via'], { at, reading }: Basis): Promise<Found> {
  const { kind, value } = identityOf(ref);
  const digest = await lookup(kind, value);
  const memberId = await findByIdentity(kind, digest, reading);
  if (memberId !== undefined) return { memberId, registration: [] };
  const member = await newMember(ref, via, at);
  const registration = register([{ kind, digest }], member);
  // A phone lies on the member; all else that leads to them is kept beside, or nobody could find it when they go.
  const kept = kind === 'PHONE' ? [] : await bound(member.memberId, [{ kind, value, digest }], at);
  const keeping = kept.length === 0 ? [] : [writeIdentities(member.memberId, undefined, kept)];
  return { memberId: member.memberId, registration: [...registration, ...keeping] };
}

/**
 * The member whose phone this is; made now if there is none. However many ask at once, one identity is one member.
 */
export async function findOrRegister(phone: string): Promise<{ memberId: string; registered: boolean }> {
  const { answer } = await exchange(async ({ at }) => {
    // For sure: where there is one, no write stands on it, and a phone that was theirs a moment ago lets nobody in.
    const { memberId, registration } = await findOrMake({ phone }, 'LOGIN', { at, reading: 'consistent' });
    return { writes: registration, answer: { memberId, registered: registration.length > 0 } };
  });
  return answer;
}

/**
 * The member that another system names. An unseen phone or external id becomes one by the `registration`, which
 * belongs into the same list of writes as what it is for; the id of nobody, or of who was erased, is refused.
 */
export async function resolve(ref: MemberRef, basis: Basis, via: Member['via'] = 'TILL'): Promise<Found> {
  if (!('memberId' in ref)) return findOrMake(ref, via, basis);
  await mustHaveAccount(ref.memberId, basis);
  return { memberId: ref.memberId, registration: [] };
}

/** How a till names a member: as other systems do, or by the code that the member shows. */
export type TillRef = MemberRef | { code: string };

/** A member at a till, and the writes that make them one or use up their code: they belong into the same list. */
export interface AtTill<Id> {
  memberId: Id;
  writes: Write[];
}

async function byCode(code: string, basis: Basis): Promise<AtTill<string>> {
  const { memberId, use } = await readCode(code, basis.at);
  await mustHaveAccount(memberId, basis);
  return { memberId, writes: [use] };
}

/** The member at a till, who becomes one if they are not. */
export async function atTill(ref: TillRef, basis: Basis): Promise<AtTill<string>> {
  if ('code' in ref) return byCode(ref.code, basis);
  const { memberId, registration } = await resolve(ref, basis);
  return { memberId, writes: registration };
}

/** The member at a till, if they are one. */
export async function memberAtTill(ref: TillRef, basis: Basis): Promise<AtTill<string | undefined>> {
  if ('code' in ref) return byCode(ref.code, basis);
  return { memberId: await memberNamed(ref, basis.reading), writes: [] };
}

/** Whom a till meant, whether a code still counts or not: by this a repeat is told from another request. */
export async function meantAtTill(ref: TillRef): Promise<string | undefined> {
  return 'code' in ref ? namedBy(ref.code) : idOf(ref);
}

/** The id of the member that another system names; undefined where there is no such member. */
export async function memberNamed(ref: MemberRef, reading: Basis['reading']): Promise<string | undefined> {
  if (!('memberId' in ref)) return idOf(ref);
  return (await findMember(ref.memberId, reading))?.memberId;
}

/** The id of the member that another system names, if there is one. */
export async function idOf(ref: MemberRef): Promise<string | undefined> {
  if ('memberId' in ref) return ref.memberId;
  const { kind, value } = identityOf(ref);
  return findByIdentity(kind, await lookup(kind, value), 'consistent');
}

/** Whose phone this is by now, if anybody's, and the write that is refused once it is not: what stands on it needs it. */
export async function memberByPhone(
  phone: string,
  { reading }: Pick<Basis, 'reading'>,
): Promise<{ memberId: string; guard: Write } | undefined> {
  const digest = await lookup('PHONE', phone);
  const named = await findByIdentity('PHONE', digest, reading);
  if (named === undefined) return undefined;
  return { memberId: await livingOf(named, reading), guard: leadsTo('PHONE', digest, named) };
}

/** The phone of a member in clear, for who may see it; null where there is none. */
export async function phoneOf(memberId: string): Promise<string | null> {
  const member = await findMember(memberId, 'consistent');
  return member ? clearPhone(member) : null;
}

async function shown(member: Member) {
  const { memberId, registeredAt, via, mergedInto = null } = member;
  const phone = await clearPhone(member);
  const heldUntil = isHeld(member, now()) ? iso(member.heldUntil ?? 0) : null;
  return { memberId, phone: phone && maskPhone(phone), registeredAt, via, heldUntil, mergedInto };
}

/** Who a member is, with the phone masked. */
export async function profile(memberId: string) {
  const member = await findMember(memberId, 'consistent');
  if (!member || member.erasedAt !== undefined) throw new Refusal('members.not_found');
  return shown(member);
}

/** The one member whom this caller of the staff names, or nobody; by phones that are nobody's they may ask so often. */
export async function search(ref: MemberRef, caller: string) {
  const lookUps = lookUpsBy(caller);
  if ('phone' in ref) await lookUps.count('SEARCH');
  const memberId = await idOf(ref);
  const member = memberId === undefined ? undefined : await findMember(memberId, 'consistent');
  if (!member || member.erasedAt !== undefined) return [];
  await lookUps.end();
  return [await shown(member)];
}

/** What a member who is new, or was merged, says on the bus. */
export function announce(item: unknown, before: unknown): Announcement[] {
  return memberAnnouncements(item as Member, before as Member | undefined);
}

/** What a change of what a member is recognised by says on the bus. */
export function announceChange(item: unknown): Announcement[] {
  return changeAnnouncements(item as IdentityChange);
}
