import { randomUUID } from 'node:crypto';
import { inject, vi } from 'vitest';
import { audit } from '../../audit/audit.ts';
import type { Verdict } from '../../audit/findings.ts';
import { scan } from '../../audit/scan.ts';
import { Refusal } from '../../shared/errors.ts';
import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { announcementsOf } from '../../shared/points/announcements.ts';
import { load, type StoredEntry } from '../../shared/points/chain.ts';
import { tell } from '../../shared/points/notices.ts';
import { noteLot, writeDownLapse } from '../../shared/points/points.ts';
import { clock, createTable, ZONE } from '../support/mall.ts';
import { gift, somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';
import * as acts from './acts.ts';

/** A source of chance that gives the same again for the same seed. */
function chance(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const upTo = (most: number) => 1 + Math.floor(next() * most);
  const of = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
  return { next, upTo, of };
}

export interface RandomWorld {
  members: string[];
  purchases: string[];
  orders: { orderId: string; memberId: string }[];
  holds: acts.Held[];
  adjustments: acts.Adjusted[];
  gifts: string[];
  batches: number;
}

/** A refusal is a decision like another; anything else fails the test. */
async function allowed(work: Promise<unknown>): Promise<void> {
  await work.catch((thrown: unknown) => {
    if (!(thrown instanceof Refusal)) throw thrown;
  });
}

type Dice = ReturnType<typeof chance>;
const today = () => dayOf(Date.now(), ZONE);
const takeOne = <T>(all: T[]): T | undefined => all.shift();

const DEEDS: Record<string, (world: RandomWorld, dice: Dice) => Promise<unknown>> = {
  buy: async (world, { of, upTo }) => {
    const number = `P-${randomUUID()}`;
    world.purchases.push(number);
    return acts.buy(number, upTo(60_000), { memberId: of(world.members) });
  },
  pend: async (world, { of, upTo }) => {
    const number = `P-${randomUUID()}`;
    world.purchases.push(number);
    return acts.buyPending(of(world.members), number, 100 + upTo(30_000), upTo(20));
  },
  giveBack: async (world, { of, upTo }) =>
    world.purchases.length > 0 && acts.giveBackGoods(of(world.purchases), upTo(40_000)),
  redeem: async (world, { of, upTo }) => {
    const memberId = of(world.members);
    const orderId = await acts.redeem(memberId, of(world.gifts), upTo(3));
    if (orderId) world.orders.push({ orderId, memberId });
  },
  handle: async (world, { of }) => {
    const order = world.orders.length > 0 ? of(world.orders) : undefined;
    if (order) await acts.deed(order.orderId, order.memberId, of(['ship', 'receive', 'cancelMine', 'cancel'] as const));
  },
  hold: async (world, { of, upTo }) => world.holds.push(await acts.hold(of(world.members), upTo(80))),
  unhold: async (world, { of, next, upTo }) => {
    const held = takeOne(world.holds);
    const used = held && next() < 0.5 ? upTo(held.amount) : 0;
    return held && acts.endHold(held, used, of(['release', 'timeout'] as const), next() < 0.5);
  },
  adjust: async (world, { of, upTo }) => {
    const days = addDays(today(), upTo(60));
    world.adjustments.push(await acts.adjust(of(world.members), of(['UP', 'DOWN'] as const), upTo(90), days));
  },
  undo: async (world) => {
    const adjusted = takeOne(world.adjustments);
    return adjusted && acts.undo(adjusted);
  },
  grant: async (world, { of, upTo }) => {
    world.batches += 1;
    return acts.grant(`b${world.batches}`, of(world.members), addDays(today(), upTo(90)), upTo(70));
  },
  transfer: async ({ members }, { of, upTo }) => {
    const [from, to] = [of(members), of(members)];
    return from !== to && acts.transfer(from, to, upTo(50));
  },
  exchange: async ({ members }, { of }) => acts.exchangeCoins(of(members), 1),
  // Thawed at once: what a frozen member is refused is not what this is about.
  freeze: async ({ members }, { of }) => {
    const memberId = of(members);
    await acts.freeze(memberId, 'FREEZE');
    return acts.freeze(memberId, 'THAW');
  },
};

/** What reactions do: whoever carries points of a day stands in the lapse calendar. */
async function drain(seen: Set<string>): Promise<void> {
  for (const item of await allItems()) {
    const key = `${item.pk}/${item.sk}`;
    if (item.type !== 'entry' || seen.has(key)) continue;
    seen.add(key);
    for (const { name, detail } of announcementsOf(load(item as unknown as StoredEntry), ZONE)) {
      const { memberId, currency, lastDay } = detail as Record<'memberId' | 'currency' | 'lastDay', string>;
      if (name === 'points.lot_opened') await noteLot({ memberId, currency }, lastDay);
    }
  }
}

interface Noted {
  memberId: string;
  currency: string;
  lastDay: string;
}

/** Days pass, and at the end of each is done what the job does, for those who are in the lapse calendar. */
async function pass(days: number, seen: Set<string>): Promise<void> {
  await drain(seen);
  const from = today();
  const noted = (await allItems()).filter(({ type }) => type === 'lapse') as unknown as Noted[];
  for (let i = 1; i <= days; i += 1) {
    const day = addDays(from, i);
    clock(`${day}T04:00:00.000Z`);
    for (const { lastDay, ...account } of noted) {
      if (addDays(lastDay, 1) === day) await writeDownLapse(account, lastDay);
      const left = [30, 7, 1].find((days) => addDays(day, days) === lastDay);
      if (left !== undefined) await tell(account, { lastDay, daysLeft: left, due: left });
    }
  }
}

/** A mall with a history by chance, in a table of its own; the product's own calls made all of it. */
export async function randomWorld(
  seed: number,
  {
    steps = 60,
    people = 5,
    last = async () => {},
  }: { steps?: number; people?: number; last?: () => Promise<void> } = {},
): Promise<RandomWorld> {
  const name = `mall-${randomUUID()}`;
  await createTable(name);
  vi.stubEnv('TABLE_NAME', name);
  clock('2026-11-23T04:00:00.000Z');
  const dice = chance(seed);
  const world: RandomWorld = {
    members: [],
    purchases: [],
    orders: [],
    holds: [],
    adjustments: [],
    gifts: [],
    batches: 0,
  };
  for (let i = 0; i < people; i += 1) {
    const number = `P-${randomUUID()}`;
    world.purchases.push(number);
    world.members.push(await acts.buy(number, 30_000, { phone: somePhone() }));
  }
  world.gifts.push(await gift({ pricePoints: 40, stock: 50 }), await gift({ pricePoints: 15, stock: 5 }));
  const seen = new Set<string>();
  for (let i = 0; i < steps; i += 1) {
    const deed = DEEDS[dice.of(Object.keys(DEEDS))];
    if (deed) await allowed(deed(world, dice));
    clock(new Date(Date.now() + dice.upTo(3_600_000)).toISOString());
    if (i % 15 === 14) await pass(dice.upTo(30), seen);
  }
  for (const held of world.holds) await allowed(acts.endHold(held, 0, 'timeout', false));
  const [first, second] = world.members;
  if (first && second) await allowed(acts.merge(first, second));
  await last();
  await drain(seen);
  return world;
}

/** What the auditor says of the table that stands. */
export async function verdict(at = Date.now()): Promise<Verdict> {
  const connection = { endpoint: inject('dynamodb') };
  const items = await scan({ name: process.env.TABLE_NAME ?? '', connection }, () => {});
  return audit(items, { at, zone: ZONE });
}
