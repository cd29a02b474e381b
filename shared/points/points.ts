import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { type Day, dayOf, lapsesAt } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import { type Basis, exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Account, type Draft, type Entry, emptyAccount, sum } from './account.ts';
import { announcementsOf } from './announcements.ts';
import { load, reference, type StoredEntry } from './chain.ts';
import { type Movement, next } from './rules.ts';
import { settle } from './settlement.ts';
import { type Line, linesOf, unwrittenLines } from './statement.ts';
import { type AccountId, appendTo, entriesBefore, head, LAPSE_PARTS, lapsing, noteLapse } from './store.ts';

export type { AccountId, Entry };
export { reference };

/** The currency in which purchases earn and gifts are priced. */
export const POINTS = 'POINTS';

/** A movement that has been decided: what it will say, and the write that makes it so unless the account moves first. */
export interface NextEntry {
  draft: Draft;
  /** How much of it came too late, and was gone at once. */
  lapsed: number;
  /** The sequence number that the entry will have. */
  seq: number;
  write: Write;
}

/** Decides a movement on the newest entry. A refusal is thrown and nothing is written. */
export async function move(account: AccountId, movement: Movement, { at, reading }: Basis): Promise<NextEntry> {
  const before = await head(account, reading);
  const draft = next(before, movement, { now: at, zone: setting('TIME_ZONE') });
  if (draft instanceof Refusal) throw draft;
  return {
    draft,
    lapsed: sum(draft.parts.lapsed ?? {}),
    seq: (before?.seq ?? 0) + 1,
    write: appendTo(account, before, draft),
  };
}

/** The account at this moment: what time has done since the last entry is applied, not written. */
export async function balance(account: AccountId): Promise<{ account: Account; at: number }> {
  const newest = await head(account, 'consistent');
  const at = Math.max(now(), newest?.effectiveAt ?? 0);
  const today = dayOf(at, setting('TIME_ZONE'));
  return { account: settle(newest?.after ?? emptyAccount(), today).account, at };
}

/** Where a statement goes on: below this line. */
export interface StatementPlace {
  seq: number;
  part: number;
}

function unwritten(newest: Entry | undefined, zone: string): Line[] {
  if (!newest) return [];
  const today = dayOf(Math.max(now(), newest.effectiveAt), zone);
  return unwrittenLines(newest, settle(newest.after, today).settled, zone);
}

/** Up to `limit` lines, newest first, below `from`; `more` says whether there are older ones. */
export async function statement(
  account: AccountId,
  limit: number,
  from?: StatementPlace,
): Promise<{ lines: Line[]; more: boolean }> {
  const zone = setting('TIME_ZONE');
  const before = from && (from.part > 0 ? from.seq + 1 : from.seq);
  const entries = await entriesBefore(account, before, limit + 1);
  const fresh = from && entries[0]?.seq !== from.seq - 1 ? [] : unwritten(entries[0], zone);
  const lines = [...entries.toReversed().flatMap((entry) => linesOf(entry, zone)), ...fresh].toReversed();
  const below = from ? lines.filter((line) => line.seq < from.seq || placeOf(line).part < from.part) : lines;
  return { lines: below.slice(0, limit), more: below.length > limit };
}

/** The place of a line, for a cursor. */
export function placeOf(line: Line): StatementPlace {
  return { seq: line.seq, part: Number(line.id.slice(line.id.indexOf('-') + 1)) };
}

/** Writes down what has lapsed on one account; where nothing has, nothing is written. */
async function writeDownLapse(account: AccountId, lastDay: Day): Promise<boolean> {
  const { answer } = await exchange(async ({ at }) => {
    const movement = { kind: 'EXPIRE', reference: reference('lapse', lastDay) } as const;
    const step = await move(account, movement, { at, reading: 'consistent' });
    const lapsed = sum(step.draft.settled.lapsed) > 0;
    return { writes: lapsed ? [step.write] : [], answer: lapsed };
  });
  return answer;
}

/**
 * Notes in the lapse calendar that the account carries points of this last day. When that day is over already, the
 * year end may have passed this account by: then what lapsed is written down here.
 */
export async function noteLot(account: AccountId, lastDay: Day): Promise<void> {
  const end = lapsesAt(lastDay, setting('TIME_ZONE'));
  await noteLapse(account, lastDay, end);
  if (end <= now()) await writeDownLapse(account, lastDay);
}

async function writeDownPart(lastDay: Day, part: number): Promise<{ seen: number; written: number }> {
  const counts = { seen: 0, written: 0 };
  let after: string | undefined;
  do {
    const page = await lapsing(lastDay, part, after);
    for (const { memberId, currency } of page) {
      counts.seen += 1;
      if (await writeDownLapse({ memberId, currency }, lastDay)) counts.written += 1;
    }
    after = page.at(-1)?.sk;
  } while (after !== undefined);
  return counts;
}

/**
 * Writes down, for every account that has something to lapse on this day, what has been true since the day ended.
 * However often it runs and wherever it was stopped: each lapse is written once.
 */
export async function writeDownLapses(lastDay: Day): Promise<{ seen: number; written: number }> {
  const parts = Array.from({ length: LAPSE_PARTS }, (_, part) => writeDownPart(lastDay, part));
  const counts = await Promise.all(parts);
  return {
    seen: counts.reduce((total, { seen }) => total + seen, 0),
    written: counts.reduce((total, { written }) => total + written, 0),
  };
}

/** What a stored entry says on the bus when it appears. */
export function announce(item: unknown): Announcement[] {
  return announcementsOf(load(item as StoredEntry), setting('TIME_ZONE'));
}
