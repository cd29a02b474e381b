import { get, query } from '../../table/client.ts';
import { type Key, keys } from '../../table/keys.ts';
import { change, put, remove, type Write } from '../../table/writes.ts';
import type { Preferences, Purpose } from './rules.ts';

/** What is kept of a profile: all that is personal in one sealed text. */
export interface StoredProfile {
  memberId: string;
  version: number;
  /** Sealed. */
  sealed?: string;
  /** When a birthday was last set. */
  birthdaySetAt?: number;
  /** The upload that the picture came by, and since when. */
  avatar?: { uploadId: string; at: number };
}

export interface StoredPreferences extends Preferences {
  memberId: string;
  version: number;
}

type PreferencesItem = Omit<StoredPreferences, 'quietHours'> & { quietHours?: StoredPreferences['quietHours'] };

export interface StoredAddresses {
  memberId: string;
  version: number;
  /** Sealed. */
  sealed: string;
}

/** Where one purpose stands. */
export interface Standing {
  version: string;
  granted: boolean;
  at: number;
}

/** An answer that a member gave, and where every purpose stands after it. */
export interface StoredConsent extends Standing {
  memberId: string;
  seq: number;
  purpose: Purpose;
  standings: Partial<Record<Purpose, Standing>>;
  /** Digests of the caller's key and of what was asked under it. */
  key: string;
  request: string;
}

/** The next version of an item of a member's own: made where there was none, changed where it is still the one that was read. */
function next(key: Key, type: string, before: { version: number } | undefined, item: Record<string, unknown>): Write {
  if (!before) return put({ ...key, type, v: 1, ...item, version: 1 }, 'members.moved');
  const { version } = before;
  const remove = Object.keys(item).filter((name) => item[name] === undefined);
  const kept = Object.entries(item).filter(([, value]) => value !== undefined);
  const set = { ...Object.fromEntries(kept), version: version + 1 };
  return change(key, { set, remove, when: [['version', '=', version]] }, 'members.moved');
}

type Fresh<T> = Omit<T, 'version' | 'memberId'>;

export function findProfile(memberId: string): Promise<StoredProfile | undefined> {
  return get<StoredProfile>(keys.profile(memberId));
}

export function writeProfile(
  memberId: string,
  before: StoredProfile | undefined,
  { sealed, birthdaySetAt, avatar }: Fresh<StoredProfile>,
): Write {
  return next(keys.profile(memberId), 'profile', before, { memberId, sealed, birthdaySetAt, avatar });
}

export async function findPreferences(memberId: string): Promise<StoredPreferences | undefined> {
  const found = await get<PreferencesItem>(keys.preferences(memberId));
  return found && { ...found, quietHours: found.quietHours ?? null };
}

export function writePreferences(
  memberId: string,
  before: StoredPreferences | undefined,
  { interests, channels, quietHours, language, changedAt }: Preferences,
): Write {
  const item = { memberId, interests, channels, quietHours: quietHours ?? undefined, language, changedAt };
  return next(keys.preferences(memberId), 'preferences', before, item);
}

export function findAddresses(memberId: string): Promise<StoredAddresses | undefined> {
  return get<StoredAddresses>(keys.addresses(memberId));
}

export function writeAddresses(memberId: string, before: StoredAddresses | undefined, sealed: string): Write {
  return next(keys.addresses(memberId), 'addresses', before, { memberId, sealed });
}

/** The write that takes away one of the items of a member's own, as it was read. */
export function removeOne(
  memberId: string,
  what: 'profile' | 'preferences' | 'addresses',
  { version }: { version: number },
): Write {
  return remove(keys[what](memberId), [['version', '=', version]], 'members.moved');
}

/** The writes that take away what is kept of a member's own, as it was read. */
export async function removeOwn(memberId: string): Promise<Write[]> {
  const places = [keys.profile(memberId), keys.preferences(memberId), keys.addresses(memberId)];
  const found = await Promise.all(places.map((key) => get<{ version: number }>(key)));
  return places.flatMap((key, i) => {
    const version = found[i]?.version;
    return version === undefined ? [] : [remove(key, [['version', '=', version]], 'members.moved')];
  });
}

/** The answers of a member, newest first, older than `before`. */
export function findConsents(memberId: string, before: string | undefined, limit: number) {
  const { pk } = keys.consent(memberId, 0);
  return query<StoredConsent & { sk: string }>({ pk, before, newestFirst: true, limit });
}

/** The write that adds an answer behind all others. */
export function addConsent(consent: StoredConsent): Write {
  const key = keys.consent(consent.memberId, consent.seq);
  return put({ ...key, type: 'consent', v: 1, ...consent }, 'members.moved');
}
