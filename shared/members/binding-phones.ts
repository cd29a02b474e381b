import { Refusal } from '../errors.ts';
import { lookup } from '../platform/ids.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import type { Asked } from './bound.ts';
import { noteChange } from './changes/changes.ts';
import { ownerOf } from './merges.ts';
import { clearPhone, sealPhone } from './phones.ts';
import { findIdentities, findMember, givePhone, take, unbindIdentity, writeIdentities } from './store.ts';

/** Binds a phone, which the member has shown to be theirs, to a member who has none. It may be theirs already. */
export async function bindPhone(memberId: string, phone: string, { request, guard }: Asked): Promise<void> {
  const digest = await lookup('PHONE', phone);
  await exchange(async ({ at, reading }) => {
    const owner = await ownerOf('PHONE', digest, 'consistent');
    if (owner === memberId) return { writes: [], answer: null };
    if (owner !== undefined) throw new Refusal('members.phone_taken');
    const [member, before] = await Promise.all([findMember(memberId, reading), findIdentities(memberId, reading)]);
    if (!member) throw new Refusal('members.not_found');
    if (member.erasedAt !== undefined) throw new Refusal('members.erased');
    if (member.mergedInto !== undefined) throw new Refusal('members.merged');
    if (member.phone !== undefined) throw new Refusal('members.phone_bound');
    const writes = [
      take('PHONE', digest, memberId, at),
      givePhone(memberId, await sealPhone(memberId, phone)),
      writeIdentities(memberId, before, before?.bound ?? [], request),
      guard,
    ];
    return { writes, answer: null };
  });
}

/** The phone by which a member is reached, for a change of it; who has none is told what to do. */
export async function contactOf(memberId: string): Promise<string> {
  const member = await findMember(memberId, 'consistent');
  if (!member) throw new Refusal('members.not_found');
  if (member.erasedAt !== undefined) throw new Refusal('members.erased');
  if (member.mergedInto !== undefined) throw new Refusal('members.merged');
  const phone = await clearPhone(member);
  if (phone === null) throw new Refusal('members.phone_missing');
  return phone;
}

/** Whether a phone is somebody else's. */
export async function isTaken(phone: string, memberId: string): Promise<boolean> {
  const owner = await ownerOf('PHONE', await lookup('PHONE', phone), 'consistent');
  return owner !== undefined && owner !== memberId;
}

/** A phone in the place of another, the session in which that is done, and the request. */
export interface PhoneChange {
  before: string;
  after: string;
  keep: string;
  request: string;
}

/**
 * The writes that put a phone which is nobody's, or which came to the member by a merge, in the place of the one that
 * they have. Where that is another one by now, what was shown by it counts no more.
 */
export async function changingPhone(
  memberId: string,
  { before, after, keep, request }: PhoneChange,
  at: number,
): Promise<Write[]> {
  const [member, bound] = await Promise.all([
    findMember(memberId, 'consistent'),
    findIdentities(memberId, 'consistent'),
  ]);
  if (!member || (await clearPhone(member)) !== before) throw new Refusal('auth.step_up_invalid');
  const [phone, digest] = [await sealPhone(memberId, after), await lookup('PHONE', after)];
  const all = bound?.bound ?? [];
  const others = all.filter((one) => one.digest !== digest);
  return [
    unbindIdentity('PHONE', await lookup('PHONE', before), memberId, at),
    ...(others.length < all.length ? [] : [take('PHONE', digest, memberId, at)]),
    ...(await noteChange(member, { change: 'PHONE', phone, keep }, at)),
    writeIdentities(memberId, bound, others, request),
  ];
}
