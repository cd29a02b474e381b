import { createHash } from 'node:crypto';
import type { Day } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { get, getMany, type Item, query, type Reading } from '../table/client.ts';
import { doneWhen, exchange } from '../table/commit.ts';
import { keys, LAPSE_PARTS } from '../table/keys.ts';
import { change, lacks, put, putWhen, remove, type Write } from '../table/writes.ts';
import type { Draft, Entry, Lots } from './account.ts';
import { link, load, type StoredEntry } from './chain.ts';

export { LAPSE_PARTS };

/** One account: whose, and in which currency. */
export interface AccountId {
  memberId: string;
  currency: string;
}

/** The newest entry of the chain: the account as of then. */
export async function head({ memberId, currency }: AccountId, reading: Reading): Promise<Entry | undefined> {
  const { pk } = keys.entry(currency, memberId, 0);
  const [newest] = await query<StoredEntry>({ pk, newestFirst: true, limit: 1 }, reading);
  return newest && load(newest);
}

/** Up to `limit` entries, newest first, of those before `beforeSeq`, or of all. */
export async function entriesBefore(
  { memberId, currency }: AccountId,
  beforeSeq: number | undefined,
  limit: number,
): Promise<Entry[]> {
  const { pk, sk } = keys.entry(currency, memberId, beforeSeq ?? 0);
  const before = beforeSeq === undefined ? undefined : sk;
  return (await query<StoredEntry>({ pk, before, newestFirst: true, limit })).map((item) => load(item));
}

/** The entry with this sequence number. */
export async function entryAt(
  { memberId, currency }: AccountId,
  seq: number,
  reading: Reading,
): Promise<Entry | undefined> {
  const item = await get<StoredEntry>(keys.entry(currency, memberId, seq), reading);
  return item && load(item);
}

/** The entries with these sequence numbers, in no order; up to 100. */
export async function entriesAt(
  { memberId, currency }: AccountId,
  seqs: readonly number[],
  reading: Reading = 'eventual',
): Promise<Entry[]> {
  const wanted = seqs.map((seq) => keys.entry(currency, memberId, seq));
  const items = await getMany<StoredEntry>(wanted, reading);
  return items.map((item) => load(item));
}

/** The write that makes this draft the next entry, unless another became it first. */
export function appendTo({ memberId, currency }: AccountId, before: Entry | undefined, draft: Draft): Write {
  const key = keys.entry(currency, memberId, (before?.seq ?? 0) + 1);
  return put(link(before, draft, key) as unknown as Item, 'points.moved');
}

/** A condition of a list: that nothing has moved on this account since this entry. */
export function unmoved({ memberId, currency }: AccountId, newest: Entry | undefined): Write {
  return lacks(keys.entry(currency, memberId, (newest?.seq ?? 0) + 1), { pk: 'points.moved' });
}

/** In which of the parts of a lapse day a member is, for ever: a digest of their id says, so that parts are even. */
export function partOf(memberId: string): number {
  return createHash('sha256').update(memberId).digest().readUInt8(0) % LAPSE_PARTS;
}

const DAY_SECONDS = 86_400;
const LAPSE_KEPT_DAYS = 400;

/** The days that this container has noted. */
const notedDays = new Set<string>();

/** Notes that somebody has something to lapse on that day: before any account is noted there, so that none is missed. */
async function noteDay(lastDay: string, expiresAtEpoch: number): Promise<void> {
  if (notedDays.has(lastDay)) return;
  await keep(
    put({ ...keys.lapseDay(lastDay), type: 'lapse-day', v: 1, lastDay, expiresAtEpoch }, 'points.lapse_noted'),
  );
  notedDays.add(lastDay);
}

/** The first `count` days after this one on which anybody has, or had, something to lapse. */
export async function lapseDays(after: string, count: number): Promise<string[]> {
  const { pk } = keys.lapseDay('');
  return (await query<{ lastDay: string }>({ pk, after, limit: count })).map(({ lastDay }) => lastDay);
}

/** Notes in the lapse calendar that this account has something to lapse on that day. Noting it again changes nothing. */
export async function noteLapse({ memberId, currency }: AccountId, lastDay: string, lapsesAt: number): Promise<void> {
  const key = keys.lapse(lastDay, partOf(memberId), memberId, currency);
  const expiresAtEpoch = Math.floor(lapsesAt / 1_000) + LAPSE_KEPT_DAYS * DAY_SECONDS;
  await noteDay(lastDay, expiresAtEpoch);
  await keep(put({ ...key, type: 'lapse', v: 1, memberId, currency, lastDay, expiresAtEpoch }, 'points.lapse_noted'));
}

/** What a member was told. */
export interface Notice {
  sk?: string;
  memberId: string;
  currency: string;
  lastDay: string;
  daysLeft: number;
  amount: number;
  at: number;
}

/** The write that tells a member, unless they were told. */
export function addNotice(notice: Notice, day: string, lapsesAt: number): Write {
  const key = keys.notice(notice.memberId, day, notice.currency, notice.lastDay);
  const expiresAtEpoch = Math.floor(lapsesAt / 1_000) + LAPSE_KEPT_DAYS * DAY_SECONDS;
  return put({ ...key, type: 'notice', v: 1, ...notice, expiresAtEpoch }, 'points.lapse_noted');
}

/** Up to `limit` of what a member was told, newest first. */
export function findNotices(memberId: string, before: string | undefined, limit: number): Promise<Notice[]> {
  const { pk } = keys.notice(memberId, '', '', '');
  return query<Notice>({ pk, before, newestFirst: true, limit });
}

/** The write that takes away what a member was told. */
export function removeNotice({ memberId, sk = '', at }: Notice): Write {
  return remove({ pk: keys.notice(memberId, '', '', '').pk, sk }, [['at', '=', at]], 'points.moved');
}

/** An account that carries, or carried, points of a day in the lapse calendar. */
export type Lapsing = AccountId & { sk: string };

const LAPSE_PAGE = 100;

/** A page of the accounts that carry, or carried, points of this last day, in one part of the calendar. */
export async function lapsing(
  lastDay: string,
  part: number,
  after: string | undefined,
): Promise<{ accounts: Lapsing[]; next: string | undefined }> {
  const { pk } = keys.lapse(lastDay, part, '', '');
  const accounts = await query<Lapsing>({ pk, after, limit: LAPSE_PAGE });
  return { accounts, next: accounts.length < LAPSE_PAGE ? undefined : accounts.at(-1)?.sk };
}

/** How far a pass through a day of the lapse calendar is: in one part, or (without a part) that it is finished. */
export interface PassState {
  lastDay: string;
  what: string;
  part?: number;
  after?: string;
}

const PASS_KEPT_SECONDS = 100 * DAY_SECONDS;

function passItem({ lastDay, what, part, after }: PassState): Item {
  const key = keys.lapsePass(lastDay, what, part);
  const expiresAtEpoch = Math.floor(now() / 1_000) + PASS_KEPT_SECONDS;
  return { ...key, type: 'lapse-pass', v: 1, lastDay, what, part, after, expiresAtEpoch };
}

async function keep(write: Write): Promise<void> {
  await exchange(async () => ({ writes: [write], answer: true }), doneWhen('points.lapse_noted', true));
}

/** How far all passes through this day and later ones are. */
export function passStates(from: string): Promise<PassState[]> {
  const { pk } = keys.lapsePass('', '', undefined);
  return query<PassState>({ pk, after: from, limit: 10_000 });
}

/** Remembers that a pass is finished. */
export function passDone(state: Pick<PassState, 'lastDay' | 'what'>): Promise<void> {
  return keep(put(passItem(state), 'points.lapse_noted'));
}

/** Remembers how far a pass is in one part; it never goes back. */
export function passWent(state: Required<PassState>): Promise<void> {
  return keep(putWhen(passItem(state), [['after', '<', state.after]], 'points.lapse_noted'));
}

/** What staff gave or took, and what undid it: the document that makes it happen once. */
export interface Adjustment {
  adjustmentId: string;
  memberId: string;
  currency: string;
  direction: 'UP' | 'DOWN';
  amount: number;
  /** What went in, or was drawn. */
  lots: Lots;
  shortage?: 'REFUSE' | 'DEBT' | 'CLAMP';
  reason: string;
  /** The entry; of the heir's chain, where the member was merged. */
  seq: number;
  heirId?: string;
  owed: number;
  lost: number;
  lapsed: number;
  /** The caller. */
  by: string;
  at: number;
  /** Digests of the caller's key and of what was asked under it. */
  key: string;
  request: string;
  version: number;
  undone?: Pick<Adjustment, 'reason' | 'seq' | 'heirId' | 'owed' | 'lapsed' | 'by' | 'at' | 'key' | 'request'>;
}

export function findAdjustment(adjustmentId: string): Promise<Adjustment | undefined> {
  return get<Adjustment>(keys.adjustment(adjustmentId));
}

export function addAdjustment(adjustment: Adjustment): Write {
  const key = keys.adjustment(adjustment.adjustmentId);
  return put({ ...key, type: 'adjustment', v: 1, ...adjustment }, 'request.key_reused');
}

/** What somebody, and the clients that they made, have adjusted and merged on a day without a second person, in all. */
export interface AdjustedAlone {
  by: string;
  day: Day;
  points: number;
}

const ALONE_KEPT_MS = 7 * DAY_SECONDS * 1_000;

export async function findAdjustedAlone(by: string, day: Day, reading: Reading): Promise<number> {
  return (await get<AdjustedAlone>(keys.adjustedAlone(by, day), reading))?.points ?? 0;
}

/** The write that makes this the sum of the day, unless it is no longer `before`: a sum only grows. */
export function sumAlone(sum: AdjustedAlone, before: number): Write {
  const expiresAtEpoch = Math.floor((Date.parse(sum.day) + ALONE_KEPT_MS) / 1_000);
  const item = { ...keys.adjustedAlone(sum.by, sum.day), type: 'adjusted-alone', v: 1, ...sum, expiresAtEpoch };
  return putWhen(item, [['points', '=', before]], 'staff.moved');
}

/** The write that notes that an adjustment was undone, unless it was already. */
export function noteUndone({ adjustmentId, version, undone }: Adjustment): Write {
  const undoing = { set: { version, undone }, when: [['version', '=', version - 1]], proof: 'undone' } as const;
  return change(keys.adjustment(adjustmentId), undoing, 'points.adjustment_undone');
}
