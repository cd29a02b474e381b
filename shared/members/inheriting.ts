import { Refusal } from '../errors.ts';
import { lookup } from '../platform/ids.ts';
import { deleteObject } from '../providers/objects.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { bound, boundAnew } from './identities.ts';
import { livingMember } from './merges.ts';
import { clearPhone, sealPhone } from './phones.ts';
import { inheritAddresses } from './profiles/addresses.ts';
import { inheritPreferences } from './profiles/preferences.ts';
import { inheritProfile } from './profiles/profile.ts';
import { avatarKey } from './profiles/rules.ts';
import {
  findIdentities,
  findMember,
  givePhone,
  handOver,
  type Member,
  notErased,
  takePhone,
  writeIdentities,
} from './store.ts';

/** So many identities go in one transaction, which takes a hundred writes. */
const AT_ONCE = 80;

/** Who was merged, and who is their heir by now. */
async function bothOf(memberId: string): Promise<{ old: Member; heir: Member }> {
  const [old, heir] = await Promise.all([findMember(memberId, 'consistent'), livingMember(memberId, 'consistent')]);
  if (!old || !heir) throw new Refusal('members.not_found', { memberId });
  if (old.mergedInto === undefined) throw new Error('This member was merged into nobody.');
  return { old, heir };
}

/** The phone of the old member: the heir's where they have none, and otherwise another one of theirs. */
async function phoneMoves(old: Member, heir: Member, at: number) {
  const phone = await clearPhone(old);
  if (old.phone === undefined || phone === null) return { further: [], writes: [] };
  const digest = await lookup('PHONE', phone);
  const taken = [takePhone(old.memberId, old.phone), handOver('PHONE', digest, old.memberId, heir.memberId)];
  if (heir.phone === undefined) {
    return { further: [], writes: [...taken, givePhone(heir.memberId, await sealPhone(heir.memberId, phone))] };
  }
  return { further: await bound(heir.memberId, [{ kind: 'PHONE', value: phone, digest }], at), writes: taken };
}

/** Makes what somebody was recognised by their heir's, all of it or so much as fits; says whether there is more. */
async function moveIdentities(memberId: string): Promise<boolean> {
  const { answer } = await exchange(async ({ at }) => {
    const { old, heir } = await bothOf(memberId);
    if (heir.erasedAt !== undefined) return { writes: [], answer: false };
    const [before, into] = await Promise.all([
      findIdentities(memberId, 'consistent'),
      findIdentities(heir.memberId, 'consistent'),
    ]);
    const all = before?.bound ?? [];
    const going = all.slice(0, AT_ONCE);
    const phone = await phoneMoves(old, heir, at);
    if (going.length === 0 && phone.writes.length === 0) return { writes: [], answer: false };
    const moved = await Promise.all(going.map((one) => boundAnew(memberId, heir.memberId, one, at)));
    const isPhoneGiven = phone.writes.length > 0 && phone.further.length === 0;
    const writes: Write[] = [
      // Who is given the phone may be neither erased nor merged either.
      ...(isPhoneGiven ? [] : [notErased(heir.memberId, 'members.moved')]),
      ...going.map(({ kind, digest }) => handOver(kind, digest, memberId, heir.memberId)),
      ...(before && going.length > 0 ? [writeIdentities(memberId, before, all.slice(AT_ONCE))] : []),
      ...phone.writes,
      writeIdentities(heir.memberId, into, [...(into?.bound ?? []), ...moved, ...phone.further]),
    ];
    return { writes, answer: all.length > AT_ONCE };
  });
  return answer;
}

/** Makes what somebody said of themself their heir's, where it is not said yet. */
async function moveOwn(memberId: string): Promise<void> {
  const { answer: heir } = await exchange(async () => {
    const both = await bothOf(memberId);
    const heirId = both.heir.memberId;
    if (both.heir.erasedAt !== undefined) return { writes: [], answer: both.heir };
    const writes = [
      ...(await inheritProfile(memberId, heirId)),
      ...(await inheritPreferences(memberId, heirId)),
      ...(await inheritAddresses(memberId, heirId)),
    ];
    return { writes: writes.length === 0 ? [] : [notErased(heirId, 'members.moved'), ...writes], answer: both.heir };
  });
  await deleteObject(avatarKey(memberId));
  // An heir who was erased meanwhile leaves no picture behind; what lies under the old member goes with them (`privacy`).
  if (heir.erasedAt !== undefined) await deleteObject(avatarKey(heir.memberId));
}

/**
 * Makes what is kept of a member who was merged their heir's: identities, profile, preferences, addresses. Each step is
 * one transaction and leaves nothing to do: again changes nothing, and what stopped goes on.
 */
export async function onMemberMerged(memberId: string): Promise<void> {
  while (await moveIdentities(memberId)) {
    // Page by page.
  }
  await moveOwn(memberId);
}
