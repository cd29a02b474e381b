import { describe, expect, it, vi } from 'vitest';
import { handler as onMemberErased } from '../../functions/privacy/on-member-erased.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import * as objects from '../../shared/providers/objects.ts';
import { judged } from '../audit/random-world.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { gift, somePhone } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { allItems, beforeCall } from '../support/table.ts';
import { erase, person, told } from './people.ts';

openMall();

const clean = async () => {
  const { violations } = judged(await allItems(), Date.now() + 700_000);
  expect(violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
};
function tryMerge(memberId: string, into: string) {
  const options = { as: asStaff('members.merge'), params: { memberId }, body: { into, reason: 'One person' } };
  return call(ordersContract, 'merge', options);
}
async function merge(memberId: string, into: string): Promise<void> {
  expect((await tryMerge(memberId, into)).status).toBe(200);
}

/** Three who are one person: the first was merged into the second, and that one into the third. */
async function three(follow: (memberId: string) => Promise<void>) {
  const productId = await gift({ pricePoints: 1, stock: 10 });
  const [old, middle] = [await person(productId), await person(productId)];
  const externalId = `crm-${old.memberId}`;
  const till = (await buy({ amountFen: 100, member: { externalId } })).memberId;
  const heir = await loggedIn(somePhone());
  await merge(till, old.memberId);
  await merge(old.memberId, middle.memberId);
  await merge(middle.memberId, heir.memberId);
  for (const memberId of [till, old.memberId, middle.memberId]) await follow(memberId);
  return { old, middle, heir, externalId };
}

/** Nothing sealed and no identity is left of any of them. */
async function expectNothingOf(words: readonly string[], ...memberIds: string[]): Promise<void> {
  const left = (await allItems()).filter((item) => memberIds.some((one) => JSON.stringify(item).includes(one)));
  expect(left.filter((item) => JSON.stringify(item).includes('"s2.'))).toEqual([]);
  expect(
    left.filter(({ type }) => ['identity', 'session', 'push-token', 'addresses', 'profile'].includes(type)),
  ).toEqual([]);
  for (const word of words) expect(JSON.stringify(left)).not.toContain(word);
}

describe('an heir 合并后的会员', () => {
  it('is erased with everybody who was merged into them, before and after what follows a merge', async () => {
    for (const follow of [merged, async () => {}]) {
      const { old, middle, heir, externalId } = await three(follow);
      expect((await erase(heir.memberId)).status).toBe(200);
      await expectNothingOf([...old.words, ...middle.words], old.memberId, middle.memberId, heir.memberId);
      // What comes late finds nothing to do.
      for (const { memberId } of [old, middle]) await merged(memberId);
      await expectNothingOf([], old.memberId, middle.memberId, heir.memberId);
      expect((await buy({ amountFen: 100, member: { externalId } })).memberId).not.toBe(heir.memberId);
      expect((await loggedIn(old.phone)).firstVisit).toBe(true);
      await clean();
    }
  });

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'is either erased or merged, where both happen at once: the merge before call %i of the erasure',
    async (n) => {
      const [{ memberId }, heir] = [await loggedIn(somePhone()), await loggedIn(somePhone())];
      await buy({ amountFen: 700, member: { memberId } });
      const merges: string[] = [];
      const spy = beforeCall(n, async () => void merges.push(told(await tryMerge(memberId, heir.memberId))));
      const erased = told(await erase(memberId));
      spy.mockRestore();
      if (erased === '409 members.merged') await merged(memberId);
      expect([
        ['409 members.merged', '200 undefined'],
        ['200 undefined', '410 members.erased'],
        ['200 undefined'],
      ]).toContainEqual([erased, ...merges]);
      await clean();
    },
  );

  it('whose erasure stopped half way is erased with them by the event', async () => {
    const { old, middle, heir } = await three(async () => {});
    const spy = vi.spyOn(objects, 'deleteObject').mockRejectedValue(new Error('The container is gone.'));
    expect((await erase(heir.memberId)).status).toBe(500);
    spy.mockRestore();
    const event = { 'detail-type': 'member.erased', detail: { memberId: heir.memberId } } as never;
    await onMemberErased(event);
    await onMemberErased(event);
    await expectNothingOf([...old.words, ...middle.words], old.memberId, middle.memberId, heir.memberId);
    await clean();
  });

  it('is given all that lies under those who were merged into them', async () => {
    const { old, middle, heir, externalId } = await three(merged);
    const { body } = await call(privacyContract, 'export', { as: asMember(heir.memberId) });
    const text = await (await fetch(String(body.json))).text();
    for (const word of [...old.words, ...middle.words, externalId]) {
      // Of the two names the heir, who had none, took over one; and the push tokens ended with the sessions.
      const isGone = [old, middle].some(({ words, pushToken }) => [words.at(-1), pushToken].includes(word));
      if (!isGone) expect(text, word).toContain(word);
    }
    const all = JSON.parse(text) as {
      orders: { orderId: string }[];
      merged: { consents: object[]; statement: object[] }[];
    };
    expect(all.orders.map(({ orderId }) => orderId).toSorted()).toEqual([old.orderId, middle.orderId].toSorted());
    expect(all.merged.map(({ consents }) => consents.length).toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
    for (const { statement } of all.merged) expect(statement.length).toBeGreaterThan(0);
  });
});
