import fc from 'fast-check';
import { expect } from 'vitest';
import { ordersContract } from '../../shared/orders/contract.ts';
import { addDays, dayOf, startOfDay } from '../../shared/platform/calendar-day.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { ownerOf, POINTS, writeDownLapse } from '../../shared/points/points.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { clock, ZONE } from '../support/mall.ts';
import { gift, memberWith } from '../support/people.ts';
import { asImporter, type Bought, buy, giveBack } from '../support/purchases.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2026-11-20T04:00:00.000Z');

const pick = fc.nat(9);
const who = fc.constantFrom(0, 0, 1);
const points = fc.integer({ min: 1, max: 200 });

function does<Name extends string, Fields extends object>(
  name: Name,
  fields: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> },
): fc.Arbitrary<{ does: Name } & Fields> {
  return fc.record(fields).map((given) => ({ does: name, ...(given as Fields) }));
}

/** One thing that may happen to two members, all of it through the routes. */
const step = fc.oneof(
  { weight: 3, arbitrary: does('wait', { hours: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 2, arbitrary: does('midnight', { away: fc.constantFrom(-1, 0) }) },
  { weight: 4, arbitrary: does('buy', { who, points }) },
  { weight: 3, arbitrary: does('backfill', { who, points, hoursAgo: fc.integer({ min: 1, max: 1_500 }) }) },
  { weight: 2, arbitrary: does('return', { pick }) },
  { weight: 3, arbitrary: does('redeem', { who }) },
  { weight: 1, arbitrary: does('cancel', { pick }) },
  { weight: 2, arbitrary: does('hold', { who, points }) },
  { weight: 1, arbitrary: does('capture', { pick }) },
  { weight: 1, arbitrary: does('release', { pick }) },
  { weight: 2, arbitrary: does('give', { who, points }) },
  { weight: 1, arbitrary: does('exchange', { who, points }) },
  { weight: 2, arbitrary: does('adjust', { who, points, direction: fc.constantFrom('UP', 'DOWN') }) },
  { weight: 1, arbitrary: does('freeze', { who, act: fc.constantFrom('freeze', 'thaw') }) },
  { weight: 1, arbitrary: does('writeDown', { who }) },
  { weight: 1, arbitrary: does('merge', {}) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const life = fc.array(step, { minLength: 8, maxLength: 16, size: 'max' });

interface Lot {
  lastDay: string;
  amount: number;
  grace: boolean;
}

/** An account as a member sees it. */
export interface View {
  asOf: string;
  available: number;
  debt: number;
  lots: Lot[];
  nextLapse: object | null;
  lifetime: Record<string, number>;
}

/** What somebody saw at an instant; `owner` is on whose chain it lay. */
export interface Seen {
  memberId: string;
  currency: string;
  owner: string;
  at: number;
  view: View;
}

interface World {
  at: number;
  members: string[];
  giftId: string;
  bought: string[];
  orders: string[];
  holds: string[];
  seen: Seen[];
}

const shop = asTill('holds:write');
const staff = asStaff('points.adjust', 'points.adjust_beyond', 'points.freeze', 'members.merge', 'orders.cancel');

/** What `GET /v1/me/points` says, now or as of an instant. */
export async function viewOf(memberId: string, currency: string, at?: number): Promise<View> {
  const query = { currency, ...(at !== undefined && { at: new Date(at).toISOString() }) };
  const { status, body } = await call(pointsContract, 'account', { as: asMember(memberId), query });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as View;
}

const idOf = (world: World, index: number) => world.members[index] as string;
const chosen = (from: readonly string[], place: number) => from[place % Math.max(1, from.length)] ?? 'none';
const clockTo = (at: number) => clock(new Date(at).toISOString());

/** What an earlier view is once history was reported that counts from before it. */
function amended(view: View, { points: more, lastDay, at }: { points: number; lastDay: string; at: number }): View {
  const lifetime: View['lifetime'] = { ...view.lifetime, earned: (view.lifetime['earned'] ?? 0) + more };
  if (dayOf(at, ZONE) > lastDay)
    return { ...view, lifetime: { ...lifetime, lapsed: (lifetime['lapsed'] ?? 0) + more } };
  const same = (lot: Lot) => lot.lastDay === lastDay && !lot.grace;
  const there = view.lots.find(same)?.amount ?? 0;
  const lots = [...view.lots.filter((lot) => !same(lot)), { lastDay, amount: there + more, grace: false }].toSorted(
    (one, other) => one.lastDay.localeCompare(other.lastDay) || Number(one.grace) - Number(other.grace),
  );
  const first = lots[0]?.lastDay as string;
  const amount = lots.filter((lot) => lot.lastDay === first).reduce((sum, lot) => sum + lot.amount, 0);
  const lapsesAt = new Date(startOfDay(addDays(first, 1), ZONE)).toISOString();
  const nextLapse = { amount, lastDay: first, lapsesAt };
  return { ...view, available: view.available + more, lots, nextLapse, lifetime };
}

/** History counts from its own time: whoever looks back sees it there. What it does to a debt is not followed. */
function lookBack(world: World, owner: string, bought: Bought & { effectiveAt?: string; lastDay?: string }): void {
  const from = Date.parse(bought.effectiveAt as string);
  const touched = (one: Seen) => one.owner === owner && one.currency === POINTS && one.at >= from;
  world.seen = world.seen
    .filter((one) => !(touched(one) && one.view.debt > 0))
    .map((one) => {
      if (!touched(one)) return one;
      return {
        ...one,
        view: amended(one.view, { points: bought.points, lastDay: bought.lastDay as string, at: one.at }),
      };
    });
}

const steps: { [Name in Step['does']]: (world: World, step: Extract<Step, { does: Name }>) => Promise<unknown> } = {
  async wait(world, { hours }) {
    clockTo((world.at += hours * HOUR_MS));
  },
  async midnight(world, { away }) {
    clockTo((world.at = startOfDay(addDays(dayOf(world.at, ZONE), 1), ZONE) + away));
  },
  async buy(world, { who: index, points: worth }) {
    const { number } = await buy({ amountFen: worth * 100, member: { memberId: idOf(world, index) } });
    world.bought.push(number);
  },
  async backfill(world, { who: index, points: worth, hoursAgo }) {
    const memberId = idOf(world, index);
    const occurredAt = new Date(world.at - hoursAgo * HOUR_MS).toISOString();
    const bought = await buy({ amountFen: worth * 100, member: { memberId }, occurredAt }, asImporter);
    const { memberId: owner } = await ownerOf({ memberId, currency: POINTS });
    lookBack(world, owner, bought);
    world.bought.push(bought.number);
  },
  return: (world, { pick: place }) => giveBack(chosen(world.bought, place), { amountFen: 100 }),
  async redeem(world, { who: index }) {
    const as = asMember(idOf(world, index));
    const { status, body } = await call(ordersContract, 'place', { as, body: { productId: world.giftId } });
    if (status === 201) world.orders.push(body.orderId as string);
  },
  cancel: (world, { pick: place }) =>
    call(ordersContract, 'cancel', { as: staff, params: { orderId: chosen(world.orders, place) } }),
  async hold(world, { who: index, points: amount }) {
    const body = { member: { memberId: idOf(world, index) }, points: amount, minutes: 1_440 };
    const made = await call(holdsContract, 'make', { as: shop, body });
    if (made.status === 201) world.holds.push(made.body.holdId as string);
  },
  capture: (world, { pick: place }) =>
    call(holdsContract, 'capture', { as: shop, params: { holdId: chosen(world.holds, place) }, body: { points: 1 } }),
  release: (world, { pick: place }) =>
    call(holdsContract, 'release', { as: shop, params: { holdId: chosen(world.holds, place) } }),
  give: (world, { who: index, points: amount }) => {
    const body = { to: { memberId: idOf(world, 1 - index) }, points: amount };
    return call(pointsContract, 'give', { as: asMember(idOf(world, index)), body });
  },
  exchange: (world, { who: index, points: amount }) => {
    const body = { from: POINTS, to: 'COINS', points: amount };
    return call(pointsContract, 'exchange', { as: asMember(idOf(world, index)), body });
  },
  adjust: (world, { who: index, points: amount, direction }) => {
    const shortage = direction === 'DOWN' ? { shortage: 'DEBT' } : {};
    const body = { memberId: idOf(world, index), direction, points: amount, reason: 'x', ...shortage };
    return call(pointsStaffContract, 'adjust', { as: staff, body });
  },
  freeze: (world, { who: index, act }) =>
    call(pointsStaffContract, act as 'freeze', {
      as: staff,
      params: { memberId: idOf(world, index) },
      body: { reason: 'x' },
    }),
  async writeDown(world, { who: index }) {
    const account = await ownerOf({ memberId: idOf(world, index), currency: POINTS });
    await writeDownLapse(account, addDays(dayOf(world.at, ZONE), -1));
  },
  merge: (world) => {
    const params = { memberId: idOf(world, 1) };
    return call(ordersContract, 'merge', { as: staff, params, body: { into: idOf(world, 0), reason: 'One person' } });
  },
};

async function look(world: World): Promise<void> {
  for (const memberId of world.members) {
    for (const currency of [POINTS, 'COINS']) {
      const { memberId: owner } = await ownerOf({ memberId, currency });
      world.seen.push({ memberId, currency, owner, at: world.at, view: await viewOf(memberId, currency) });
    }
  }
}

/** Lets it all happen, a minute apart, and answers all that the two saw after each step. */
export async function live(happening: readonly Step[]): Promise<{ seen: Seen[]; members: string[] }> {
  clockTo(BEGIN);
  const members = [await memberWith(300), await memberWith(120)];
  const giftId = await gift({ pricePoints: 70, stock: 100 });
  const world: World = { at: BEGIN, members, giftId, bought: [], orders: [], holds: [], seen: [] };
  await look(world);
  for (const one of happening) {
    clockTo((world.at += 60_000));
    await steps[one.does](world, one as never);
    await look(world);
  }
  return { seen: world.seen, members };
}
