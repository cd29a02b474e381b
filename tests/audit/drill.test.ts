import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../audit/findings.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { dayOf } from '../../shared/platform/calendar-day.ts';
import { endDay } from '../../shared/points/day-end.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import type { Item } from '../../shared/table/client.ts';
import { erase, person } from '../privacy/people.ts';
import { asStaff, call } from '../support/call.ts';
import { asNewlyIn, loggedIn } from '../support/logins.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { gift, memberWith, somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';
import { adjustByTwo, buy, decide, deed, endHold, giveBackGoods, hold, redeem, transfer } from './acts.ts';
import { type Broken, plants } from './plants.ts';
import { judged, randomWorld } from './random-world.ts';

openMall();

/** What chance may have left out: a new member with a purchase, a return, a hold of each ending, a gift, a cancelled order. */
async function oneOfEach(): Promise<void> {
  await decide(initialPolicy);
  await buy(`P-${randomUUID()}`, 5_000, { phone: somePhone() });
  const number = `P-${randomUUID()}`;
  await buy(number, 5_000, { phone: somePhone() });
  await giveBackGoods(number, { amountFen: 2_000 });
  const [one, other] = [await memberWith(100), await memberWith(100)];
  for (const used of [5, 0]) {
    const holdId = await hold(one, 20);
    await endHold(holdId ?? '', used);
  }
  await transfer(one, other, 30);
  await adjustByTwo(one, 20_000);
  const orderId = await redeem(other, await gift({ pricePoints: 20 }), 1);
  await deed(orderId ?? '', other, 'cancelMine');
  const shop = { as: asStaff('catalog.write'), body: { name: { zh: '扇子', en: 'Fan' }, pricePoints: 9, stock: 1 } };
  await oneIsSentMessages();
  await eraseOne();
  for (let i = 0; i < 3; i += 1) expect((await call(catalogContract, 'create', shop)).status).toBe(201);
  await endDay(dayOf(Date.now(), ZONE), () => true);
}

/** Somebody with two sessions, and a push token in one of them. */
async function oneIsSentMessages(): Promise<void> {
  const { memberId } = await loggedIn(somePhone());
  const as = await asNewlyIn(memberId);
  const body = { service: 'FCM', token: randomUUID() };
  expect((await call(authContract, 'registerPushToken', { as, body })).status).toBe(200);
}

/** Somebody of whom everything was kept that can be, and is no more. */
async function eraseOne(): Promise<void> {
  const { memberId } = await person(await gift({ pricePoints: 20 }));
  expect((await erase(memberId)).status).toBe(200);
}

let items: Item[];
beforeAll(async () => {
  await randomWorld(4, { steps: 80, last: oneOfEach });
  items = await allItems();
}, 120_000);

/** The items with what is broken instead. */
function broken({ put = [], remove = [] }: Broken): Item[] {
  const touched = new Set([...put, ...remove].map(({ pk, sk }) => `${pk}/${sk}`));
  return [...items.filter(({ pk, sk }) => !touched.has(`${pk}/${sk}`)), ...put];
}

describe('a break in what is stored', () => {
  it('is the only one: before it nothing is found', () => {
    expect(judged(items).violations).toEqual([]);
  });

  it.each(plants)('is found as $invariant: $name', ({ invariant, breaks }) => {
    const plant = breaks(items);
    const { violations } = judged(broken(plant), plant.at);
    const found = violations.filter((violation) => violation.invariant === invariant);
    expect(found.map(({ key }) => key).filter((one) => one.includes(plant.key))).not.toEqual([]);
  });

  it('is of each invariant in at least three ways', () => {
    const counts = Map.groupBy(plants, ({ invariant }) => invariant);
    const short = Object.keys(INVARIANTS).filter((one) => (counts.get(one as never)?.length ?? 0) < 3);
    expect(short).toEqual([]);
  });
});
