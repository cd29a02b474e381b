import { Refusal } from '../errors.ts';
import { mustBeMember } from '../members/members.ts';
import { iso } from '../platform/clock.ts';
import type { By } from '../platform/ids.ts';
import { type Merged, mergeInto, mergeOf, POINTS } from '../points/points.ts';
import { currencyCodes, programme } from '../programme/programme.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { allOrdersOf } from './personal.ts';
import { isOpen } from './rules.ts';

/** Who is merged into whom, and why. */
export interface MergeWish {
  memberId: string;
  into: string;
  reason: string;
}

function view({ memberId, into }: MergeWish, all: readonly Merged[]) {
  const at = all.find(({ currency }) => currency === POINTS)?.at ?? 0;
  const accounts = all.map(({ currency, points, pending, debt }) => ({ currency, points, pending, debt }));
  return { memberId, into, at: iso(at), accounts };
}

export type MergeView = ReturnType<typeof view>;

/** The first order that is found under way, going through all that the member has. */
async function openOrderOf(memberId: string): Promise<string | undefined> {
  for await (const { orderId, status } of allOrdersOf(memberId)) if (isOpen(status)) return orderId;
  return undefined;
}

async function decide(wish: MergeWish, by: By, basis: Basis) {
  const { memberId, into, reason } = wish;
  await mustBeMember(memberId, basis);
  await mustBeMember(into, basis);
  const currencies = currencyCodes(await programme());
  const both = await Promise.all(currencies.map((currency) => mergeInto(into, { memberId, currency }, basis)));
  // After the accounts were read: an order that is placed later moves one of them, and all this is decided again.
  const orderId = await openOrderOf(memberId);
  if (orderId !== undefined) throw new Refusal('orders.open_orders', { orderId });
  const answer = view(
    wish,
    both.map(({ merged }) => merged),
  );
  const act = { clientId: by.caller, act: 'orders.merge', subject: memberId, why: reason, after: answer };
  return { writes: [...both.flatMap(({ writes }) => writes), await record(act, basis)], answer };
}

/** The answer of then, when this very merge was done before: the closed accounts tell. */
async function mergedBefore(wish: MergeWish): Promise<MergeView | undefined> {
  const currencies = currencyCodes(await programme());
  const all = await Promise.all(currencies.map((currency) => mergeOf({ memberId: wish.memberId, currency })));
  const closed = all.flatMap((one) => one ?? []);
  return closed[0]?.heirId === wish.into ? view(wish, closed) : undefined;
}

/**
 * Merges a member's accounts into another's, in all currencies and in one transaction: what moves later for the member
 * goes to the heir. A merge is one by the member whom it closes; the same again gets the same answer. It lies with the
 * orders because they, too, must have come to their end.
 */
export async function merge(wish: MergeWish, by: By): Promise<Outcome<MergeView>> {
  if (wish.memberId === wish.into) throw new Refusal('members.same_member');
  return exchange(
    (basis) => decide(wish, by, basis),
    () => mergedBefore(wish),
  );
}
