import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { type Day, dayOf, lapsesAt } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import { exchange } from '../table/commit.ts';
import { type Account, type Entry, emptyAccount, POINTS, sum } from './account.ts';
import { aloneWrite } from './adjusting-alone.ts';
import { announcementsOf } from './announcements.ts';
import { load, type StoredEntry } from './chain.ts';
import { heldOn } from './held.ts';
import { type Merged, mergeInto, mergeOf } from './merges.ts';
import { freezeOnce, heirOf, move, moveOnce, type NextEntry, ownerOf } from './moving.ts';
import { entryAsOf } from './past.ts';
import { eraseWords, orderedBy, underWay } from './personal.ts';
import { reference } from './seal.ts';
import { settle } from './settlement.ts';
import { type AccountId, head, noteLapse } from './store.ts';

export type { AccountId, Entry, Merged, NextEntry };
export {
  aloneWrite,
  eraseWords,
  freezeOnce,
  heldOn,
  mergeInto,
  mergeOf,
  move,
  moveOnce,
  orderedBy,
  ownerOf,
  POINTS,
  reference,
  underWay,
};

function settledAt(entry: Entry | undefined, at: number): Account {
  return settle(entry?.after ?? emptyAccount(), dayOf(at, setting('TIME_ZONE'))).account;
}

/** An account as of an instant, and the heir into whom the member was merged by then, if they were. */
export interface Standing {
  account: Account;
  at: number;
  heirId: string | undefined;
}

/** The account at this moment: what time has done since the last entry is applied, not written. */
export async function balance(account: AccountId): Promise<Standing> {
  const read = (id: AccountId) => head(id, 'consistent');
  const newest = await read(account);
  const at = Math.max(now(), newest?.effectiveAt ?? 0);
  return { account: settledAt(newest, at), at, heirId: await heirOf(account, newest, read) };
}

/** The account as it was at this instant, epoch milliseconds; one that has not come yet is refused. */
export async function balanceAsOf(account: AccountId, at: number): Promise<Standing> {
  if (at > now()) {
    const errors = [{ in: 'query', path: 'at', message: 'has not come yet' }];
    throw new Refusal('request.invalid', { errors });
  }
  const read = (id: AccountId) => entryAsOf(id, at);
  const entry = await read(account);
  return { account: settledAt(entry, at), at, heirId: await heirOf(account, entry, read) };
}

/** Writes down what has lapsed on one account; where nothing has, nothing is written. */
export async function writeDownLapse(account: AccountId, lastDay: Day): Promise<boolean> {
  const { answer } = await exchange(async ({ at }) => {
    const movement = { kind: 'EXPIRE', reference: reference('lapse', lastDay) } as const;
    const step = await move(account, movement, { at, reading: 'consistent' });
    const lapsed = sum(step.draft.settled.lapsed) > 0;
    return { writes: lapsed ? [step.write] : [], answer: lapsed };
  });
  return answer;
}

/**
 * Notes in the lapse calendar that the account carries points of this last day. Where that day is over already, its
 * end may have passed this account by: then what lapsed is written down here. Of `history` it is written down at the
 * end of the running day, because more of the same time may still come, and must not find the account moved on.
 */
export async function noteLot(account: AccountId, lastDay: Day, history = false): Promise<void> {
  const zone = setting('TIME_ZONE');
  const end = lapsesAt(lastDay, zone);
  await noteLapse(account, lastDay, end);
  if (end > now()) return;
  const today = dayOf(now(), zone);
  if (history) await noteLapse(account, today, lapsesAt(today, zone));
  else await writeDownLapse(account, lastDay);
}

/** What a stored entry says on the bus when it appears. */
export function announce(item: unknown): Announcement[] {
  const entry = load(item as StoredEntry);
  if (!Number.isSafeInteger(entry.seq)) throw new Error('An entry without its place in the chain.');
  return announcementsOf(entry, setting('TIME_ZONE'));
}
