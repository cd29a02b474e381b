import { type Asking, eraseSessions, forgetLogins, mustBeFresh } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { eraseOwn, forget, mergedUnder, mustBeLiving } from '../members/members.ts';
import { eraseAddresses, openOrdersOf } from '../orders/orders.ts';
import { eraseWords, underWay } from '../points/points.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { eraseExports, exportAll } from './exports.ts';
import { beginErasure, type Erasure, endErasure, findErasure } from './store.ts';

export { exportAll };

/** As many ids as help a member to see what is under way. */
const NAMED = 20;

/** The writes that make a member nobody's. */
async function beginning(memberId: string, at: number) {
  const { phoneDigests, writes } = await forget(memberId, at);
  return [beginErasure(memberId, at), ...writes, ...(await forgetLogins(memberId, phoneDigests, at))];
}

/** What makes a member nobody's, in one transaction: it is refused when anything of theirs moves meanwhile. */
async function begin(asking: Asking, { at }: Basis) {
  const { memberId } = asking;
  const before = await findErasure(memberId);
  if (before) return { writes: [], answer: before, replayed: true };
  await mustBeLiving(memberId, { reading: 'consistent' });
  await mustBeFresh(asking, at);
  const { holdIds, orderIds: young, writes: stillness } = await underWay(memberId);
  if (holdIds.length > 0) throw new Refusal('privacy.hold_open', { holdIds: holdIds.slice(0, NAMED) });
  const orderIds = await openOrdersOf(memberId, young);
  if (orderIds.length > 0) throw new Refusal('privacy.order_open', { orderIds: orderIds.slice(0, NAMED) });
  const [first, ...rest] = await beginning(memberId, at);
  const answer: Erasure = { memberId, status: 'OPEN', at };
  return { writes: first ? [first, ...stillness, ...rest] : [], answer };
}

/** Makes one who was merged into somebody who is erased nobody's, too; nothing of theirs is under way. */
async function beginMerged(memberId: string): Promise<void> {
  await exchange(async ({ at }) => {
    const isBegun = (await findErasure(memberId)) !== undefined;
    return { writes: isBegun ? [] : await beginning(memberId, at), answer: null };
  });
}

/** Takes away what is personal of one member whose erasure has begun. */
async function finishOne(memberId: string): Promise<Erasure> {
  await eraseSessions(memberId);
  await eraseExports(memberId);
  await eraseOwn(memberId);
  await eraseAddresses(memberId);
  await eraseWords(memberId);
  const { answer } = await exchange<Erasure>(async ({ at }) => {
    const erasure = await findErasure(memberId);
    if (!erasure) throw new Refusal('members.not_found');
    if (erasure.status === 'DONE') return { writes: [], answer: erasure };
    return { writes: [endErasure(memberId, at)], answer: { ...erasure, status: 'DONE', doneAt: at } };
  });
  return answer;
}

/**
 * Takes away all that is personal of one whose erasure has begun, and of everybody who was merged into them: all are one
 * person. Nothing of the kind can be written any more, so what is found now is all; doing it again finds nothing.
 */
export async function finish(memberId: string): Promise<Erasure> {
  if (!(await findErasure(memberId))) throw new Refusal('members.not_found');
  for (const old of await mergedUnder(memberId)) {
    await beginMerged(old);
    await finishOne(old);
  }
  return finishOne(memberId);
}

/** Erases for good a member who has just logged in; the same again goes on where it was left, and gets the same answer. */
export async function erase(asking: Asking): Promise<Outcome<Erasure>> {
  const { replayed } = await exchange((basis) => begin(asking, basis));
  return { answer: await finish(asking.memberId), replayed };
}

/** What a new erasure says on the bus. */
export function announce(item: unknown): Announcement[] {
  const { memberId, at } = item as Erasure;
  return [{ name: 'member.erased', id: memberId, at, detail: { memberId } }];
}
