import { get, query } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { put, type Write } from '../table/writes.ts';
import type { Policy } from './contract.ts';

/** The programme as of one version. */
export interface Programme extends Policy {
  version: number;
}

/** The newest version, read consistently. */
export async function newest(): Promise<Programme | undefined> {
  const [found] = await query<Programme>({ pk: keys.programme(0).pk, newestFirst: true, limit: 1 });
  return found;
}

/** One version: it never changes, so any read will do. */
export function findVersion(version: number): Promise<Programme | undefined> {
  return get<Programme>(keys.programme(version));
}

/** The write that makes this the next version, unless another became it first. */
export function add(programme: Programme, by: string, at: number): Write {
  const item = { ...keys.programme(programme.version), type: 'programme', v: 1, ...programme, by, at };
  return put(item, 'programme.moved');
}
