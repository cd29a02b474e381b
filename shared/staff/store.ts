import { seal } from '../platform/chain-seal.ts';
import { iso } from '../platform/clock.ts';
import { get, type Item, query, type Reading } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, putWhen, type Write } from '../table/writes.ts';
import type { Role } from './rules.ts';

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
  /** The proposal that it approved. */
  approval?: string;
  /** The network and the request that it came from. */
  from?: string;
  requestId?: string;
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

/** A person of the staff. Who was invited has neither password nor second factor yet. */
export interface Person {
  staffId: string;
  /** Sealed. */
  userName: string;
  status: 'INVITED' | 'ENROLLING' | 'ACTIVE';
  roles: readonly Role[];
  createdAt: number;
  version: number;
  /** Digest of the invitation that is under way. */
  invitation?: string;
  /** The last invitations, the newest at the end: by them a request that comes again is known. */
  invitations: readonly { digest: string; endsAt: number }[];
  password?: string;
  /** The secret of the authenticator, sealed. */
  totp?: string;
  /** The time step of the last code that was used: none counts twice. */
  totpStep: number;
  /** Digests of the recovery codes that are left. */
  recovery: readonly string[];
  /** By which request they were made anew, and by the code of which time step: a repeat of it is known by both. */
  renewal?: { request: string; seed: string; step: number };
  /** The time step of the code by which the password was changed last. */
  passwordStep?: number;
  /** Sessions of another generation have ended. */
  generation: number;
}

const seconds = (at: number) => Math.floor(at / 1_000);

export function findPerson(staffId: string, reading: Reading): Promise<Person | undefined> {
  return get<Person>(keys.staff(staffId), reading);
}

/** Whose user name this is. */
export async function findByName(nameDigest: string): Promise<string | undefined> {
  return (await get<{ staffId: string }>(keys.staffName(nameDigest)))?.staffId;
}

/** A page of everybody, the newest first. */
export function everybody(before: string | undefined, limit: number) {
  const { gsi1pk: pk } = keys.allStaff('', '');
  return query<Person & { gsi1sk: string }>({ index: 'gsi1', pk, before, newestFirst: true, limit });
}

function personItem(person: Person): Item {
  const { staffId, createdAt } = person;
  return { ...keys.staff(staffId), ...keys.allStaff(iso(createdAt), staffId), type: 'staff', v: 1, ...person };
}

/** The writes that make a person of a user name that nobody has. */
export function addPerson(person: Person, nameDigest: string): Write[] {
  const { staffId } = person;
  const name = { ...keys.staffName(nameDigest), type: 'staff-name', v: 1, staffId };
  return [put(name, 'staff.name_taken'), put(personItem(person), 'staff.name_taken')];
}

/** The write that makes this of a person, unless they have changed since. */
export function renewPerson(before: Person, changed: Partial<Person>): Write {
  const next = { ...before, ...changed, version: before.version + 1 };
  return putWhen(personItem(next), [['version', '=', before.version]], 'staff.moved');
}

/** Who came first. While they are `alone` nobody could approve what they do. */
export interface FirstOwner {
  staffId: string;
  /** Until then they can accept; if they have not, somebody else may come first. */
  endsAt: number;
  enrolled: 0 | 1;
  alone: 0 | 1;
}

export function findFirstOwner(reading: Reading): Promise<FirstOwner | undefined> {
  return get<FirstOwner>(keys.firstOwner(), reading);
}

/** The write that makes this person the first, unless there is one. */
export function comeFirst(first: FirstOwner, at: number): Write {
  const item = { ...keys.firstOwner(), type: 'first-owner', v: 1, ...first };
  const when = [
    ['enrolled', '=', 0],
    ['endsAt', '<=', at],
  ] as const;
  return putWhen(item, when, 'staff.first_owner_refused');
}

export function enrolFirst(staffId: string): Write {
  const done = { set: { enrolled: 1 }, when: [['staffId', '=', staffId]] } as const;
  return change(keys.firstOwner(), done, 'staff.invitation_invalid');
}

/** Refuses who is not the only owner; `alone` says whether they still are after this. */
export function asOnlyOwner(staffId: string, alone: 0 | 1): Write {
  const when = [
    ['staffId', '=', staffId],
    ['alone', '=', 1],
  ] as const;
  return change(keys.firstOwner(), { set: { alone }, when }, 'staff.approval_needed');
}

export interface StaffSession {
  staffId: string;
  sessionId: string;
  refreshDigest: string;
  /** When the token that counts took the place of the one before it. */
  renewedAt?: number;
  generation: number;
  startedAt: number;
  /** Nobody has renewed it by then, or it is too old: epoch milliseconds. */
  idleEndsAt: number;
  expiresAt: number;
}

export function findSession(staffId: string, sessionId: string): Promise<StaffSession | undefined> {
  return get<StaffSession>(keys.staffSession(staffId, sessionId));
}

export function openSession(session: StaffSession): Write {
  const key = keys.staffSession(session.staffId, session.sessionId);
  const item = { ...key, type: 'staff-session', v: 1, ...session, expiresAtEpoch: seconds(session.expiresAt) };
  return put(item, 'staff.session_ended');
}

/** Takes a session that has not ended over into the generation that begins. */
export function keepSession(staffId: string, sessionId: string, generation: number, at: number): Write {
  const when = [
    ['generation', '=', generation],
    ['expiresAt', '>', at],
  ] as const;
  const set = { generation: generation + 1 };
  return change(keys.staffSession(staffId, sessionId), { set, when }, 'staff.session_ended');
}

/** Exchanges the refresh token for the next one, which lives until `idleEndsAt`. */
export function renewSession(session: StaffSession, refreshDigest: string, idleEndsAt: number, at: number): Write {
  const when = [
    ['refreshDigest', '=', session.refreshDigest],
    ['idleEndsAt', '>', at],
    ['expiresAt', '>', at],
  ] as const;
  const key = keys.staffSession(session.staffId, session.sessionId);
  return change(
    key,
    { set: { refreshDigest, renewedAt: at, idleEndsAt }, when, proof: 'refreshDigest' },
    'staff.moved',
  );
}

/** Ends a session: no refresh token fits any more. */
export function endSession(staffId: string, sessionId: string, at: number): Write {
  const set = { refreshDigest: '', expiresAt: at };
  return change(keys.staffSession(staffId, sessionId), { set, when: [['expiresAt', '>', at]] }, 'staff.session_ended');
}
