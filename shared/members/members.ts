import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { now } from '../platform/clock.ts';
import { lookup, newId } from '../platform/ids.ts';
import { maskPhone } from '../platform/masking.ts';
import { seal, unseal } from '../platform/sealing.ts';
import { exchange } from '../table/commit.ts';
import { findByIdentity, findMember, type IdentityKind, type Member, memberAnnouncements, register } from './store.ts';

/** How another system names a member. */
export type MemberRef = { memberId: string } | { phone: string } | { externalId: string };

function identityOf(ref: { phone: string } | { externalId: string }): { kind: IdentityKind; value: string } {
  return 'phone' in ref ? { kind: 'PHONE', value: ref.phone } : { kind: 'EXTERNAL', value: ref.externalId };
}

async function newMember(ref: { phone: string } | { externalId: string }, via: Member['via']): Promise<Member> {
  const memberId = newId('mem');
  const sealed = 'phone' in ref ? { phone: await seal(ref.phone, `member:${memberId}:phone`) } : {};
  return { memberId, ...sealed, registeredAt: now(), via };
}

/**
 * The member who has this identity; made now if there is none. However many ask at once, one identity is one member.
 * `before` runs only when a member would be made, and may refuse.
 */
export async function findOrRegister(
  ref: { phone: string } | { externalId: string },
  via: Member['via'],
  before: () => Promise<void> = async () => {},
): Promise<{ memberId: string; registered: boolean }> {
  const { kind, value } = identityOf(ref);
  const digest = await lookup(kind, value);
  const { answer } = await exchange(async () => {
    const memberId = await findByIdentity(kind, digest);
    if (memberId !== undefined) return { writes: [], answer: { memberId, registered: false } };
    await before();
    const member = await newMember(ref, via);
    return { writes: register(kind, digest, member), answer: { memberId: member.memberId, registered: true } };
  });
  return answer;
}

/** The member that another system names: an unseen phone or external id becomes one, an unknown member id is refused. */
export async function resolve(ref: MemberRef, before: () => Promise<void>): Promise<string> {
  if (!('memberId' in ref)) return (await findOrRegister(ref, 'TILL', before)).memberId;
  if (!(await findMember(ref.memberId))) throw new Refusal('members.not_found');
  return ref.memberId;
}

/** Who a member is, with the phone masked. */
export async function profile(memberId: string) {
  const member = await findMember(memberId);
  if (!member) throw new Refusal('members.not_found');
  const phone = member.phone ? maskPhone(await unseal(member.phone, `member:${memberId}:phone`)) : null;
  return { memberId, phone, registeredAt: member.registeredAt };
}

/** What a new member says on the bus. */
export function announce(item: unknown): Announcement[] {
  return memberAnnouncements(item as Member);
}
