import { Refusal } from '../errors.ts';
import { iso } from '../platform/clock.ts';
import { lookup } from '../platform/ids.ts';
import { deleteObject } from '../providers/objects.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { changesHeldOn, eraseChanges } from './changes/changes.ts';
import { forgetIdentities, identitiesOf } from './identities.ts';
import { clearPhone } from './phones.ts';
import { addressesOf } from './profiles/addresses.ts';
import { consentsOf } from './profiles/consents.ts';
import { preferencesOf } from './profiles/preferences.ts';
import { profileOf } from './profiles/profile.ts';
import { avatarKey } from './profiles/rules.ts';
import { removeOwn } from './profiles/store.ts';
import { findMember, freeIdentity, noteErased } from './store.ts';

/** The writes by which a member is nobody's any more, and the digests by which their phones were found. */
export async function forget(memberId: string, at: number): Promise<{ phoneDigests: string[]; writes: Write[] }> {
  const member = await findMember(memberId, 'consistent');
  if (!member) throw new Refusal('members.not_found');
  const erased = noteErased(memberId, at);
  const { phoneDigests, writes } = await forgetIdentities(memberId);
  const phone = await clearPhone(member);
  if (phone === null) return { phoneDigests, writes: [erased, ...writes] };
  const digest = await lookup('PHONE', phone);
  const freed = freeIdentity('PHONE', digest, memberId);
  return { phoneDigests: [digest, ...phoneDigests], writes: [erased, freed, ...writes] };
}

/** Takes away profile, preferences, addresses, changes of identity and picture of one who is erased; again changes nothing. */
export async function eraseOwn(memberId: string): Promise<void> {
  await exchange(async () => ({ writes: await removeOwn(memberId), answer: null }));
  await eraseChanges(memberId);
  await deleteObject(avatarKey(memberId));
}

/** More answers are not shown: so many are given in a life. */
const MOST_CONSENTS = 1_000;

/** Who a member is, and all that they said of themselves, in clear. */
export async function heldOn(memberId: string) {
  const member = await findMember(memberId, 'consistent');
  if (!member || member.erasedAt !== undefined) throw new Refusal('members.not_found');
  const { registeredAt, via, heldUntil } = member;
  const { avatar, ...profile } = await profileOf(memberId);
  const { answers } = await consentsOf(memberId, undefined, MOST_CONSENTS);
  const { interests, channels, quietHours, language } = await preferencesOf(memberId);
  return {
    member: {
      memberId,
      phone: await clearPhone(member),
      registeredAt: iso(registeredAt),
      via,
      heldUntil: heldUntil === undefined ? null : iso(heldUntil),
    },
    identityChanges: await changesHeldOn(memberId),
    identities: (await identitiesOf(memberId)).map(({ at, ...one }) => ({ ...one, boundAt: iso(at) })),
    profile: { ...profile, picture: avatar?.url ?? null },
    preferences: { interests, channels, quietHours, language },
    addresses: await addressesOf(memberId),
    consents: answers.map(({ purpose, version, granted, at }) => ({ purpose, version, granted, at: iso(at) })),
  };
}
