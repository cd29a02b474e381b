import { madeAt } from '../../platform/ids.ts';
import { get, getMany } from '../../table/client.ts';
import { type Key, keys } from '../../table/keys.ts';
import { put, putWhen, remove, type Write } from '../../table/writes.ts';
import { pushKnownUntil } from '../rules.ts';

/** Which session has a push token, and by which registration: the token is its only where it names the same. */
export interface PushHolder {
  pushId: string;
  memberId: string;
  sessionId: string;
}

/** Which session has the push token of this digest. */
export function findPushHolder(digest: string): Promise<PushHolder | undefined> {
  return get<PushHolder>(keys.pushToken(digest));
}

/** Which sessions have the push tokens of these digests, where anything says so; up to 100. */
export function findPushHolders(digests: readonly string[]): Promise<(PushHolder & Key)[]> {
  return getMany(digests.map(keys.pushToken), 'consistent');
}

/** Says which session has a push token, in the place of what was read, if anything. */
export function holdPush(digest: string, holder: PushHolder, before: PushHolder | undefined): Write {
  const expiresAtEpoch = Math.floor(pushKnownUntil(madeAt(holder.pushId)) / 1_000);
  const item = { ...keys.pushToken(digest), type: 'push-token', v: 1, ...holder, expiresAtEpoch };
  if (!before) return put(item, 'auth.session_moved');
  return putWhen(item, [['pushId', '=', before.pushId]], 'auth.session_moved');
}

/** Forgets which session had a push token. */
export function forgetPush({ pk, sk, pushId }: PushHolder & Key): Write {
  return remove({ pk, sk }, [['pushId', '=', pushId]], 'auth.session_moved');
}
