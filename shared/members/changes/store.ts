import type { Announcement } from '../../events.ts';
import { get, query } from '../../table/client.ts';
import { keys } from '../../table/keys.ts';
import { change, put, remove, type Write } from '../../table/writes.ts';
import { AFTER_CHANGE } from '../rules.ts';

/** A change of what a member is recognised by, of which their old contact is told. */
export interface IdentityChange {
  memberId: string;
  changeId: string;
  change: 'PHONE' | 'BOUND' | 'UNBOUND' | 'MERGED';
  at: number;
  /** Sealed: the phone that is told; gone once it was. */
  to?: string;
  /** The one session that goes on, where all others end. */
  keep?: string;
  /** When the last try to tell began; 0 before the first. */
  triedAt: number;
  toldAt?: number;
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
