import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../audit/findings.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { dayOf } from '../../shared/platform/calendar-day.ts';
import { endDay } from '../../shared/points/day-end.ts';
import type { Item } from '../../shared/table/client.ts';
import { asStaff, call } from '../support/call.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { memberWith, somePhone } from '../support/people.ts';
import { allItems, force, forceOut } from '../support/table.ts';
import { buy, endHold, hold, transfer } from './acts.ts';
import { plants } from './plants.ts';
import { randomWorld, verdict } from './random-world.ts';

openMall();

/** What chance may have left out: a new member with a purchase, and one with a hold of each ending, and a gift. */
async function oneOfEach(): Promise<void> {
  await buy(`P-${randomUUID()}`, 5_000, { phone: somePhone() });
  const [one, other] = [await memberWith(100), await memberWith(100)];
  await endHold(await hold(one, 20), 5, 'release', false);
  await endHold(await hold(one, 20), 0, 'release', false);
  await transfer(one, other, 30);
  const shop = { as: asStaff('catalog.write'), body: { name: { zh: '扇子', en: 'Fan' }, pricePoints: 9, stock: 1 } };
  for (let i = 0; i < 3; i += 1) expect((await call(catalogContract, 'create', shop)).status).toBe(201);
  await endDay(dayOf(Date.now(), ZONE), () => true);
}

let items: Item[];
beforeAll(async () => {
  await randomWorld(4, { steps: 120, last: oneOfEach });
  items = await allItems();
}, 120_000);

/** Puts everything back as it was. */
async function mend(touched: readonly Item[]): Promise<void> {
  for (const one of touched) {
    const before = items.find(({ pk, sk }) => pk === one.pk && sk === one.sk);
    await (before ? force(before) : forceOut(one));
  }
}

describe('a break that is written into the table', () => {
  it.each(plants)('is found as $invariant: $name', async ({ invariant, breaks }) => {
    const { put = [], remove: gone = [], key, at } = breaks(items);
    for (const item of gone) await forceOut(item);
    for (const item of put) await force(item);
    try {
      const { violations } = await verdict(at);
      const found = violations.filter((violation) => violation.invariant === invariant);
      expect(found.map((violation) => violation.key).filter((one) => one.includes(key))).not.toEqual([]);
    } finally {
      await mend([...put, ...gone]);
    }
  });

  it('is of each invariant in at least three ways', () => {
    const counts = Map.groupBy(plants, ({ invariant }) => invariant);
    const short = Object.keys(INVARIANTS).filter((one) => (counts.get(one as never)?.length ?? 0) < 3);
    expect(short).toEqual([]);
  });
});
