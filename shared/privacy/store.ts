import { get } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, type Write } from '../table/writes.ts';

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
