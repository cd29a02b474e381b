import type { Announcement } from '../events.ts';
import type { ProviderKind } from '../providers/identity/port.ts';
import { get, type Reading } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, lacks, put, putWhen, remove, type Write } from '../table/writes.ts';

/** By what somebody is recognised. */
export type IdentityKind = 'PHONE' | 'EXTERNAL' | ProviderKind;

export interface Member {
  memberId: string;
  /** Sealed. */
  phone?: string;
  registeredAt: number;
  /** How they came: by logging in, by a till that reported them, or with the balances of another system. */
  via: 'LOGIN' | 'TILL' | 'UPLOAD';
  /** When all that was personal began to go; nothing personal is written from then on. */
  erasedAt?: number;
}

/** Nobody's since its member unbound it. */
interface Identity {
  memberId?: string;
}

/** An identity that a provider vouched for, as it is kept with its member. */
export interface Bound {
  kind: ProviderKind;
  digest: string;
  sealed: string;
  at: number;
}

/** What a member has bound, all in one item; a version more with every change of what they are recognised by. */
export interface StoredIdentities {
  memberId: string;
  version: number;
  bound: Bound[];
}

export function findMember(memberId: string, reading: Reading): Promise<Member | undefined> {
  return get<Member>(keys.member(memberId), reading);
}

/** Whose identity this is. */
export async function findByIdentity(
  kind: IdentityKind,
  digest: string,
  reading: Reading,
): Promise<string | undefined> {
  return (await get<Identity>(keys.identity(kind, digest), reading))?.memberId;
}

/** Makes an identity a member's, when it is nobody's by then. */
export function take(kind: IdentityKind, digest: string, memberId: string, at: number): Write {
  const identity = { ...keys.identity(kind, digest), type: 'identity', v: 1, kind, memberId };
  return putWhen(identity, [['freeAt', '<=', at]], 'members.identity_taken');
}

/** The writes that make a member of identities that nobody has. */
export function register(identities: readonly { kind: IdentityKind; digest: string }[], member: Member): Write[] {
  const { memberId, registeredAt } = member;
  return [
    ...identities.map(({ kind, digest }) => take(kind, digest, memberId, registeredAt)),
    put({ ...keys.member(memberId), type: 'member', v: 1, ...member }, 'members.identity_taken'),
  ];
}

/** Belongs into every list that writes something personal: it is refused once the member was erased. */
export function notErased(memberId: string): Write {
  return lacks(keys.member(memberId), 'erasedAt', 'members.erased');
}

/** The write from which on a member is nobody's any more. */
export function noteErased(memberId: string, erasedAt: number): Write {
  return change(keys.member(memberId), { set: { erasedAt }, remove: ['phone'], when: [] }, 'members.moved');
}

/** Takes an identity off its member, who goes on: whoever comes by it next may take it. Only erasure takes items away. */
export function unbindIdentity(kind: IdentityKind, digest: string, memberId: string, freeAt: number): Write {
  const unbound = { set: { freeAt }, remove: ['memberId'], when: [['memberId', '=', memberId]] } as const;
  return change(keys.identity(kind, digest), unbound, 'members.moved');
}

/** Frees an identity, so that whoever has it next is a new member. */
export function freeIdentity(kind: IdentityKind, digest: string, memberId: string): Write {
  return remove(keys.identity(kind, digest), [['memberId', '=', memberId]], 'members.moved');
}

export function findIdentities(memberId: string, reading: Reading): Promise<StoredIdentities | undefined> {
  return get<StoredIdentities>(keys.identities(memberId), reading);
}

/** Gives a member who has none their phone (sealed), and nobody who was erased. */
export function givePhone(memberId: string, phone: string): Write {
  return change(keys.member(memberId), { set: { phone }, when: [], lacks: ['phone', 'erasedAt'] }, 'members.moved');
}

/** The next version of what a member has bound. */
export function writeIdentities(memberId: string, before: StoredIdentities | undefined, bound: Bound[]): Write {
  const key = keys.identities(memberId);
  if (!before) return put({ ...key, type: 'identities', v: 1, memberId, version: 1, bound }, 'members.moved');
  const set = { bound, version: before.version + 1 };
  return change(key, { set, when: [['version', '=', before.version]] }, 'members.moved');
}

/** Uses up the code that a member shows in this window, once. */
export function useMemberCode(memberId: string, window: number, at: number): Write {
  const expiresAtEpoch = Math.floor(at / 1_000) + 86_400;
  const item = { ...keys.usedCode(memberId, window), type: 'member-code', v: 1, memberId, window, at, expiresAtEpoch };
  return put(item, 'members.code_invalid');
}

/** What a new member item says on the bus. */
export function memberAnnouncements({ memberId, registeredAt, via }: Member): Announcement[] {
  return [{ name: 'member.registered', id: memberId, at: registeredAt, detail: { memberId, via } }];
}

/** Takes away what a member has bound, as it was read: also that there was nothing. */
export function removeIdentities(memberId: string, before: StoredIdentities | undefined): Write {
  const key = keys.identities(memberId);
  if (!before) return lacks(key, 'version', 'members.moved');
  return remove(key, [['version', '=', before.version]], 'members.moved');
}
