import type { Announcement } from '../events.ts';
import type { ProviderKind } from '../providers/identity/port.ts';
import { get, query, type Reading } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, lacks, put, putWhen, remove, type Write } from '../table/writes.ts';
import { AFTER_CHANGE } from './rules.ts';

/** By what somebody is recognised. */
export type IdentityKind = 'PHONE' | 'EXTERNAL' | ProviderKind;

export interface Member {
  memberId: string;
  /** Sealed. */
  phone?: string;
  registeredAt: number;
  /** How they came: by logging in, by a till that reported them, or with the balances of another system. */
  via: 'LOGIN' | 'TILL' | 'UPLOAD';
  /** Until then nothing leaves the account: what they are recognised by was changed. */
  heldUntil?: number;
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

/** A change of what a member is recognised by, of which their old contact is told. */
export interface IdentityChange {
  memberId: string;
  changeId: string;
  change: 'PHONE' | 'BOUND' | 'UNBOUND';
  at: number;
  /** Sealed: the phone that is told; gone once it was. */
  to?: string;
  /** The one session that goes on, where all others end. */
  keep?: string;
  /** When the last try to tell began; 0 before the first. */
  triedAt: number;
  toldAt?: number;
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
  return change(
    keys.member(memberId),
    { set: { erasedAt }, remove: ['phone', 'heldUntil'], when: [] },
    'members.moved',
  );
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

/** Lets nothing leave the account until then, of nobody who was erased. */
export function holdSpending(memberId: string, heldUntil: number): Write {
  return change(keys.member(memberId), { set: { heldUntil }, when: [], lacks: ['erasedAt'] }, 'members.moved');
}

/** Puts a phone (sealed) in the place of the one that a member has, and lets nothing leave the account until then. */
export function replacePhone({ memberId, phone: before = '' }: Member, phone: string, heldUntil: number): Write {
  const replaced = { set: { phone, heldUntil }, when: [['phone', '=', before]], lacks: ['erasedAt'] } as const;
  return change(keys.member(memberId), replaced, 'members.moved');
}

export function findChange(memberId: string, changeId: string): Promise<IdentityChange | undefined> {
  return get<IdentityChange>(keys.identityChange(memberId, changeId));
}

/** More changes than are kept of one member. */
const MOST_CHANGES = 1_000;

/** The changes of a member that are still kept, the newest first. */
export function changesOf(memberId: string): Promise<IdentityChange[]> {
  const { pk, sk } = keys.identityChange(memberId, '');
  return query<IdentityChange>({ pk, startingWith: sk, newestFirst: true, limit: MOST_CHANGES }, 'consistent');
}

export function addChange(made: IdentityChange): Write {
  const { memberId, changeId, at } = made;
  const expiresAtEpoch = Math.floor((at + AFTER_CHANGE.keptMs) / 1_000);
  const item = { ...keys.identityChange(memberId, changeId), type: 'identity-change', v: 1, ...made, expiresAtEpoch };
  return put(item, 'members.moved');
}

/** That nobody else has tried to tell of it since it was read. */
const asRead = ({ triedAt }: IdentityChange) => [['triedAt', '=', triedAt]] as const;

/** Begins a try to tell of a change: only one who has read the same does. */
export function tryTelling(made: IdentityChange, triedAt: number): Write {
  const key = keys.identityChange(made.memberId, made.changeId);
  return change(key, { set: { triedAt }, when: asRead(made) }, 'members.moved');
}

/** Forgets where they were to be told of it, and notes when they were. */
export function endTelling(made: IdentityChange, toldAt: number | undefined): Write {
  const key = keys.identityChange(made.memberId, made.changeId);
  const set = toldAt === undefined ? {} : { toldAt };
  return change(key, { set, remove: ['to'], when: asRead(made) }, 'members.moved');
}

export function removeChange(made: IdentityChange): Write {
  return remove(keys.identityChange(made.memberId, made.changeId), asRead(made), 'members.moved');
}

/** What a change says on the bus: not to whom it is told. */
export function changeAnnouncements({ memberId, changeId, change: what, at }: IdentityChange): Announcement[] {
  const detail = { memberId, changeId, change: what };
  return [{ name: 'member.identity_changed', id: changeId, at, detail }];
}
