import type { ErrorCode } from '../errors.ts';
import type { Announcement } from '../events.ts';
import type { ProviderKind } from '../providers/identity/port.ts';
import { get, query, type Reading } from '../table/client.ts';
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
  /** Until then nothing leaves the account: what they are recognised by was changed. */
  heldUntil?: number;
  /** When all that was personal began to go; nothing personal is written from then on. */
  erasedAt?: number;
  /** Into whom they were merged, for ever, and when: from then on all that comes is the heir's. */
  mergedInto?: string;
  mergedAt?: number;
}

/** Nobody's since its member unbound it. */
interface Identity {
  memberId?: string;
}

/** An identity as it is kept with its member. Their first phone lies on the member itself. */
export interface Bound {
  kind: IdentityKind;
  digest: string;
  sealed: string;
  at: number;
}

/** What a member has bound, all in one item; a version more with every change of what they are recognised by. */
export interface StoredIdentities {
  memberId: string;
  version: number;
  bound: Bound[];
  /** Keyed digest of the last request that changed it, so that the same again is recognised. */
  request?: string;
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

/**
 * Belongs into every list that writes something personal: it is refused once the member was erased, and once they were
 * merged: what is theirs is the heir's by then.
 */
export function notErased(memberId: string, merged: ErrorCode = 'members.merged'): Write {
  return lacks(keys.member(memberId), { erasedAt: 'members.erased', mergedInto: merged });
}

/**
 * Belongs into every list that lets a member in: it is refused once they were erased or merged, and once their phone was
 * changed or something was unbound since they were read.
 */
export function unchanged({ memberId, heldUntil }: Member): Write {
  const gone = { erasedAt: 'members.erased', mergedInto: 'members.moved' } as const;
  if (heldUntil === undefined) return lacks(keys.member(memberId), { ...gone, heldUntil: 'members.moved' });
  return lacks(keys.member(memberId), gone, [['heldUntil', '=', heldUntil]], 'members.moved');
}

/** Belongs into a list that stands on whose identity this is: it is refused once that is somebody else, or nobody. */
export function leadsTo(kind: IdentityKind, digest: string, memberId: string): Write {
  return lacks(keys.identity(kind, digest), {}, [['memberId', '=', memberId]], 'members.moved');
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
  return change(
    keys.member(memberId),
    { set: { phone }, when: [], lacks: ['phone', 'erasedAt', 'mergedInto'] },
    'members.moved',
  );
}

/** The next version of what a member has bound, and by which request. */
export function writeIdentities(
  memberId: string,
  before: StoredIdentities | undefined,
  bound: Bound[],
  request?: string,
): Write {
  const key = keys.identities(memberId);
  const by = request === undefined ? {} : { request };
  if (!before) return put({ ...key, type: 'identities', v: 1, memberId, version: 1, bound, ...by }, 'members.moved');
  const set = { bound, version: before.version + 1, ...by };
  return change(key, { set, when: [['version', '=', before.version]] }, 'members.moved');
}

/** Uses up the code that a member shows in this window, once. */
export function useMemberCode(memberId: string, window: number, at: number): Write {
  const expiresAtEpoch = Math.floor(at / 1_000) + 86_400;
  const item = { ...keys.usedCode(memberId, window), type: 'member-code', v: 1, memberId, window, at, expiresAtEpoch };
  return put(item, 'members.code_invalid');
}

/** What a member item that appeared or changed says on the bus. */
export function memberAnnouncements(member: Member, before: Member | undefined): Announcement[] {
  const { memberId, registeredAt, via, mergedInto: heirId, mergedAt = 0 } = member;
  if (!before) return [{ name: 'member.registered', id: memberId, at: registeredAt, detail: { memberId, via } }];
  if (heirId === undefined || before.mergedInto !== undefined) return [];
  return [{ name: 'member.merged', id: memberId, at: mergedAt, detail: { memberId, heirId } }];
}

/** Takes away what a member has bound, as it was read: also that there was nothing. */
export function removeIdentities(memberId: string, before: StoredIdentities | undefined): Write {
  const key = keys.identities(memberId);
  if (!before) return lacks(key, { version: 'members.moved' });
  return remove(key, [['version', '=', before.version]], 'members.moved');
}

/** Lets nothing leave the account until then, of nobody who was erased. */
export function holdSpending(memberId: string, heldUntil: number): Write {
  return change(
    keys.member(memberId),
    { set: { heldUntil }, when: [], lacks: ['erasedAt', 'mergedInto'] },
    'members.moved',
  );
}

/** Puts a phone (sealed) in the place of the one that a member has, and lets nothing leave the account until then. */
export function replacePhone({ memberId, phone: before = '' }: Member, phone: string, heldUntil: number): Write {
  const replaced = {
    set: { phone, heldUntil },
    when: [['phone', '=', before]],
    lacks: ['erasedAt', 'mergedInto'],
  } as const;
  return change(keys.member(memberId), replaced, 'members.moved');
}

/** That a member was merged into an heir: by whom, and by which request, so that the same again is recognised. */
export interface Merge {
  memberId: string;
  heirId: string;
  at: number;
  by: 'MEMBER' | 'STAFF';
  /** Digests of the member's key and of what was asked under it. */
  key?: string;
  request?: string;
}

/** The writes that close a member for their heir, once: neither may have been erased or merged by then. */
export function closeMember(merge: Merge): Write[] {
  const { memberId, heirId, at } = merge;
  const set = { mergedInto: heirId, mergedAt: at };
  return [
    change(keys.member(memberId), { set, when: [], lacks: ['mergedInto', 'erasedAt'] }, 'members.moved'),
    notErased(heirId, 'members.moved'),
    put({ ...keys.mergedMember(heirId, memberId), type: 'merged-member', v: 1, ...merge }, 'members.moved'),
  ];
}

export function findMerge(heirId: string, memberId: string): Promise<Merge | undefined> {
  return get<Merge>(keys.mergedMember(heirId, memberId));
}

/** More than are ever merged into one. */
const MOST_MERGED = 10_000;

/** Who was merged into this member themself. */
export async function mergedInto(heirId: string, reading: Reading = 'consistent'): Promise<string[]> {
  const { pk, sk } = keys.mergedMember(heirId, '');
  const found = await query<Merge>({ pk, startingWith: sk, limit: MOST_MERGED }, reading);
  return found.map(({ memberId }) => memberId);
}

/** Makes an identity of one who was merged their heir's. */
export function handOver(kind: IdentityKind, digest: string, memberId: string, heirId: string): Write {
  const to = { set: { memberId: heirId }, when: [['memberId', '=', memberId]] } as const;
  return change(keys.identity(kind, digest), to, 'members.moved');
}

/** Takes the phone off one who was merged. */
export function takePhone(memberId: string, phone: string): Write {
  return change(keys.member(memberId), { remove: ['phone'], when: [['phone', '=', phone]] }, 'members.moved');
}
