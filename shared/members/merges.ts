import { Refusal } from '../errors.ts';
import type { Basis } from '../table/commit.ts';
import {
  findByIdentity,
  findMember,
  findMerge,
  type IdentityKind,
  type Member,
  type Merge,
  mergedInto,
} from './store.ts';

type Reading = Basis['reading'];

/** More merges than this do not stand one behind another. */
const MAX_HEIRS = 64;

/** The member, or the heir into whom they were merged, or that one's; undefined for somebody who never was. */
export async function livingMember(memberId: string, reading: Reading): Promise<Member | undefined> {
  let current = await findMember(memberId, reading);
  for (let heirs = 0; current?.mergedInto !== undefined; heirs += 1) {
    if (heirs === MAX_HEIRS) throw new Error('Too many merges stand one behind another.');
    current = await findMember(current.mergedInto, reading);
  }
  return current;
}

/** The living heir of one who was merged; undefined once that one was erased. */
export async function heirOf(memberId: string): Promise<string | undefined> {
  const heir = await livingMember(memberId, 'consistent');
  return heir?.erasedAt === undefined ? heir?.memberId : undefined;
}

/** Whose it is by now what is this member's: their own, or their heir's. */
export async function livingOf(memberId: string, reading: Reading): Promise<string> {
  return (await livingMember(memberId, reading))?.memberId ?? memberId;
}

/** Whose identity this is by now: it may still lead to one who was merged a moment ago. */
export async function ownerOf(kind: IdentityKind, digest: string, reading: Reading): Promise<string | undefined> {
  const memberId = await findByIdentity(kind, digest, reading);
  return memberId === undefined ? undefined : livingOf(memberId, reading);
}

/** Whether these are one person: the same member, or merged into the same. */
export async function isSame(one: string | undefined, other: string | undefined): Promise<boolean> {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return (await livingOf(one, 'consistent')) === (await livingOf(other, 'consistent'));
}

/** The member; who never was, was erased, or was merged is refused: nothing is merged with them. */
export async function mustBeLiving(memberId: string, { reading }: Pick<Basis, 'reading'>): Promise<Member> {
  const member = await findMember(memberId, reading);
  if (!member) throw new Refusal('members.not_found', { memberId });
  if (member.erasedAt !== undefined) throw new Refusal('members.erased', { memberId });
  if (member.mergedInto !== undefined) throw new Refusal('members.merged', { memberId, heirId: member.mergedInto });
  return member;
}

/** How a member was merged, if they were. */
export async function mergeOf(memberId: string): Promise<Merge | undefined> {
  const heirId = (await findMember(memberId, 'consistent'))?.mergedInto;
  return heirId === undefined ? undefined : findMerge(heirId, memberId);
}

/** Everybody who was merged into this member, and into one of these. */
export async function mergedUnder(memberId: string, reading: Reading = 'consistent'): Promise<string[]> {
  const own = await mergedInto(memberId, reading);
  return [...own, ...(await Promise.all(own.map((one) => mergedUnder(one, reading)))).flat()];
}
