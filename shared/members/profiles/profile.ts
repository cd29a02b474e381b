import { Refusal } from '../../errors.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { dayOf } from '../../platform/calendar-day.ts';
import { now } from '../../platform/clock.ts';
import { setting } from '../../platform/settings.ts';
import { linkTo, readObject, writeNewObject } from '../../providers/objects.ts';
import { exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { notErased } from '../store.ts';
import { hasAgreed, mustConsent } from './consents.ts';
import {
  AVATAR,
  avatarKey,
  birthdayFrom,
  CONSENTED,
  changedFacts,
  type Facts,
  type FactsChange,
  inheritedFacts,
  newlySet,
} from './rules.ts';
import { findProfile, removeOne, type StoredProfile, writeProfile } from './store.ts';

const placeOf = (memberId: string): string => `profile:${memberId}`;

async function factsOf(memberId: string, profile: StoredProfile | undefined): Promise<Facts> {
  if (profile?.sealed === undefined) return {};
  return JSON.parse(await unseal(profile.sealed, placeOf(memberId))) as Facts;
}

/** The facts as they are kept: one sealed text, or none where there are none. */
async function sealedFacts(memberId: string, facts: Facts): Promise<{ sealed?: string }> {
  if (Object.keys(facts).length === 0) return {};
  return { sealed: await seal(JSON.stringify(facts), placeOf(memberId)) };
}

type Dated = Pick<StoredProfile, 'birthdaySetAt' | 'avatar'>;

async function shown(memberId: string, facts: Facts, profile: Dated | undefined) {
  const { nickname = null, birthday = null, gender = null, region = null } = facts;
  const zone = setting('TIME_ZONE');
  const from = profile?.birthdaySetAt === undefined ? undefined : birthdayFrom(profile.birthdaySetAt, zone);
  const expiresAt = now() + AVATAR.linkSeconds * 1_000;
  const avatar = profile?.avatar && { url: await linkTo(avatarKey(memberId), AVATAR.linkSeconds), expiresAt };
  return {
    nickname,
    birthday,
    gender,
    region,
    birthdayChangeableFrom: from !== undefined && from > dayOf(now(), zone) ? from : null,
    avatar: avatar ?? null,
  };
}

/** What a member has said of themself. */
export async function profileOf(memberId: string) {
  const profile = await findProfile(memberId);
  return shown(memberId, await factsOf(memberId, profile), profile);
}

function checkBirthday({ birthday }: Facts, profile: StoredProfile | undefined, at: number): void {
  const zone = setting('TIME_ZONE');
  const today = dayOf(at, zone);
  if (birthday !== undefined && birthday > today) throw new Refusal('members.birthday_in_future');
  if (profile?.birthdaySetAt === undefined) return;
  const from = birthdayFrom(profile.birthdaySetAt, zone);
  if (today < from) throw new Refusal('members.birthday_set', { from });
}

/** Changes what a member says of themself; what changes nothing writes nothing. */
export async function changeProfile(memberId: string, change: FactsChange) {
  const { answer } = await exchange<{ after: Facts; profile: Dated | undefined }>(async ({ at }) => {
    const profile = await findProfile(memberId);
    const before = await factsOf(memberId, profile);
    const after = changedFacts(before, change);
    const set = newlySet(before, after);
    if (set.length === 0 && Object.keys(after).length === Object.keys(before).length)
      return { writes: [], answer: { after, profile } };
    if (CONSENTED.some((name) => set.includes(name))) await mustConsent(memberId, 'PROFILE');
    if (set.includes('birthday')) checkBirthday(after, profile, at);
    const { sealed: _, ...rest } = profile ?? {};
    const next = {
      ...rest,
      ...(await sealedFacts(memberId, after)),
      ...(set.includes('birthday') && { birthdaySetAt: at }),
    };
    return { writes: [notErased(memberId), writeProfile(memberId, profile, next)], answer: { after, profile: next } };
  });
  return shown(memberId, answer.after, answer.profile);
}

/** The write that forgets what is only kept by consent; that a birthday was set, and when, stays. */
export async function dropConsented(memberId: string): Promise<Write> {
  const profile = await findProfile(memberId);
  const nothing = Object.fromEntries(CONSENTED.map((name) => [name, null]));
  const facts = changedFacts(await factsOf(memberId, profile), nothing);
  const { sealed: _, ...rest } = profile ?? {};
  return writeProfile(memberId, profile, { ...rest, ...(await sealedFacts(memberId, facts)) });
}

/** Copies the picture of one who was merged to their heir's place, unless one is on its way there; says whether there was one. */
async function copyPicture(memberId: string, heirId: string): Promise<boolean> {
  const picture = await readObject(avatarKey(memberId));
  if (picture) await writeNewObject(avatarKey(heirId), picture.bytes, picture.contentType);
  return picture !== undefined;
}

/**
 * The writes by which an heir has what one who was merged into them said of themself, where they have said nothing. What
 * they do not take over goes. The picture is copied before.
 */
export async function inheritProfile(memberId: string, heirId: string): Promise<Write[]> {
  const [from, into] = await Promise.all([findProfile(memberId), findProfile(heirId)]);
  if (!from) return [];
  const own = await factsOf(heirId, into);
  const agrees = await hasAgreed(heirId, 'PROFILE');
  const facts = inheritedFacts(own, await factsOf(memberId, from), { agrees, birthdaySetAt: into?.birthdaySetAt });
  const takesPicture = from.avatar !== undefined && into?.avatar === undefined;
  const avatar = takesPicture && (await copyPicture(memberId, heirId)) ? from.avatar : into?.avatar;
  const set = newlySet(own, facts);
  const gone = removeOne(memberId, 'profile', from);
  if (set.length === 0 && avatar === into?.avatar) return [gone];
  const birthdaySetAt = set.includes('birthday') ? from.birthdaySetAt : into?.birthdaySetAt;
  const next = {
    ...(await sealedFacts(heirId, facts)),
    ...(birthdaySetAt !== undefined && { birthdaySetAt }),
    ...(avatar && { avatar }),
  };
  return [gone, writeProfile(heirId, into, next)];
}
