import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { type Day, dayOf, lapsesAt } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import { type Basis, exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Account, type Draft, type Entry, emptyAccount, sum } from './account.ts';
import { announcementsOf } from './announcements.ts';
import { load, type StoredEntry } from './chain.ts';
import type { Amounted, Movement } from './movements.ts';
import { visitAll } from './passes.ts';
import { entryAsOf } from './past.ts';
import { repeatOf } from './repeats.ts';
import { next } from './rules.ts';
import { reference } from './seal.ts';
import { settle } from './settlement.ts';
import { type AccountId, appendTo, head, noteLapse } from './store.ts';

export type { AccountId, Entry };
export { reference };

/** The currency in which purchases earn and gifts are priced. */
export const POINTS = 'POINTS';

/** A movement that has been decided: what it will say, and the write that makes it so unless the account moves first. */
export interface NextEntry {
  /** Whose chain it is on: the heir's, where the account was merged into another. */
  memberId: string;
  draft: Draft;
  /** How much of it came too late, and was gone at once. */
  lapsed: number;
  /** The sequence number that the entry will have. */
  seq: number;
  write: Write;
}

/** A chain on which movements go on, its newest entry, and the entry that this very request became before. */
export interface Chain {
  account: AccountId;
  before: Entry | undefined;
  repeat: Entry | undefined;
}

/** More merges than this do not stand one behind another. */
const MAX_HEIRS = 8;

/**
 * The chain on which movements for this account go on: its own, or its heir's. `visit` sees each head on the way and may
 * find there the entry that this very request became before.
 */
export async function living(
  account: AccountId,
  { reading }: Basis,
  visit: (account: AccountId, newest: Entry) => Promise<Entry | undefined> = async () => undefined,
): Promise<Chain> {
  let current = account;
  for (let heirs = 0; heirs <= MAX_HEIRS; heirs += 1) {
    const before = await head(current, reading);
    const repeat = before && (await visit(current, before));
    if (repeat || before?.kind !== 'MERGE_OUT') return { account: current, before, repeat };
    current = { ...current, memberId: before.parts.party as string };
  }
  throw new Error('Too many merges stand one behind another.');
}

/** The one instant of a movement on several chains: now, and on none of them before what is there. */
export function momentOf({ at }: Basis, ...chains: Chain[]): number {
  return Math.max(at, ...chains.map(({ before }) => Math.max(before?.recordedAt ?? 0, before?.effectiveAt ?? 0)));
}

/** Decides a movement on this entry, the newest of its chain, at this instant. A refusal is thrown. */
export function decide(account: AccountId, before: Entry | undefined, movement: Movement, at: number): NextEntry {
  const draft = next(before, movement, { now: at, zone: setting('TIME_ZONE') });
  if (draft instanceof Refusal) throw draft;
  return {
    memberId: account.memberId,
    draft,
    lapsed: sum(draft.parts.lapsed ?? {}),
    seq: (before?.seq ?? 0) + 1,
    write: appendTo(account, before, draft),
  };
}

/**
 * Decides a movement on the newest entry. A refusal is thrown and nothing is written. What makes it happen only once
 * is a document in the same list of writes.
 */
export async function move(account: AccountId, movement: Movement, basis: Basis): Promise<NextEntry> {
  const chain = await living(account, basis);
  return decide(chain.account, chain.before, movement, basis.at);
}

/**
 * Decides a movement that has no document of its own: its reference makes it happen only once, and the same again
 * finds the entry that it became (`repeat`). Another movement under a known reference is refused.
 */
export async function moveOnce(
  account: AccountId,
  movement: Amounted,
  basis: Basis,
): Promise<{ step: NextEntry } | { repeat: Entry }> {
  const visit = (current: AccountId, newest: Entry) => repeatOf(current, newest, movement, basis);
  const { account: chain, before, repeat } = await living(account, basis, visit);
  if (!repeat) return { step: decide(chain, before, movement, basis.at) };
  const party = 'party' in movement ? movement.party : undefined;
  const same =
    repeat.kind === movement.kind &&
    repeat.amount === movement.amount &&
    repeat.parts.party === party &&
    (movement.occurredAt === undefined || movement.occurredAt === repeat.occurredAt);
  if (!same) throw new Refusal('request.key_reused');
  return { repeat };
}

function settledAt(entry: Entry | undefined, at: number): Account {
  return settle(entry?.after ?? emptyAccount(), dayOf(at, setting('TIME_ZONE'))).account;
}

/** The account at this moment: what time has done since the last entry is applied, not written. */
export async function balance(account: AccountId): Promise<{ account: Account; at: number }> {
  const newest = await head(account, 'consistent');
  const at = Math.max(now(), newest?.effectiveAt ?? 0);
  return { account: settledAt(newest, at), at };
}

/** The account as it was at this instant, epoch milliseconds; one that has not come yet is refused. */
export async function balanceAsOf(account: AccountId, at: number): Promise<{ account: Account; at: number }> {
  if (at > now()) {
    const errors = [{ in: 'query', path: 'at', message: 'has not come yet' }];
    throw new Refusal('request.invalid', { errors });
  }
  return { account: settledAt(await entryAsOf(account, at), at), at };
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
 * end may have passed this account by: then what lapsed is written down here.
 */
export async function noteLot(account: AccountId, lastDay: Day): Promise<void> {
  const end = lapsesAt(lastDay, setting('TIME_ZONE'));
  await noteLapse(account, lastDay, end);
  if (end <= now()) await writeDownLapse(account, lastDay);
}

/**
 * Writes down, for every account that has something to lapse on this day, what has been true since the day ended.
 * However often it runs and wherever it was stopped: each lapse is written once.
 */
export async function writeDownLapses(lastDay: Day): Promise<{ seen: number; written: number }> {
  const { failed, ...counts } = await visitAll(lastDay, (account) => writeDownLapse(account, lastDay));
  if (failed > 0) throw new Error(`What lapsed with ${lastDay} is not written down for ${failed} accounts.`);
  return counts;
}

/** What a stored entry says on the bus when it appears. */
export function announce(item: unknown): Announcement[] {
  return announcementsOf(load(item as StoredEntry), setting('TIME_ZONE'));
}
