import { seal } from '../platform/chain-seal.ts';
import { iso } from '../platform/clock.ts';
import { get, type Item, query, type Reading } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { put, putWhen, type Write } from '../table/writes.ts';

/** One thing that staff did. What its chain seals is the whole item but its hash. */
export interface AuditRecord {
  clientId: string;
  /** Its place in the chain of this client, from 1. */
  seq: number;
  /** Epoch milliseconds; later than that of the record before it. */
  at: number;
  /** The row of a contract: `catalog.change`. */
  act: string;
  /** The id of what it was done to, or of whom. */
  subject: string;
  why?: string;
  /** Digests of the subject before and after. */
  before?: string;
  after?: string;
  hash: Uint8Array;
}

/** The newest record of this client. */
export async function newestOf(clientId: string, reading: Reading): Promise<AuditRecord | undefined> {
  const { pk } = keys.audit(clientId, 0);
  const [newest] = await query<AuditRecord>({ pk, newestFirst: true, limit: 1 }, reading);
  return newest;
}

/** The write that appends this record to the chain, unless another came first. */
export function append(record: Omit<AuditRecord, 'hash'>, before: AuditRecord | undefined, day: string): Write {
  const { clientId, seq, subject, at } = record;
  const places = { ...keys.audit(clientId, seq), ...keys.auditOf(subject, day, iso(at), clientId) };
  const item: Item = { ...places, type: 'audit', v: 1, ...record };
  return put({ ...item, hash: seal(before?.hash, item) }, 'staff.moved');
}

/** A page of what was done to this subject, newest first. */
export function recordsOf(subject: string, before: string | undefined, limit: number) {
  const { gsi1pk: pk } = keys.auditOf(subject, '', '', '');
  return query<AuditRecord & { gsi1sk: string }>({ index: 'gsi1', pk, before, newestFirst: true, limit });
}

/** A page of what was done on this day, newest first. */
export function recordsOn(day: string, before: string | undefined, limit: number) {
  const { gsi2pk: pk } = keys.auditOf('', day, '', '');
  return query<AuditRecord & { gsi2sk: string }>({ index: 'gsi2', pk, before, newestFirst: true, limit });
}

/** What an operator has switched off for everybody, and who said so last. */
export interface Switches {
  off?: ReadonlySet<string>;
  why: string;
  by: string;
  at: number;
  /** One higher with every change. */
  version: number;
}

export function findSwitches(): Promise<Switches | undefined> {
  return get<Switches>(keys.switches());
}

/** The write that puts these in the place of those before, unless another came first. */
export function renewSwitches(next: Switches, before: Switches | undefined): Write {
  const item = { ...keys.switches(), type: 'switches', v: 1, ...next };
  return before ? putWhen(item, [['version', '=', before.version]], 'staff.moved') : put(item, 'staff.moved');
}
