import { Refusal } from '../errors.ts';
import { setting } from '../platform/settings.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Draft, type Entry, POINTS, sum } from './account.ts';
import type { Amounted, Freeze, Movement } from './movements.ts';
import { repeatOf } from './repeats.ts';
import { next } from './rules.ts';
import { type AccountId, appendTo, head } from './store.ts';

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
const MAX_HEIRS = 64;

/**
 * Into whom the member of this account, whose newest entry is given, was merged. A currency that came into the programme
 * after the merge has no entry yet: then the points tell.
 */
export async function heirOf(
  account: AccountId,
  newest: Entry | undefined,
  read: (account: AccountId) => Promise<Entry | undefined>,
): Promise<string | undefined> {
  if (newest) return newest.kind === 'MERGE_OUT' ? newest.parts.party : undefined;
  if (account.currency === POINTS) return undefined;
  const points = { ...account, currency: POINTS };
  return heirOf(points, await read(points), read);
}

/**
 * The chain on which movements for this account go on: its own, or its heir's. `visit` sees each head on the way and may
 * find there the entry that this very request became before. Where there is no entry in this currency yet, the points
 * tell who took over, all the way, and the others on that way are not asked.
 */
export async function living(
  account: AccountId,
  { reading }: Pick<Basis, 'reading'>,
  visit: (account: AccountId, newest: Entry) => Promise<Entry | undefined> = async () => undefined,
): Promise<Chain> {
  let current = account;
  let isLast = account.currency === POINTS;
  for (let heirs = 0; heirs <= MAX_HEIRS; heirs += 1) {
    const before = await head(current, reading);
    const repeat = before && (await visit(current, before));
    let { memberId } = current;
    if (before?.kind === 'MERGE_OUT' && !repeat) memberId = before.parts.party as string;
    if (!before && !isLast) {
      // Consistently: no write of a first movement stands on that chain.
      memberId = (await ownerOf({ ...current, currency: POINTS })).memberId;
      isLast = true;
    }
    if (memberId === current.memberId) return { account: current, before, repeat };
    current = { ...current, memberId };
  }
  throw new Error('Too many merges stand one behind another.');
}

/** Whose account it is by now: the member's own, or that of the heir into whom they were merged. */
export async function ownerOf(account: AccountId): Promise<AccountId> {
  return (await living(account, { reading: 'consistent' })).account;
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

/**
 * Decides to stop, or to allow again, what a member spends; neither step nor repeat where it is so already. The same
 * reference again finds the entry that it became.
 */
export async function freezeOnce(
  account: AccountId,
  movement: Freeze,
  basis: Basis,
): Promise<{ step?: NextEntry; repeat?: Entry }> {
  const visit = (current: AccountId, newest: Entry) => repeatOf(current, newest, movement, basis);
  const { account: chain, before, repeat } = await living(account, basis, visit);
  if (repeat) return { repeat };
  const frozen = before?.after.frozen ?? false;
  return frozen === (movement.kind === 'FREEZE') ? {} : { step: decide(chain, before, movement, basis.at) };
}
