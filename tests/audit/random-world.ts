import { randomUUID } from 'node:crypto';
import { expect, inject, vi } from 'vitest';
import { audit } from '../../audit/audit.ts';
import type { Verdict } from '../../audit/findings.ts';
import { type Attribute, itemOf } from '../../audit/item.ts';
import { scan } from '../../audit/scan.ts';
import { addDays, dayOf } from '../../shared/platform/calendar-day.ts';
import { announcementsOf } from '../../shared/points/announcements.ts';
import { load, type StoredEntry } from '../../shared/points/chain.ts';
import { sweepHolds } from '../../shared/points/holds/sweep.ts';
import { tell } from '../../shared/points/notices.ts';
import { noteLot, writeDownLapse } from '../../shared/points/points.ts';
import type { Policy } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { type Item, toAttributes } from '../../shared/table/client.ts';
import { clock, createTable, openTills, ZONE } from '../support/mall.ts';
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
  /** Those with lines. */
  lined: string[];
  orders: { orderId: string; memberId: string }[];
  holds: { holdId: string; amount: number }[];
  adjustments: string[];
  gifts: string[];
  batches: number;
}

type Dice = ReturnType<typeof chance>;
const today = () => dayOf(Date.now(), ZONE);

async function buy(
  world: RandomWorld,
  amountFen: number,
  member: object,
  more: { lines?: object[]; occurredAt?: string } = {},
): Promise<string> {
  const number = `P-${randomUUID()}`;
  (more.lines ? world.lined : world.purchases).push(number);
  return acts.buy(number, amountFen, member, more);
}

const DEEDS: Record<string, (world: RandomWorld, dice: Dice) => Promise<unknown>> = {
  buy: (world, { of, upTo }) => buy(world, upTo(60_000), { memberId: of(world.members) }),
  // Of which only a part earns, and which happened a while ago.
  buyLines: (world, { of, upTo }) => {
    const [one, other] = [upTo(30_000), upTo(10_000)];
    const lines = [
      { line: '1', quantity: 3, amountFen: one },
      { line: '2', quantity: 1, amountFen: other, earns: false },
    ];
    const occurredAt = new Date(Date.now() - upTo(20) * 43_200_000).toISOString();
    return buy(world, one + other, { memberId: of(world.members) }, { lines, occurredAt });
  },
  giveBack: ({ purchases }, { of, upTo }) => acts.giveBackGoods(of(purchases), { amountFen: upTo(15_000) }),
  giveBackLine: async ({ lined }, { of, upTo }) =>
    lined.length > 0 && acts.giveBackGoods(of(lined), { lines: [{ line: of(['1', '2']), quantity: upTo(2) }] }),
  redeem: async (world, { of, upTo }) => {
    const memberId = of(world.members);
    const orderId = await acts.redeem(memberId, of(world.gifts), upTo(3));
    if (orderId) world.orders.push({ orderId, memberId });
  },
  handle: async (world, { of }) => {
    const order = world.orders.length > 0 ? of(world.orders) : undefined;
    if (order) await acts.deed(order.orderId, order.memberId, of(['ship', 'receive', 'cancelMine', 'cancel'] as const));
  },
  hold: async (world, { of, upTo }) => {
    const amount = upTo(80);
    const more = { minutes: 30 * upTo(40), ...of([{ note: 'table 7' }, {}]) };
    const holdId = await acts.hold(of(world.members), amount, more);
    if (holdId) world.holds.push({ holdId, amount });
  },
  unhold: async (world, { next, upTo }) => {
    const held = world.holds.pop();
    return held && acts.endHold(held.holdId, next() < 0.5 ? upTo(held.amount) : 0);
  },
  adjustUp: async (world, { of, upTo }) => {
    const more = of([{ lastDay: addDays(today(), upTo(60)) }, {}]);
    const id = await acts.adjust(of(world.members), 'UP', upTo(90), more);
    if (id) world.adjustments.push(id);
  },
  adjustDown: async (world, { of, upTo }) => {
    const more = of([{ shortage: of(['DEBT', 'CLAMP', 'REFUSE']) }, {}]);
    const id = await acts.adjust(of(world.members), 'DOWN', upTo(200), more);
    if (id) world.adjustments.push(id);
  },
  undo: async (world, { of }) => {
    const id = world.adjustments.shift();
    return id && acts.undo(id, of(['DEBT', 'CLAMP', 'REFUSE'] as const));
  },
  grant: async (world, { of, upTo }) => {
    world.batches += 1;
    const rows = [
      `${of(world.members)},${upTo(70)},POINTS,${addDays(today(), upTo(90))}`,
      `${of(world.members)},${upTo(70)},${of(['POINTS', 'COINS'])},`,
    ];
    return acts.upload(['memberId,points,currency,lastDay', ...rows].join('\n'), `b${world.batches}`);
  },
  open: async ({ members }, { of, upTo }) => {
    const rows = [`,${of(members)},${upTo(90)},${addDays(today(), upTo(90))}`, `${somePhone()},,9,${today()}`];
    return acts.upload(['phone,memberId,points,lastDay', ...rows].join('\n'));
  },
  transfer: async ({ members }, { of, upTo }) => {
    const [from, to] = [of(members), of(members)];
    return from !== to && acts.transfer(from, to, upTo(50));
  },
  trade: ({ members }, { of, upTo }) => acts.trade(of(members), 99 + upTo(150), 'POINTS'),
  tradeBack: ({ members }, { of }) => acts.trade(of(members), 1, 'COINS'),
  // Thawed at once: what a frozen member is refused is not what this is about.
  freeze: async ({ members }, { of }) => {
    const memberId = of(members);
    const more = of([{ currency: 'POINTS' }, {}]);
    await acts.freeze(memberId, 'freeze', more);
    return acts.freeze(memberId, 'thaw', more);
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
    await sweepHolds();
  }
}

/** Merges the first into the second once nothing of theirs is under way, a day later. */
async function merge({ orders }: RandomWorld, seen: Set<string>, [memberId = '', into = '']: string[]): Promise<void> {
  for (const { orderId } of orders.filter((order) => order.memberId === memberId)) {
    for (const act of ['cancel', 'receive'] as const) await acts.deed(orderId, memberId, act);
  }
  await pass(1, seen);
  expect(await acts.merge(memberId, into)).toBe(true);
}

/** What the programme says in turn: what was earned by one version goes on under the next. */
function policyOf({ upTo, of }: Dice): Policy {
  const { earning } = initialPolicy;
  const shortage = of(['DEBT', 'DEBT', 'CLAMP', 'OFFSET_CASH'] as const);
  return { ...initialPolicy, shortage, earning: { ...earning, availableAfterDays: of([0, upTo(20)]) } };
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
  await openTills();
  const dice = chance(seed);
  const world: RandomWorld = {
    members: [],
    purchases: [],
    lined: [],
    orders: [],
    holds: [],
    adjustments: [],
    gifts: [],
    batches: 0,
  };
  await acts.decide(initialPolicy);
  for (let i = 0; i < people; i += 1) world.members.push(await buy(world, 30_000, { phone: somePhone() }));
  world.gifts.push(await gift({ pricePoints: 40, stock: 50 }), await gift({ pricePoints: 15, stock: 5 }));
  const seen = new Set<string>();
  for (let i = 0; i < steps; i += 1) {
    await DEEDS[dice.of(Object.keys(DEEDS))]?.(world, dice);
    clock(new Date(Date.now() + dice.upTo(3_600_000)).toISOString());
    if (i % 15 === 14) await pass(dice.upTo(30), seen);
    if (i === Math.floor(steps / 2)) await acts.decide(policyOf(dice));
    if (i === Math.floor((steps * 3) / 4)) await merge(world, seen, world.members);
  }
  await merge(world, seen, world.members.slice(1));
  await last();
  await sweepHolds();
  await drain(seen);
  return world;
}

/** What the auditor says of these items. */
export function judged(items: readonly Item[], at = Date.now()): Verdict {
  const read = items.map((item) => itemOf(toAttributes(item) as Record<string, Attribute>));
  return audit(read, { at, zone: ZONE });
}

/** What the auditor says of the table that stands. */
export async function verdict(at = Date.now()): Promise<Verdict> {
  const connection = { endpoint: inject('dynamodb') };
  const items = await scan({ name: process.env.TABLE_NAME ?? '', connection }, () => {});
  return audit(items, { at, zone: ZONE });
}
