import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { avatarKey } from '../../shared/members/profiles/rules.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { readObject } from '../../shared/providers/objects.ts';
import { judged } from '../audit/random-world.ts';
import { person } from '../privacy/people.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { canary } from '../support/canaries.ts';
import { asNewlyIn, byWechat, loggedIn, vouch } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { availableOf, gift, somePhone } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { allItems, trouble } from '../support/table.ts';

openMall();
afterEach(() => void vi.restoreAllMocks());

const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());
const own = (memberId: string, name: keyof typeof profilesContract.rows, body?: unknown) =>
  call(profilesContract, name, { as: asMember(memberId), body });
const wechat = async (name: string) => (await byWechat(name)).memberId;
const byTill = async (member: object) => (await buy({ amountFen: 100, member })).memberId;
const addressesOf = async (memberId: string) =>
  ((await own(memberId, 'addresses')).body.items as { address: string; isDefault: boolean }[]) ?? [];
const addAddress = (memberId: string, address: string) =>
  own(memberId, 'addAddress', { recipient: '王五', phone: '13800138000', address });
async function merge(memberId: string, into: string): Promise<void> {
  const options = { as: asStaff('members.merge'), params: { memberId }, body: { into, reason: 'One person' } };
  const answer = await call(ordersContract, 'merge', options);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}
const state = async () => JSON.stringify((await allItems()).toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)));
const clean = async () => {
  const { violations } = judged(await allItems(), Date.now() + 700_000);
  expect(violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
};

/** Who somebody is by chance. */
interface Life {
  came: 'PHONE' | 'WECHAT' | 'TILL';
  providers: ('QQ' | 'ALIPAY')[];
  addresses: number[];
  orders: number;
  nickname: boolean;
  wishes: boolean;
}

const life = fc.record<Life>({
  came: fc.constantFrom('PHONE', 'WECHAT', 'TILL'),
  providers: fc.uniqueArray(fc.constantFrom('QQ', 'ALIPAY'), { maxLength: 2 }),
  addresses: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 20 }),
  orders: fc.nat({ max: 3 }),
  nickname: fc.boolean(),
  wishes: fc.boolean(),
});

/** By what one is recognised, as functions that ask who it is. */
type Ways = (() => Promise<string>)[];

async function born({ came }: Life): Promise<{ memberId: string; ways: Ways }> {
  const [phone, name, externalId] = [somePhone(), randomUUID().slice(0, 8), `crm-${randomUUID()}`];
  const way = {
    PHONE: () => {
      pass(61);
      return loggedIn(phone).then((session) => session.memberId);
    },
    WECHAT: () => wechat(name),
    TILL: () => byTill({ externalId }),
  }[came];
  return { memberId: await way(), ways: [way] };
}

/** A life as it says; all that was ordered has come to its end. */
async function lived(given: Life) {
  const { memberId, ways } = await born(given);
  const as = await asNewlyIn(memberId);
  for (const provider of given.providers) {
    const name = randomUUID().slice(0, 8);
    await call(identitiesContract, 'bind', { as, body: { provider, code: vouch(name) } });
    const logIn = () => call(identitiesContract, provider === 'QQ' ? 'qq' : 'alipay', { body: { code: vouch(name) } });
    ways.push(async () => (await logIn()).body.memberId as string);
  }
  for (const one of given.addresses) await addAddress(memberId, `杭州市 ${one} 号`);
  if (given.nickname) await own(memberId, 'change', { nickname: `小雀${memberId.slice(-4)}` });
  const { changedAt: _, ...wishes } = (await own(memberId, 'preferences')).body;
  if (given.wishes) await own(memberId, 'prefer', { ...wishes, interests: ['tea'] });
  await buy({ amountFen: 10_000, member: { memberId } });
  const productId = await gift({ pricePoints: 10, stock: 5 });
  const orders: string[] = [];
  for (let i = 0; i < given.orders; i += 1) {
    const { orderId } = (await call(ordersContract, 'place', { as, body: { productId } })).body as { orderId: string };
    await call(ordersContract, 'cancelMine', { as, params: { orderId } });
    orders.push(orderId);
  }
  return { memberId, ways, orders };
}

/** What follows a merge, killed at one call to the table after the other until nothing kills it any more. */
async function killedAgainAndAgain(memberId: string, steps: readonly number[]): Promise<number> {
  let deaths = 0;
  for (let at = 1; ; at += steps[deaths % steps.length] ?? 1) {
    const spy = trouble((n) => (n === at ? new Error('The container is gone.') : undefined), { all: true });
    const isDead = await merged(memberId).then(
      () => false,
      () => true,
    );
    spy.mockRestore();
    if (!isDead) return deaths;
    deaths += 1;
  }
}

describe('what is left under a member who was merged', () => {
  const samples = fc.sample(fc.tuple(life, life, life, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3 })), {
    seed: 12,
    numRuns: 5,
  });

  it.each(samples.map((sample, i) => ({ i, sample })))(
    'is the heir’s, by chance $i, wherever it is killed',
    async ({ sample }) => {
      const [first, second, third, steps] = sample;
      const people = [await lived(first), await lived(second), await lived(third)] as const;
      const [old, middle, heir] = people;
      const before = await Promise.all(people.map(({ memberId }) => availableOf(memberId)));
      await merge(old.memberId, middle.memberId);
      // The next merge may come before the first event has.
      await merge(middle.memberId, heir.memberId);
      const deaths =
        (await killedAgainAndAgain(old.memberId, steps)) + (await killedAgainAndAgain(middle.memberId, steps));
      expect(deaths).toBeGreaterThan(8);
      const done = await state();
      for (const { memberId } of [middle, old, middle]) await merged(memberId);
      expect(await state()).toBe(done);
      await clean();

      expect(await availableOf(heir.memberId)).toBe(before.reduce((all, one) => all + one, 0));
      const { items } = (await call(ordersContract, 'mine', { as: asMember(heir.memberId), query: { limit: '100' } }))
        .body;
      const listed = (items as { orderId: string }[]).map(({ orderId }) => orderId);
      expect(listed.toSorted()).toEqual(people.flatMap(({ orders }) => orders).toSorted());
      const texts = new Set(sample.slice(0, 3).flatMap((one) => (one as Life).addresses));
      const books = await Promise.all(people.map(async ({ memberId }) => addressesOf(memberId)));
      const kept = books.flat().map(({ address }) => address);
      expect(new Set(kept).size).toBe(texts.size);
      expect(books[2]).toHaveLength(Math.min(20, texts.size));
      expect(books[2]?.filter(({ isDefault }) => isDefault)).toHaveLength(Math.min(1, texts.size));
      const nicknames = sample.slice(0, 3).filter((one) => (one as Life).nickname);
      expect((await own(heir.memberId, 'read')).body.nickname === null).toBe(nicknames.length === 0);
      for (const way of people.flatMap(({ ways }) => ways)) expect(await way()).toBe(heir.memberId);
      await clean();
    },
  );

  it('is not given to who has said something else, and needs the heir’s own consent', async () => {
    const productId = await gift({ pricePoints: 1, stock: 10 });
    const [old, heir] = [await person(productId), await person(productId)];
    const bare = await loggedIn(somePhone());
    await merge(old.memberId, heir.memberId);
    await merged(old.memberId);
    const profile = (await own(heir.memberId, 'read')).body;
    expect(profile).toMatchObject({ nickname: heir.words.at(-1), birthday: canary.birthday() });
    expect((await own(heir.memberId, 'preferences')).body).toMatchObject({ interests: ['tea'] });
    await merge(heir.memberId, bare.memberId);
    await merged(heir.memberId);
    const bares = (await own(bare.memberId, 'read')).body;
    expect(bares).toMatchObject({ nickname: heir.words.at(-1), birthday: null, region: null });
    expect((await own(bare.memberId, 'preferences')).body).toMatchObject({ interests: ['tea'] });
    expect(bares.avatar).not.toBeNull();
    expect((await readObject(avatarKey(bare.memberId)))?.contentType).toBe('image/png');
    for (const { memberId } of [old, heir]) expect(await readObject(avatarKey(memberId))).toBeUndefined();
    expect(await addressesOf(bare.memberId)).toHaveLength(2);
    await clean();
  });

  it('both phones log in; the further one is shown masked and can be unbound, the own one stays', async () => {
    const [one, other] = [somePhone(), somePhone()];
    const [old, heir] = [await loggedIn(one), await loggedIn(other)];
    await merge(old.memberId, heir.memberId);
    await merged(old.memberId);
    const me = (await call(membersContract, 'me', { as: asMember(heir.memberId) })).body;
    expect(me.phone).toContain(other.slice(-4));
    pass(61);
    for (const phone of [one, other]) expect((await loggedIn(phone)).memberId).toBe(heir.memberId);
    const as = asMember(heir.memberId);
    const { items } = (await call(identitiesContract, 'bound', { as })).body;
    expect(items).toMatchObject([{ provider: 'PHONE', name: expect.stringContaining(`****${one.slice(-4)}`) }]);
    expect((await call(identitiesContract, 'unbind', { as, params: { provider: 'PHONE' } })).status).toBe(204);
    pass(61);
    expect((await loggedIn(other)).memberId).toBe(heir.memberId);
    expect((await loggedIn(one)).firstVisit).toBe(true);
    await clean();
  });

  it('is found by a till that reports again what it reported before', async () => {
    const [phone, number] = [somePhone(), `P-${randomUUID()}`];
    const report = { number, amountFen: 500, member: { phone } };
    const bought = await buy(report);
    const heir = await loggedIn(somePhone());
    await merge(bought.memberId, heir.memberId);
    expect(await buy(report)).toMatchObject({ memberId: bought.memberId });
    await merged(bought.memberId);
    expect(await buy(report)).toMatchObject({ memberId: bought.memberId });
    expect(await availableOf(heir.memberId)).toBe(5);
    expect((await buy({ ...report, number: `P-${randomUUID()}` })).memberId).toBe(heir.memberId);
    expect(await availableOf(heir.memberId)).toBe(10);
  });

  it('an event that says no member, or one who was merged into nobody, fails', async () => {
    await expect(merged('x')).rejects.toThrow('memberId');
    await expect(merged((await loggedIn(somePhone())).memberId)).rejects.toThrow('into nobody');
  });
});
