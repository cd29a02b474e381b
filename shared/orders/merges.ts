import { type Asking, endLogins, type GivenCode, mustBeFresh, useOf } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import {
  closeMember,
  isSame,
  type Merge,
  memberByPhone,
  mergeOf as memberMergeOf,
  mustBeLiving,
  mustNotBeHeld,
  noteMerge,
} from '../members/members.ts';
import { iso, now } from '../platform/clock.ts';
import { type By, requestDigest } from '../platform/ids.ts';
import { aloneWrite, type Merged, mergeInto, mergeOf, POINTS, underWay } from '../points/points.ts';
import { currencyCodes, programme } from '../programme/programme.ts';
import { type Approved, record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { openOrdersOf } from './personal.ts';

/** Who is merged into whom, and why. */
export interface MergeWish {
  memberId: string;
  into: string;
  reason: string;
}

type Pair = Pick<MergeWish, 'memberId' | 'into'>;

function view({ memberId, into }: Pair, all: readonly Merged[]) {
  const at = all.find(({ currency }) => currency === POINTS)?.at ?? 0;
  const accounts = all.map(({ currency, points, pending, debt }) => ({ currency, points, pending, debt }));
  return { memberId, into, at: iso(at), accounts };
}

export type MergeView = ReturnType<typeof view>;

/** As many ids as help to see what is under way. */
const NAMED = 20;

const isAt = (one: Write, other: Write | undefined) => one.key.pk === other?.key.pk && one.key.sk === other.key.sk;

/**
 * The writes that close a member for an heir, all or nothing: their accounts in every currency, the member, and every
 * login. Refused while something of theirs is under way, or frozen: what is frozen would be free.
 */
async function closing({ memberId, into }: Pair, how: Pick<Merge, 'by' | 'key' | 'request'>, basis: Basis) {
  mustNotBeHeld(await mustBeLiving(memberId, basis), basis.at);
  await mustBeLiving(into, basis);
  const { holdIds, orderIds: young, frozen, writes: stillness } = await underWay(memberId);
  if (holdIds.length > 0) throw new Refusal('points.hold_open', { holdIds: holdIds.slice(0, NAMED) });
  if (frozen[0] !== undefined) throw new Refusal('points.frozen', { currency: frozen[0] });
  const orderIds = await openOrdersOf(memberId, young);
  if (orderIds.length > 0) throw new Refusal('orders.open_orders', { orderIds: orderIds.slice(0, NAMED) });
  const currencies = currencyCodes(await programme());
  const both = await Promise.all(currencies.map((currency) => mergeInto(into, { memberId, currency }, basis)));
  // What came in between was not asked whether it is under way, nor whether it froze.
  if (!stillness.every((still, i) => isAt(still, both[i]?.writes[0]))) throw new Refusal('points.moved');
  const answer = view(
    { memberId, into },
    both.map(({ merged }) => merged),
  );
  const closed = { memberId, heirId: into, at: basis.at, ...how };
  const told = await noteMerge(closed);
  const writes = [
    ...closeMember(closed),
    ...told,
    ...both.flatMap((one) => one.writes),
    ...(await endLogins(memberId, basis.at)),
  ];
  return { writes, answer };
}

/** What a merge moved when it was done: the closed accounts tell. */
async function movedBy(pair: Pair): Promise<MergeView | undefined> {
  const currencies = currencyCodes(await programme());
  const all = await Promise.all(currencies.map((currency) => mergeOf({ memberId: pair.memberId, currency })));
  const closed = all.flatMap((one) => one ?? []);
  return closed[0]?.heirId === pair.into ? view(pair, closed) : undefined;
}

function mustBeTwo({ memberId, into }: Pair): void {
  if (memberId === into) throw new Refusal('members.same_member');
}

/** Refuses a merge that could not be done now, whoever asks for it. */
export async function mayBeMerged(pair: Pair): Promise<void> {
  mustBeTwo(pair);
  await closing(pair, { by: 'STAFF' }, { at: now(), reading: 'consistent' });
}

/** The write that counts what a merge moves, where that is anything, like what its caller adjusts alone. */
async function countedAlone(by: string, { accounts }: MergeView, basis: Basis): Promise<Write[]> {
  const moved = accounts.reduce((all, { points, pending }) => all + points + pending, 0);
  return moved > 0 ? [await aloneWrite(by, moved, basis)] : [];
}

/**
 * Merges a member's accounts into another's, in all currencies and in one transaction: what moves later for the member
 * goes to the heir. Beyond what one may adjust alone it takes a second person. A merge is one by the member whom it
 * closes; the same again gets the same answer, but for an approval, which is used up by what it does itself. It lies
 * with the orders because they, too, must have come to their end.
 */
export async function merge(wish: MergeWish, by: By, second?: Approved): Promise<Outcome<MergeView>> {
  const { memberId, into, reason } = wish;
  mustBeTwo(wish);
  return exchange(
    async (basis) => {
      const { writes, answer } = await closing({ memberId, into }, { by: 'STAFF' }, basis);
      const leave = second ? [second.use(memberId, basis.at)] : await countedAlone(by.caller, answer, basis);
      const act = { act: 'orders.merge', subject: memberId, why: reason, approval: second?.approvalId, after: answer };
      const told = await record({ clientId: second?.by ?? by.caller, ...act }, basis);
      return { writes: [...leave, ...writes, told], answer };
    },
    async () => (second ? undefined : movedBy({ memberId, into })),
  );
}

/** The answer of then, when this very request merged the member; another under its key is refused. */
async function mergedByThis(memberId: string, { key, request }: Pick<Merge, 'key' | 'request'>) {
  const before = await memberMergeOf(memberId);
  if (!before || before.key !== key) return undefined;
  if (before.request !== request) throw new Refusal('request.key_reused');
  return movedBy({ memberId, into: before.heirId });
}

/**
 * Merges the member who asks, and has just logged in, into the one who has this phone, which a code shows to be theirs
 * as well. The code is used up in the transaction of the merge, so it stays good when that is refused; the same request
 * again, of one who is merged by it, gets the same answer without it.
 */
export async function mergeByPhone(asking: Asking, given: GivenCode, by: By): Promise<Outcome<MergeView>> {
  const { memberId } = asking;
  const how = { by: 'MEMBER', key: await requestDigest(by), request: await requestDigest(given) } as const;
  let use: Promise<Write> | undefined;
  return exchange(
    async (basis) => {
      await mustBeLiving(memberId, basis);
      await mustBeFresh(asking, basis.at);
      // Once: a wrong code costs one try, however often this is decided. Whose the phone is, is told only after it.
      use ??= useOf(given, 'LOGIN');
      const used = await use;
      const owner = await memberByPhone(given.phone, basis);
      if (!owner) throw new Refusal('members.phone_free');
      const into = owner.memberId;
      if (into === memberId) throw new Refusal('members.same_member');
      const { writes, answer } = await closing({ memberId, into }, how, basis);
      return { writes: [...writes, owner.guard, used], answer };
    },
    () => mergedByThis(memberId, how),
  );
}

/** Who is let in by a merge: the heir, as long as the phone that showed it is theirs. */
export async function heirBy(phone: string, { into }: Pick<MergeView, 'into'>): Promise<string> {
  const { memberId } = (await memberByPhone(phone, { reading: 'consistent' })) ?? {};
  if (memberId === undefined || !(await isSame(memberId, into))) throw new Refusal('auth.session_ended');
  return memberId;
}
