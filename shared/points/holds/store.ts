import { iso } from '../../platform/clock.ts';
import { get, getMany, query, type Reading } from '../../table/client.ts';
import { keys } from '../../table/keys.ts';
import { change, put, type Write } from '../../table/writes.ts';
import type { Lots } from '../account.ts';

export type HoldStatus = 'HELD' | 'CAPTURED' | 'RELEASED' | 'TIMED_OUT';

/** How a hold ended: what it held is captured + returned + lapsed. */
export interface Ended {
  seq: number;
  at: number;
  captured: number;
  returned: number;
  lapsed: number;
  /** Digests of the caller's key and of what was asked under it; absent when time ended it. */
  key?: string;
  request?: string;
}

/** Points that a client has set aside. */
export interface Hold {
  holdId: string;
  memberId: string;
  /** On whose chain the entry lies, where the account was merged into another. */
  heirId?: string;
  currency: string;
  amount: number;
  /** The HOLD entry, and the lots that it drew from. */
  seq: number;
  draws: Lots;
  status: HoldStatus;
  /** Epoch milliseconds, like `at`. */
  expiresAt: number;
  /** Sealed. */
  note?: string;
  by: string;
  at: number;
  request: string;
  /** Counts what is done to it from 1. */
  version: number;
  ended?: Ended;
}

/** The place for which the note of a hold is sealed. */
export const notePlace = (holdId: string) => `hold:${holdId}:note`;

export function findHold(holdId: string, reading: Reading): Promise<Hold | undefined> {
  return get<Hold>(keys.hold(holdId), reading);
}

/** These holds, in no order. */
export function findHolds(holdIds: readonly string[]): Promise<Hold[]> {
  return getMany<Hold>(holdIds.map(keys.hold), 'consistent');
}

/** The write that makes a hold; while it is held it is listed by when that ends. */
export function addHold(hold: Hold): Write {
  const { holdId, expiresAt } = hold;
  const item = { ...keys.hold(holdId), ...keys.openHolds(iso(expiresAt), holdId), type: 'hold', v: 1, ...hold };
  return put(item, 'request.key_reused');
}

/** The write that ends a hold, unless it has ended. */
export function endHold({ holdId, version }: Hold, status: HoldStatus, ended: Ended): Write {
  const when = [
    ['version', '=', version],
    ['status', '=', 'HELD'],
  ] as const;
  const set = { status, version: version + 1, ended };
  return change(keys.hold(holdId), { set, remove: ['gsi2pk', 'gsi2sk'], when, proof: 'ended' }, 'points.hold_moved');
}

/** The write that takes its note away from a hold. */
export function dropNote({ holdId, version }: Hold): Write {
  return change(keys.hold(holdId), { remove: ['note'], when: [['version', '=', version]] }, 'points.hold_moved');
}

/** Up to `limit` of the holds that have not ended, the one that ends first before the others. */
export function openHolds(after: string | undefined, limit: number): Promise<(Hold & { gsi2sk: string })[]> {
  const { gsi2pk: pk } = keys.openHolds('', '');
  return query<Hold & { gsi2sk: string }>({ index: 'gsi2', pk, after, limit });
}
