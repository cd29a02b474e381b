import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { currencyCodes, programme } from '../programme/programme.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { POINTS } from './account.ts';
import { dropNote, findHold, findHolds, type Hold } from './holds/store.ts';
import { ownerOf } from './moving.ts';
import { type AccountId, entriesAt, entriesBefore, findNotices, head, removeNotice, unmoved } from './store.ts';

/** An index is never so far behind the table: what is younger is looked up by the ledger. */
const INDEX_LAG_MS = 60_000;
const RECENT = 100;
const PAGE = 100;
/** So many orders go in one transaction. */
const ORDERS_PAGE = 80;

const named = (prefix: string, reference: string): string[] =>
  reference.startsWith(`${prefix}:`) ? [reference.slice(prefix.length + 1)] : [];

async function accountsOf(memberId: string): Promise<AccountId[]> {
  return currencyCodes(await programme()).map((currency) => ({ memberId, currency }));
}

/** The holds of this member among these, in their order. */
async function holdsOf(memberId: string, holdIds: readonly string[]): Promise<Hold[]> {
  const theirs = (await findHolds(holdIds)).filter((hold) => hold.memberId === memberId);
  return theirs.toSorted((a, b) => holdIds.indexOf(a.holdId) - holdIds.indexOf(b.holdId));
}

/** What is under way on a member's accounts, and what is refused when anything moves on them in the meantime. */
export interface UnderWay {
  holdIds: string[];
  /** What was ordered so lately that no index need know it. */
  orderIds: string[];
  /** The currencies in which the account is frozen. */
  frozen: string[];
  writes: Write[];
}

/** Asked of a living member; who was merged a moment ago is refused. */
export async function underWay(memberId: string): Promise<UnderWay> {
  const all = await Promise.all(
    (await accountsOf(memberId)).map(async (account) => {
      const recent = await entriesBefore(account, undefined, RECENT);
      const [newest] = recent;
      if (newest?.kind === 'MERGE_OUT') throw new Refusal('points.moved');
      const held = await entriesAt(account, Object.keys(newest?.after.held ?? {}).map(Number), 'consistent');
      const holds = await holdsOf(
        memberId,
        held.flatMap(({ reference }) => named('hold', reference)),
      );
      const fresh = recent.filter(({ recordedAt }) => recordedAt > now() - INDEX_LAG_MS);
      return {
        holdIds: holds.map(({ holdId }) => holdId),
        orderIds: fresh.flatMap(({ reference }) => named('order', reference)),
        frozen: newest?.after.frozen ? [account.currency] : [],
        write: unmoved(account, newest),
      };
    }),
  );
  return {
    holdIds: all.flatMap(({ holdIds }) => holdIds),
    orderIds: all.flatMap(({ orderIds }) => orderIds),
    frozen: all.flatMap(({ frozen }) => frozen),
    writes: all.map(({ write }) => write),
  };
}

/** What was ordered on a member's own chain, page by page, the newest first: the ledger misses none. */
export async function* orderedBy(memberId: string): AsyncGenerator<string[]> {
  let before: number | undefined;
  do {
    const page = await entriesBefore({ memberId, currency: POINTS }, before, ORDERS_PAGE);
    const ordered = page.filter(({ kind }) => kind === 'SPEND').flatMap(({ reference }) => named('order', reference));
    if (ordered.length > 0) yield ordered;
    before = page.length === ORDERS_PAGE ? page.at(-1)?.seq : undefined;
  } while (before !== undefined);
}

/** The account, and those of the heirs on whose chains its movements went on. */
async function chainsOf(account: AccountId): Promise<AccountId[]> {
  const newest = await head(account, 'consistent');
  const heirId = newest?.kind === 'MERGE_OUT' ? newest.parts.party : undefined;
  if (heirId !== undefined) return [account, ...(await chainsOf({ ...account, memberId: heirId }))];
  const owner = newest || account.currency === POINTS ? account : await ownerOf(account);
  return owner.memberId === account.memberId ? [account] : [account, ...(await chainsOf(owner))];
}

async function eraseNote(holdId: string): Promise<void> {
  await exchange(async () => {
    const hold = await findHold(holdId, 'consistent');
    return { writes: hold?.note === undefined ? [] : [dropNote(hold)], answer: null };
  });
}

/** The holds of a member on one chain, the newest first, page by page. */
async function* holdsOn(memberId: string, chain: AccountId): AsyncGenerator<Hold> {
  let before: number | undefined;
  do {
    const page = await entriesBefore(chain, before, PAGE);
    const made = page.filter(({ kind }) => kind === 'HOLD');
    yield* await holdsOf(
      memberId,
      made.flatMap(({ reference }) => named('hold', reference)),
    );
    before = page.length === PAGE ? page.at(-1)?.seq : undefined;
  } while (before !== undefined);
}

/** All holds of a member, wherever they lie. */
async function* allHoldsOf(memberId: string): AsyncGenerator<Hold> {
  for (const account of await accountsOf(memberId)) {
    for (const chain of await chainsOf(account)) yield* holdsOn(memberId, chain);
  }
}

/** Up to so many holds of a member. */
export async function holdsAtMost(memberId: string, most: number): Promise<Hold[]> {
  const found: Hold[] = [];
  for await (const hold of allHoldsOf(memberId)) {
    if (found.length === most) break;
    found.push(hold);
  }
  return found;
}

async function eraseNotices(memberId: string): Promise<void> {
  let left = true;
  while (left) {
    const { answer } = await exchange(async () => {
      const page = await findNotices(memberId, undefined, PAGE);
      return { writes: page.map(removeNotice), answer: page.length === PAGE };
    });
    left = answer;
  }
}

/** Takes the notes of holds, and what they were told, away from one who is erased: the ledger stays. Again changes nothing. */
export async function eraseWords(memberId: string): Promise<void> {
  for await (const { holdId, note } of allHoldsOf(memberId)) if (note !== undefined) await eraseNote(holdId);
  await eraseNotices(memberId);
}
