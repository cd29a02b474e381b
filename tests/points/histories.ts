import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { Refusal } from '../../shared/errors.ts';
import { available, type Draft, type Entry, type Lots, pendingOf, sum } from '../../shared/points/account.ts';
import { holds, link, load } from '../../shared/points/chain.ts';
import type { Movement, Shortage } from '../../shared/points/movements.ts';
import { next } from '../../shared/points/rules.ts';
import { settle } from '../../shared/points/settlement.ts';
import { linesOf, unwrittenLines } from '../../shared/points/statement.ts';
import { keys } from '../../shared/table/keys.ts';
import * as model from './model.ts';
import { ZONE } from './stories.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2026-11-20T00:00:00.000+08:00');

const amount = fc.integer({ min: 1, max: 300 });
const pick = fc.nat(20);
const share = fc.constantFrom(0.1, 0.34, 0.5, 0.9, 1, 1, 1);
const grace = fc.boolean();
const days = fc.integer({ min: -2, max: 60 });
const who = fc.constantFrom(0, 0, 0, 1, 2);
const shortage = fc.constantFrom<Shortage>('DEBT', 'DEBT', 'CLAMP', 'OFFSET_CASH');
function does<Name extends string, Fields extends object>(
  name: Name,
  fields: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> },
): fc.Arbitrary<{ does: Name } & Fields> {
  return fc.record(fields).map((given) => ({ does: name, ...(given as Fields) }));
}

const wait = fc.option(fc.oneof(fc.integer({ min: -1, max: 40 }), fc.constant('EVENT' as const)), {
  nil: undefined,
  freq: 2,
});

/** One thing that may happen; `who` is one of three accounts: two members' points, and the first one's coins. */
const step = fc.oneof(
  { weight: 4, arbitrary: does('wait', { hours: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 2, arbitrary: does('midnight', { away: fc.constantFrom(-1, 0, 0, 1) }) },
  { weight: 1, arbitrary: does('skew', { minutes: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 6, arbitrary: does('earn', { who, amount, days, wait }) },
  { weight: 1, arbitrary: does('backfill', { who, amount, days, hoursAgo: fc.integer({ min: 1, max: 2_000 }) }) },
  { weight: 2, arbitrary: does('activate', { pick, share, days }) },
  { weight: 4, arbitrary: does('spend', { who, amount }) },
  { weight: 3, arbitrary: does('refund', { pick, share, grace }) },
  { weight: 3, arbitrary: does('hold', { who, amount }) },
  { weight: 2, arbitrary: does('capture', { pick, share, grace }) },
  { weight: 2, arbitrary: does('release', { pick, grace }) },
  { weight: 4, arbitrary: does('clawback', { pick, share, shortage }) },
  { weight: 2, arbitrary: does('adjustUp', { who, amount, more: amount, days, moreDays: days, grace }) },
  {
    weight: 2,
    arbitrary: does('adjustDown', {
      who,
      amount,
      days,
      how: fc.constantFrom('REFUSE' as const, 'DEBT' as const, 'CLAMP' as const),
    }),
  },
  { weight: 2, arbitrary: does('transfer', { from: fc.constantFrom(0, 1), amount }) },
  { weight: 2, arbitrary: does('exchange', { amount, days }) },
  { weight: 1, arbitrary: does('merge', {}) },
  { weight: 1, arbitrary: does('freeze', { who, thaw: fc.boolean() }) },
  { weight: 2, arbitrary: does('expire', { who }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const history = fc.array(step, { maxLength: 40, size: 'max' });

interface Chain {
  place: string;
  plain: model.Plain;
  entries: Entry[];
  balance: number;
  pending: number;
  /** Debt that a merge brought, less what it took away. */
  debtMoved: number;
  heir?: number;
}

interface World {
  at: number;
  chains: Chain[];
  purchases: { who: number; left: number; earned: model.Earned }[];
  orders: { who: number; gave: Lots }[];
  holds: { who: number; seq: number; gave: Lots }[];
}

const headOf = ({ entries }: Chain) => entries.at(-1);

function frozenDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozenDeep(part);
  }
  return value;
}

const isNothing = (value: unknown) =>
  value === undefined ||
  value === 0 ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The value without what is 0 or empty, which is not stored. */
function essence(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([key, part]): [string, unknown] => [key, essence(part)]);
  return Object.fromEntries(kept.filter(([, part]) => !isNothing(part)));
}

/** What holds of every single entry, whatever it is. */
function check(chain: Chain, before: Entry | undefined, draft: Draft): void {
  const item = link(before, draft, keys.entry('POINTS', chain.place, (before?.seq ?? 0) + 1));
  expect(holds(before, item)).toBe(true);
  const entry = frozenDeep(load(item));
  const { currency: _, memberId: __, seq: ___, recent: ____, hash: _____, ...loaded } = entry;
  if (!isDeepStrictEqual(essence(loaded), essence(draft))) expect(essence(loaded)).toEqual(essence(draft));
  expect(entry.recordedAt).toBeGreaterThanOrEqual(before?.recordedAt ?? 0);
  expect(entry.effectiveAt).toBeGreaterThanOrEqual(before?.effectiveAt ?? 0);
  for (const line of linesOf(entry, ZONE)) {
    chain.balance += line.amount;
    chain.pending += line.pending;
    if (line.balanceAfter !== chain.balance || chain.balance < 0 || chain.pending < 0) {
      expect({ ...line, pendingAfter: chain.pending }).toEqual({
        ...line,
        balanceAfter: Math.max(0, chain.balance),
        pendingAfter: Math.max(0, chain.pending),
      });
    }
  }
  const { lots, held, forfeits, debt, totals } = entry.after;
  expect([chain.balance, chain.pending]).toEqual([available(entry.after), pendingOf(entry.after)]);
  const numbers = [lots, held, forfeits, totals, ...Object.values(entry.after.pending)].flatMap((all) =>
    Object.values(all),
  );
  expect([...numbers, debt].every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
  expect(available(entry.after) > 0 && debt > 0, 'available above 0 implies no debt').toBe(false);
  const { EARN = 0, REFUND = 0, ADJUST_UP = 0, TRANSFER_IN = 0, EXCHANGE_IN = 0, MERGE_IN = 0, ...out } = totals;
  const {
    SPEND = 0,
    CAPTURE = 0,
    CLAWBACK = 0,
    ADJUST_DOWN = 0,
    TRANSFER_OUT = 0,
    EXCHANGE_OUT = 0,
    MERGE_OUT = 0,
    EXPIRE = 0,
  } = out;
  const came = EARN + REFUND + ADJUST_UP + TRANSFER_IN + EXCHANGE_IN + MERGE_IN;
  const went = SPEND + CAPTURE + CLAWBACK + ADJUST_DOWN + TRANSFER_OUT + EXCHANGE_OUT + MERGE_OUT + EXPIRE;
  const { debt: brought = 0 } = entry.parts;
  chain.debtMoved += entry.kind === 'MERGE_IN' ? brought : entry.kind === 'MERGE_OUT' ? -brought : 0;
  expect(came - went, 'lifetime sums explain the account').toBe(
    chain.balance + chain.pending + sum(held) - debt + chain.debtMoved,
  );
  chain.entries.push(entry);
}

/** What the ledger decides on one chain; nothing is written yet, and what it was given is untouched. */
function decide(world: World, chain: Chain, movement: Movement): Draft | Refusal {
  return next(headOf(chain), frozenDeep(movement), { now: world.at, zone: ZONE });
}

/** Brings the plain account to the time at which its next movement counts. */
function arriveAt(world: World, { plain }: Chain, backfilledTo?: number): void {
  Object.assign(plain, model.timesOf(plain, world.at, backfilledTo));
  model.live(plain, model.dayAt(plain.effective));
}

/**
 * Lets the ledger and the plain account do the same, each in its own way: both do it, or both refuse it for the same
 * reason and are as they were.
 */
function both(
  world: World,
  chain: Chain,
  movement: Movement,
  plainly: (plain: model.Plain) => unknown,
): Draft | undefined {
  const draft = decide(world, chain, movement);
  const was = structuredClone(chain.plain);
  const backfilledTo = 'backfill' in movement && movement.backfill ? movement.occurredAt : undefined;
  arriveAt(world, chain, backfilledTo);
  const no = (plainly(chain.plain) as model.No | undefined)?.no;
  expect(draft instanceof Refusal ? draft.code : undefined, `${movement.kind} is refused or not`).toBe(no);
  if (draft instanceof Refusal) {
    chain.plain = was;
    return undefined;
  }
  const { recorded, effective } = chain.plain;
  expect([draft.recordedAt, draft.effectiveAt]).toEqual([recorded, effective]);
  check(chain, headOf(chain), draft);
  model.remember(chain.plain, effective);
  return draft;
}

/** The account that it is now: its own, or its heir's. */
function living(world: World, index: number): Chain {
  const chain = world.chains[index] as Chain;
  return chain.heir === undefined ? chain : living(world, chain.heir);
}

const graceOf = (chain: Chain, world: World, wanted: boolean) => {
  const today = model.dayAt(model.timesOf(chain.plain, world.at).effective);
  return wanted ? { graceUntil: model.later(today, 30) } : {};
};
const chosen = <T>(from: readonly T[], place: number): T | undefined => from[place % Math.max(1, from.length)];
const partOf = (whole: number, share: number) => Math.max(1, Math.floor(whole * share));
const piles = (lots: Lots): model.Pile[] => Object.entries(lots);
const less = (gave: Lots, back: readonly model.Pile[]): Lots =>
  model.asLots(piles(gave).map(([lot, there]) => [lot, there - model.sumOf(back.filter(([one]) => one === lot))]));

function lastDayIn(world: World, chain: Chain, count: number): string {
  return model.later(model.dayAt(model.timesOf(chain.plain, world.at).effective), count);
}

const steps: { [Name in Step['does']]: (world: World, step: Extract<Step, { does: Name }>) => void } = {
  wait(world, { hours }) {
    world.at += hours * HOUR_MS;
  },
  midnight(world, { away }) {
    world.at = model.startOf(model.later(model.dayAt(world.at), 1)) + away;
  },
  skew(world, { minutes }) {
    world.at = Math.max(BEGIN, world.at - minutes * 60_000);
  },
  earn(world, { who, amount, days, wait }) {
    const chain = living(world, who);
    const today = lastDayIn(world, chain, 0);
    const on = typeof wait === 'number' ? model.later(today, wait) : wait;
    // §3.11: the last day counts from the day on which the points become available.
    const lastDay = model.later(
      typeof wait === 'number' && wait > 0 ? (on as string) : today,
      Math.max(days, typeof wait === 'number' ? 0 : -2),
    );
    const availableOn = on === undefined ? {} : { availableOn: on };
    const movement = {
      kind: 'EARN',
      amount,
      lastDay,
      rule: 'BASE@1',
      reference: 'purchase:x',
      ...availableOn,
    } as const;
    if (both(world, chain, movement, (plain) => model.earn(plain, amount, lastDay, on))) {
      world.purchases.push({ who, left: amount, earned: { lastDay, on, waits: on === 'EVENT' ? amount : 0 } });
    }
  },
  backfill(world, { who, amount, days, hoursAgo }) {
    const chain = living(world, who);
    const occurredAt = world.at - hoursAgo * HOUR_MS;
    if (occurredAt < BEGIN) return;
    const lastDay = model.later(model.dayAt(occurredAt), days);
    const movement = {
      kind: 'EARN',
      amount,
      lastDay,
      rule: 'BASE@1',
      reference: 'purchase:x',
      occurredAt,
      backfill: true,
    } as const;
    both(world, chain, movement, (plain) => model.earn(plain, amount, lastDay));
    world.purchases.push({ who, left: amount, earned: { lastDay, on: undefined, waits: 0 } });
  },
  activate(world, { pick, share, days }) {
    const purchase = chosen(
      world.purchases.filter(({ earned }) => earned.waits > 0),
      pick,
    );
    if (!purchase) return;
    const chain = living(world, purchase.who);
    // One purchase has one lot.
    const already = purchase.earned.waits < purchase.left ? purchase.earned.lastDay : undefined;
    const lastDay = already ?? lastDayIn(world, chain, days);
    const part = partOf(purchase.earned.waits, share);
    const movement = { kind: 'ACTIVATE', amount: part, lastDay, reference: 'activation:x' } as const;
    both(world, chain, movement, (plain) => model.activate(plain, part, lastDay));
    purchase.earned = { lastDay, on: 'EVENT', waits: purchase.earned.waits - part };
  },
  spend(world, { who, amount }) {
    const draft = both(world, living(world, who), { kind: 'SPEND', amount, reference: 'order:x' }, (plain) =>
      model.take(plain, amount),
    );
    if (draft) world.orders.push({ who, gave: draft.draws });
  },
  refund(world, { pick, share, grace }) {
    const order = chosen(
      world.orders.filter(({ gave }) => sum(gave) > 0),
      pick,
    );
    if (!order) return;
    const chain = living(world, order.who);
    const part = partOf(sum(order.gave), share);
    const until = graceOf(chain, world, grace);
    const back = model.latest(piles(order.gave), part);
    const movement = { kind: 'REFUND', amount: part, from: order.gave, reference: 'cancel:x', ...until } as const;
    both(world, chain, movement, (plain) => model.giveBack(plain, back, until.graceUntil));
    order.gave = less(order.gave, back);
  },
  hold(world, { who, amount }) {
    const chain = living(world, who);
    const seq = (headOf(chain)?.seq ?? 0) + 1;
    const draft = both(world, chain, { kind: 'HOLD', amount, reference: 'hold:x' }, (plain) => {
      const taken = model.take(plain, amount);
      if (!('no' in taken)) plain.held = { ...plain.held, [String(seq)]: amount };
      return taken;
    });
    if (draft) world.holds.push({ who, seq, gave: draft.draws });
  },
  capture(world, { pick, share, grace }) {
    const hold = chosen(world.holds, pick);
    if (!hold) return;
    const chain = living(world, hold.who);
    const part = partOf(sum(hold.gave), share);
    const until = graceOf(chain, world, grace);
    const rest = model.latest(piles(hold.gave), sum(hold.gave) - part);
    const movement = {
      kind: 'CAPTURE',
      amount: part,
      hold: hold.seq,
      from: hold.gave,
      reference: 'capture:x',
      ...until,
    } as const;
    both(world, chain, movement, (plain) => {
      delete plain.held[String(hold.seq)];
      model.giveBack(plain, rest, until.graceUntil);
    });
    world.holds = world.holds.filter((one) => one !== hold);
    world.orders.push({ who: hold.who, gave: less(hold.gave, rest) });
  },
  release(world, { pick, grace }) {
    const hold = chosen(world.holds, pick);
    if (!hold) return;
    const chain = living(world, hold.who);
    const until = graceOf(chain, world, grace);
    const movement = {
      kind: 'RELEASE',
      amount: sum(hold.gave),
      hold: hold.seq,
      from: hold.gave,
      reference: 'release:x',
      ...until,
    } as const;
    both(world, chain, movement, (plain) => {
      delete plain.held[String(hold.seq)];
      model.giveBack(plain, piles(hold.gave), until.graceUntil);
    });
    world.holds = world.holds.filter((one) => one !== hold);
  },
  clawback(world, { pick, share, shortage }) {
    const purchase = chosen(
      world.purchases.filter(({ left }) => left > 0),
      pick,
    );
    if (!purchase) return;
    const chain = living(world, purchase.who);
    const { lastDay, on, waits } = purchase.earned;
    const part = partOf(purchase.left, share);
    const availableOn = on === undefined ? {} : { availableOn: on, ...(on === 'EVENT' && { waiting: waits }) };
    const movement = {
      kind: 'CLAWBACK',
      amount: part,
      lastDay,
      shortage,
      reference: 'return:x',
      ...availableOn,
    } as const;
    both(world, chain, movement, (plain) => model.clawBack(plain, purchase.earned, part, shortage));
    purchase.left -= part;
    purchase.earned = { ...purchase.earned, waits: Math.max(0, waits - part) };
  },
  adjustUp(world, { who, amount, more, days, moreDays, grace }) {
    const chain = living(world, who);
    const lots = model.asLots([
      [lastDayIn(world, chain, days), amount],
      [lastDayIn(world, chain, moreDays), more],
    ]);
    const until = graceOf(chain, world, grace);
    const movement = { kind: 'ADJUST_UP', amount: amount + more, lots, reference: 'adjustment:x', ...until } as const;
    both(world, chain, movement, (plain) => model.giveBack(plain, piles(lots), until.graceUntil));
  },
  adjustDown(world, { who, amount, days, how }) {
    const chain = living(world, who);
    const first = lastDayIn(world, chain, days);
    const movement = {
      kind: 'ADJUST_DOWN',
      amount,
      first: { [first]: amount },
      shortage: how,
      reference: 'adjustment:x',
    } as const;
    both(world, chain, movement, (plain) => model.adjustDown(plain, amount, [first], how));
  },
  transfer(world, { from, amount }) {
    const [giver, taker] = [living(world, from), living(world, 1 - from)];
    if (giver === taker) return;
    pair(
      world,
      [giver, { kind: 'TRANSFER_OUT', amount, party: taker.place, reference: 'transfer:x' }],
      taker,
      true,
      (draws) => ({
        kind: 'TRANSFER_IN',
        amount,
        party: giver.place,
        lots: draws,
        reference: 'transfer:x',
      }),
    );
  },
  exchange(world, { amount, days }) {
    const [points, coins] = [living(world, 0), living(world, 2)];
    const policy = lastDayIn(world, coins, days);
    pair(
      world,
      [points, { kind: 'EXCHANGE_OUT', amount, party: 'COINS', reference: 'exchange:x' }],
      coins,
      false,
      (draws) => ({
        kind: 'EXCHANGE_IN',
        amount,
        party: 'POINTS',
        lots: model.asLots(piles(draws).map(([lot, part]) => [lot.slice(0, 10) < policy ? lot : policy, part])),
        reference: 'exchange:x',
      }),
    );
  },
  merge(world) {
    const [heir, old] = [living(world, 0), living(world, 1)];
    if (heir === old) return;
    const out = decide(world, old, { kind: 'MERGE_OUT', party: heir.place, reference: 'merge:x' });
    if (out instanceof Refusal) {
      expect([out.code, Object.keys(old.plain.held).length > 0]).toEqual(['points.hold_open', true]);
      return;
    }
    const { pending = {}, forfeits = {}, debt = 0 } = out.parts;
    arriveAt(world, old);
    both(
      world,
      heir,
      { kind: 'MERGE_IN', party: old.place, reference: 'merge:x', from: { lots: out.draws, pending, forfeits, debt } },
      (plain) => model.merge(old.plain, plain),
    );
    check(old, headOf(old), out);
    model.remember(old.plain, old.plain.effective);
    old.heir = 0;
  },
  freeze(world, { who, thaw }) {
    both(world, living(world, who), { kind: thaw ? 'THAW' : 'FREEZE', reference: 'freeze:x' }, (plain) => {
      if (plain.frozen !== thaw) return { no: thaw ? 'points.not_frozen' : 'points.frozen' };
      plain.frozen = !thaw;
      return undefined;
    });
  },
  expire(world, { who }) {
    const chain = living(world, who);
    const draft = decide(world, chain, { kind: 'EXPIRE', reference: 'lapse:x' });
    const ahead = structuredClone(chain.plain);
    const last = model.live(ahead, model.dayAt(Math.max(ahead.effective, world.at, ahead.recorded)));
    const lapsed = ahead.lapsed - chain.plain.lapsed;
    expect(draft).toMatchObject({ amount: lapsed });
    if (draft instanceof Refusal || lapsed === 0 || last === undefined) return;
    chain.plain.recorded = Math.max(world.at, chain.plain.recorded);
    chain.plain.effective = Math.max(chain.plain.effective, model.startOf(last));
    model.live(chain.plain, last);
    check(chain, headOf(chain), draft);
    model.remember(chain.plain, chain.plain.effective);
  },
};

/** Points that leave one account for another, in one transaction: both sides, or neither. */
function pair(
  world: World,
  [giver, out]: [Chain, Movement & { amount: number }],
  taker: Chain,
  isGift: boolean,
  inward: (draws: Lots) => Movement & { lots: Lots },
): void {
  const draft = decide(world, giver, out);
  const [giverWas, takerWas] = [structuredClone(giver.plain), structuredClone(taker.plain)];
  arriveAt(world, giver);
  const taken = model.take(giver.plain, out.amount, isGift);
  expect(draft instanceof Refusal ? draft.code : undefined).toBe('no' in taken ? taken.no : undefined);
  if (draft instanceof Refusal || 'no' in taken) {
    giver.plain = giverWas;
    return;
  }
  expect(draft.draws).toEqual(model.asLots(taken));
  const movement = inward(draft.draws);
  if (!both(world, taker, movement, (plain) => model.comeIn(plain, piles(movement.lots)))) {
    giver.plain = giverWas;
    taker.plain = takerWas;
    return;
  }
  check(giver, headOf(giver), draft);
  model.remember(giver.plain, giver.plain.effective);
}

/** Whether the ledger says of every account what the plain one says, at this moment. */
function compare(world: World): void {
  for (const chain of world.chains) {
    const head = headOf(chain);
    if (!head) continue;
    const at = Math.max(world.at, head.effectiveAt);
    const { account, settled } = settle(head.after, model.dayAt(at));
    const plain = structuredClone(chain.plain);
    model.live(plain, model.dayAt(at));
    const { totals, frozen = false, ...rest } = account;
    const seen = { ...rest, frozen };
    if (!isDeepStrictEqual(seen, model.viewOf(plain))) expect(seen).toEqual(model.viewOf(plain));
    expect(totals.EXPIRE ?? 0, 'nothing lapses early, late or twice').toBe(plain.lapsed);
    const unwritten = unwrittenLines(head, settled, ZONE);
    expect(unwritten.reduce((balance, line) => balance + line.amount, chain.balance)).toBe(available(account));
  }
}

/** §3.2: as of an instant: the last entry that counts by then, settled to it. The plain account remembers its own past. */
function comparePast({ entries, plain: present }: Chain): void {
  const plain = structuredClone(present);
  model.live(plain, model.later(plain.day, 3));
  const instants = plain.past.flatMap(({ at }) => [at - 1, at, at + 12 * HOUR_MS]);
  for (const at of instants) {
    const entry = entries.findLast(({ effectiveAt }) => effectiveAt <= at);
    const then = plain.past.findLast((one) => one.at <= at);
    if (!entry || !then) continue;
    const { account } = settle(entry.after, model.dayAt(at));
    expect(model.memoryOf(account)).toBe(then.view);
  }
}

/** Lets a history happen to the ledger and to the plain accounts, and holds one against the other at every step. */
export function follow(history: readonly Step[]): World {
  const chain = (place: string): Chain => ({
    place,
    plain: model.born(BEGIN),
    entries: [],
    balance: 0,
    pending: 0,
    debtMoved: 0,
  });
  const world: World = {
    at: BEGIN,
    chains: ['mem_1', 'mem_2', 'mem_1'].map(chain),
    purchases: [],
    orders: [],
    holds: [],
  };
  for (const one of history) {
    (steps[one.does] as (world: World, step: Step) => void)(world, one);
    compare(world);
  }
  for (const one of world.chains) comparePast(one);
  return world;
}

const endOf = ({ chains, at }: World) =>
  chains.map((chain) => {
    const head = headOf(chain);
    const account = head && settle(head.after, model.dayAt(Math.max(at, head.effectiveAt))).account;
    if (!account) return undefined;
    const { lots, pending, held, debt, frozen, totals } = account;
    // A hold is named by its place in the chain, which differs.
    return { lots, pending, held: Object.values(held), debt, frozen, totals };
  });

/** What holds of any history; `npm test` and the soak run the same with other numbers. */
export const properties: Record<string, fc.IPropertyWithHooks<[Step[]]>> = {
  'comes out as the plainest accounts say, at every step, at every line and at every past instant': fc.property(
    history,
    (steps) => void follow(steps),
  ),
  'ends in the same accounts whether lapses were written down on the way or not': fc.property(
    // Without history and with a clock that runs forwards: a line that is written down pins the time of the next.
    history.map((steps) => steps.filter((one) => one.does !== 'backfill' && one.does !== 'skew')),
    (steps) => {
      const plainly = steps.filter((one) => one.does !== 'expire');
      expect(endOf(follow(plainly))).toEqual(endOf(follow(steps)));
    },
  ),
  'has every lot again when an order is given back before anything else moved': fc.property(
    history,
    fc.integer({ min: 1, max: 300 }),
    (steps, points) => {
      const world = follow(steps);
      const chain = living(world, 0);
      const whole = settle(
        headOf(chain)?.after ?? { lots: {}, pending: {}, held: {}, forfeits: {}, debt: 0, totals: {} },
        lastDayIn(world, chain, 0),
      ).account;
      const spent = decide(world, chain, { kind: 'SPEND', amount: points, reference: 'order:last' });
      if (spent instanceof Refusal) return;
      const back = next(
        spent,
        { kind: 'REFUND', amount: points, from: spent.draws, reference: 'cancel:last' },
        { now: world.at, zone: ZONE },
      );
      expect((back as Draft).after.lots).toEqual(whole.lots);
    },
  ) as never,
};
