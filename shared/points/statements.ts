import { dayOf } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import type { Entry, LineKind } from './account.ts';
import { entryAsOf } from './past.ts';
import { settle } from './settlement.ts';
import { type Line, linesOf, unwrittenLines } from './statement.ts';
import { type AccountId, entriesBefore } from './store.ts';

/** Where a statement goes on: below this line. */
export interface StatementPlace {
  seq: number;
  part: number;
}

/** Which lines are wanted: of one kind, and true from `since` (epoch milliseconds) and before `until`. */
export interface StatementFilter {
  kind?: LineKind | undefined;
  since?: number | undefined;
  until?: number | undefined;
}

/** A page goes through no more of a chain than this many reads. */
const MAX_READS = 10;

function unwritten(newest: Entry | undefined, zone: string): Line[] {
  if (!newest) return [];
  const today = dayOf(Math.max(now(), newest.effectiveAt), zone);
  return unwrittenLines(newest, settle(newest.after, today).settled, zone);
}

/** The place of a line, for a cursor. */
export function placeOf(line: Line): StatementPlace {
  return { seq: line.seq, part: Number(line.id.slice(line.id.indexOf('-') + 1)) };
}

/** All lines of the next `count` entries below the place, newest first, and the place below them, if anything is there. */
async function linesBelow(account: AccountId, from: StatementPlace | undefined, count: number) {
  const zone = setting('TIME_ZONE');
  const before = from && (from.part > 0 ? from.seq + 1 : from.seq);
  const entries = await entriesBefore(account, before, count);
  const fresh = from && entries[0]?.seq !== from.seq - 1 ? [] : unwritten(entries[0], zone);
  const lines = [...entries.toReversed().flatMap((entry) => linesOf(entry, zone)), ...fresh].toReversed();
  const below = from ? lines.filter((line) => line.seq < from.seq || placeOf(line).part < from.part) : lines;
  const oldest = entries.at(-1)?.seq ?? 1;
  return { lines: below, older: oldest > 1 ? { seq: oldest, part: 0 } : undefined };
}

/** The place below which everything before `until` lies; the entry that comes first after it may begin with such lines. */
async function placeBefore(account: AccountId, until: number | undefined): Promise<StatementPlace | undefined> {
  if (until === undefined || until > now()) return undefined;
  const last = await entryAsOf(account, until - 1);
  const [after] = await entriesBefore(account, (last?.seq ?? 0) + 2, 1);
  return after && after.seq > (last?.seq ?? 0) ? { seq: after.seq + 1, part: 0 } : undefined;
}

/**
 * Up to `limit` lines that the filter wants, newest first, below `from`. `next` is the place where more may be: a page
 * may be short of `limit`, or empty, and go on, where few lines are wanted out of many.
 */
export async function statement(
  account: AccountId,
  limit: number,
  from?: StatementPlace,
  { kind, since = 0, until }: StatementFilter = {},
): Promise<{ lines: Line[]; next: StatementPlace | undefined }> {
  const wanted: Line[] = [];
  let place = from ?? (await placeBefore(account, until));
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const { lines, older } = await linesBelow(account, place, limit + 1);
    const inTime = lines.filter(({ at }) => at >= since && at < (until ?? Number.POSITIVE_INFINITY));
    wanted.push(...inTime.filter((line) => kind === undefined || line.kind === kind));
    const last = wanted[limit - 1];
    if (last && wanted.length > limit) return { lines: wanted.slice(0, limit), next: placeOf(last) };
    if (!older || (lines.at(-1)?.at ?? since) < since) return { lines: wanted, next: undefined };
    place = older;
  }
  return { lines: wanted, next: place };
}
