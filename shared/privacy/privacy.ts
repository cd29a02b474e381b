import { type Asking, eraseSessions, forgetLogins, mustBeFresh } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { eraseOwn, forget, mergedUnder, mustBeLiving, mustNotBeHeld } from '../members/members.ts';
import { eraseAddresses, openOrdersOf } from '../orders/orders.ts';
import { eraseWords, underWay } from '../points/points.ts';
import { type Approved, record } from '../staff/staff.ts';
import { exchange, type Outcome } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
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

/** Refuses while something of a member's is under way; the writes are refused when anything moves meanwhile. */
async function mustBeStill(memberId: string): Promise<Write[]> {
  const { holdIds, orderIds: young, writes } = await underWay(memberId);
  if (holdIds.length > 0) throw new Refusal('privacy.hold_open', { holdIds: holdIds.slice(0, NAMED) });
  const orderIds = await openOrdersOf(memberId, young);
  if (orderIds.length > 0) throw new Refusal('privacy.order_open', { orderIds: orderIds.slice(0, NAMED) });
  return writes;
}

/** Refuses an erasure that could not be begun now, whoever asks for it. */
export async function mayBeErased(memberId: string): Promise<void> {
  await mustBeLiving(memberId, { reading: 'consistent' });
  await mustBeStill(memberId);
}

/** What makes a living member nobody's, in one transaction, for whoever may ask for it. */
async function begin(memberId: string, at: number): Promise<{ writes: Write[]; answer: Erasure }> {
  const stillness = await mustBeStill(memberId);
  const [first, ...rest] = await beginning(memberId, at);
  return { writes: first ? [first, ...stillness, ...rest] : [], answer: { memberId, status: 'OPEN', at } };
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
  const { memberId } = asking;
  const { replayed } = await exchange(async ({ at }) => {
    const before = await findErasure(memberId);
    if (before) return { writes: [], answer: before, replayed: true };
    // What cannot be undone waits, too, while whoever came in by another phone may be a thief.
    mustNotBeHeld(await mustBeLiving(memberId, { reading: 'consistent' }), at);
    await mustBeFresh(asking, at);
    return begin(memberId, at);
  });
  return { answer: await finish(memberId), replayed };
}

/** Whom staff erase, and why. */
export interface ErasureWish {
  memberId: string;
  reason: string;
}

/** Erases for good a member who asked staff for it, by a second person: begun with their approval, then `finish`ed. */
export async function eraseApproved({ memberId, reason }: ErasureWish, second: Approved): Promise<Erasure> {
  await exchange(async (basis) => {
    await mustBeLiving(memberId, { reading: 'consistent' });
    const { writes, answer } = await begin(memberId, basis.at);
    const act = { act: 'privacy.eraseMember', subject: memberId, why: reason, approval: second.approvalId };
    const told = await record({ clientId: second.by, ...act, after: answer }, basis);
    return { writes: [second.use(memberId, basis.at), ...writes, told], answer };
  });
  return finish(memberId);
}

/** What a new erasure says on the bus. */
export function announce(item: unknown): Announcement[] {
  const { memberId, at } = item as Erasure;
  return [{ name: 'member.erased', id: memberId, at, detail: { memberId } }];
}
