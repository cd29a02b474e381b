import { get } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, remove, type Write } from '../table/writes.ts';
import type { Made } from './rules.ts';

/** That a member asked to be forgotten. OPEN: they are nobody's any more, and what is personal is being taken away. */
export interface Erasure {
  memberId: string;
  status: 'OPEN' | 'DONE';
  at: number;
  doneAt?: number;
}

export function findErasure(memberId: string): Promise<Erasure | undefined> {
  return get<Erasure>(keys.erasure(memberId));
}

/** The write that begins an erasure, once. */
export function beginErasure(memberId: string, at: number): Write {
  const item = { ...keys.erasure(memberId), type: 'erasure', v: 1, memberId, status: 'OPEN', at };
  return put(item, 'privacy.moved');
}

/** The write that notes that all is gone, once. */
export function endErasure(memberId: string, doneAt: number): Write {
  const set = { status: 'DONE', doneAt };
  return change(keys.erasure(memberId), { set, when: [['status', '=', 'OPEN']] }, 'privacy.moved');
}

/** The exports of the last days: how many, and which files there may be. */
export interface StoredExports {
  memberId: string;
  version: number;
  made: readonly Made[];
}

export function findExports(memberId: string): Promise<StoredExports | undefined> {
  return get<StoredExports>(keys.exports(memberId));
}

export function writeExports(memberId: string, before: StoredExports | undefined, made: readonly Made[]): Write {
  const key = keys.exports(memberId);
  if (!before) return put({ ...key, type: 'exports', v: 1, memberId, version: 1, made }, 'privacy.moved');
  const { version } = before;
  return change(key, { set: { made, version: version + 1 }, when: [['version', '=', version]] }, 'privacy.moved');
}

export function removeExports(memberId: string, { version }: StoredExports): Write {
  return remove(keys.exports(memberId), [['version', '=', version]], 'privacy.moved');
}
