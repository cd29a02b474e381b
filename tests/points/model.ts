import type { Shortage } from '../../shared/points/movements.ts';

/**
 * The plainest account there can be, written from DESIGN.md §3 and from nothing else: piles of points in a list, and a
 * life that is lived day by day. It shares no line with the ledger.
 */
export interface Plain {
  /** Lived through up to the start of this day. */
  day: string;
  recorded: number;
  effective: number;
  points: Pile[];
  waiting: { on: string; pile: Pile }[];
  held: Record<string, number>;
  /** Lapsed unspent, and not yet counted against a return. */
  gone: Pile[];
  debt: number;
  frozen: boolean;
  /** All that has ever lapsed. */
  lapsed: number;
  past: { at: number; view: string }[];
}

/** So many points that count to the end of one day (`…g`: given back by the shop after their own day). */
export type Pile = [lot: string, amount: number];

export type No = { no: string };

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2025, 0, 1);
const DAYS = Array.from({ length: 366 * 14 }, (_, i) => new Date(FIRST + i * DAY_MS).toISOString().slice(0, 10));
const PLACE = new Map(DAYS.map((day, i) => [day, i]));
const OFFSET_MS = 8 * 3_600_000;

export const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000+08:00`);
export const dayAt = (at: number): string => new Date(at + OFFSET_MS).toISOString().slice(0, 10);
export const later = (day: string, days: number): string => DAYS[(PLACE.get(day) ?? Number.NaN) + days] ?? '9999-12-31';

export const sumOf = (piles: readonly Pile[]): number => piles.reduce((total, [, amount]) => total + amount, 0);
export const earliestFirst = (piles: readonly Pile[]): Pile[] => piles.toSorted(([a], [b]) => (a < b ? -1 : 1));
export const asLots = (piles: readonly Pile[]): Record<string, number> => {
  const lots: Record<string, number> = {};
  for (const [lot, amount] of earliestFirst(piles)) if (amount > 0) lots[lot] = (lots[lot] ?? 0) + amount;
  return lots;
};
const isOver = (lot: string, day: string): boolean => lot.slice(0, 10) < day;

export function born(at: number): Plain {
  return {
    day: dayAt(at),
    recorded: 0,
    effective: 0,
    points: [],
    waiting: [],
    held: {},
    gone: [],
    debt: 0,
    frozen: false,
    lapsed: 0,
    past: [],
  };
}

export function viewOf({ points, waiting, held, gone, debt, frozen }: Plain) {
  const pending: Record<string, Record<string, number>> = {};
  for (const { on } of waiting) pending[on] = asLots(waiting.filter((one) => one.on === on).map(({ pile }) => pile));
  return { lots: asLots(points), pending, held, forfeits: asLots(gone), debt, frozen };
}

/** What is remembered of an instant: all but the forfeits, which a later look at it forgets. */
export function memoryOf(plain: Pick<ReturnType<typeof viewOf>, 'lots' | 'pending' | 'held' | 'debt'>): string {
  const { lots, pending, held, debt } = plain;
  return JSON.stringify([
    asLots(Object.entries(lots)),
    Object.entries(pending).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    held,
    debt,
  ]);
}

export function remember(plain: Plain, at: number): void {
  plain.past.push({ at, view: memoryOf(viewOf(plain)) });
}

/** Takes the first `amount` of these piles off the account. */
function draw(plain: Plain, piles: Pile[], amount: number): Pile[] {
  const taken: Pile[] = [];
  let left = amount;
  for (const [lot] of piles) {
    const pile = plain.points.find(([there]) => there === lot);
    const part = Math.min(left, pile?.[1] ?? 0);
    if (pile && part > 0) {
      pile[1] -= part;
      taken.push([lot, part]);
      left -= part;
    }
  }
  plain.points = plain.points.filter(([, there]) => there > 0);
  return taken;
}

function lay(piles: Pile[], [lot, amount]: Pile): void {
  const pile = piles.find(([there]) => there === lot);
  if (pile) pile[1] += amount;
  else if (amount > 0) piles.push([lot, amount]);
}

/** §3.10: whatever becomes available pays the debt first, the points that would lapse first before others. */
function arrive(plain: Plain, piles: readonly Pile[]): void {
  for (const [lot, amount] of earliestFirst(piles)) {
    const paid = Math.min(plain.debt, amount);
    plain.debt -= paid;
    lay(plain.points, [lot, amount - paid]);
  }
}

function vanish(plain: Plain, [lot, amount]: Pile): void {
  plain.lapsed += amount;
  if (!isOver(lot, later(plain.day, -400))) lay(plain.gone, [lot, amount]);
}

/** §3.4: at 00:00 what is over lapses, what is due becomes available. Whether anything happened. */
function midnight(plain: Plain): boolean {
  const over = plain.points.filter(([lot]) => isOver(lot, plain.day));
  plain.points = plain.points.filter(([lot]) => !isOver(lot, plain.day));
  for (const pile of over) vanish(plain, pile);
  const due = plain.waiting.filter(({ on }) => on === plain.day);
  plain.waiting = plain.waiting.filter(({ on }) => on !== plain.day);
  arrive(
    plain,
    due.map(({ pile }) => pile),
  );
  plain.gone = plain.gone.filter(([lot]) => !isOver(lot, later(plain.day, -400)));
  return over.length + due.length > 0;
}

/** Lives day by day up to the start of `until`; the last day on which anything happened. */
export function live(plain: Plain, until: string): string | undefined {
  let last: string | undefined;
  while (plain.day < until) {
    plain.day = later(plain.day, 1);
    if (!midnight(plain)) continue;
    last = plain.day;
    remember(plain, startOf(plain.day));
  }
  return last;
}

/** §3.2: what is written next counts at this instant. */
export function timesOf(plain: Plain, now: number, backfilledTo?: number): { recorded: number; effective: number } {
  const recorded = Math.max(now, plain.recorded);
  return { recorded, effective: Math.max(plain.effective, backfilledTo ?? recorded) };
}

export function earn(plain: Plain, amount: number, lastDay: string, on?: string): void {
  if (on === 'EVENT') plain.waiting.push({ on, pile: ['EVENT', amount] });
  else if (isOver(lastDay, plain.day)) vanish(plain, [lastDay, amount]);
  else if (on !== undefined && on > plain.day) plain.waiting.push({ on, pile: [lastDay, amount] });
  else arrive(plain, [[lastDay, amount]]);
}

/** Takes waiting points of one kind away. */
export function unwait(plain: Plain, on: string, lot: string, amount: number): void {
  let left = amount;
  for (const { pile } of plain.waiting.filter((one) => one.on === on && one.pile[0] === lot)) {
    const part = Math.min(left, pile[1]);
    pile[1] -= part;
    left -= part;
  }
  if (left > 0) throw new Error('The history takes what does not wait.');
  plain.waiting = plain.waiting.filter(({ pile }) => pile[1] > 0);
}

export function activate(plain: Plain, amount: number, lastDay: string): void {
  unwait(plain, 'EVENT', 'EVENT', amount);
  earn(plain, amount, lastDay);
}

/** §3.5: earliest last day first; frozen, in debt (a gift) or short: refused. */
export function take(plain: Plain, amount: number, isGift = false): Pile[] | No {
  if (plain.frozen) return { no: 'points.frozen' };
  if (isGift && plain.debt > 0) return { no: 'points.in_debt' };
  if (amount > sumOf(plain.points)) return { no: 'points.insufficient' };
  return draw(plain, earliestFirst(plain.points), amount);
}

/** The part of these piles that goes back first: latest last day first. */
export function latest(piles: readonly Pile[], amount: number): Pile[] {
  let left = amount;
  return earliestFirst(piles)
    .toReversed()
    .map(([lot, there]): Pile => {
      const part = Math.min(left, there);
      left -= part;
      return [lot, part];
    })
    .filter(([, part]) => part > 0);
}

/** §3.7, §3.8: back to where they came from; what is over pays debt first, then becomes a grace lot or is forfeited. */
export function giveBack(plain: Plain, piles: readonly Pile[], graceUntil?: string): void {
  const over = piles.filter(([lot]) => isOver(lot, plain.day));
  const alive = piles.filter(([lot]) => !isOver(lot, plain.day));
  if (graceUntil !== undefined) {
    arrive(plain, [...alive, ...over.map(([, amount]): Pile => [`${graceUntil}g`, amount])]);
    return;
  }
  for (const [lot, amount] of earliestFirst(over)) {
    const paid = Math.min(plain.debt, amount);
    plain.debt -= paid;
    vanish(plain, [lot, amount - paid]);
  }
  arrive(plain, alive);
}

/** What a purchase earned that may still be taken back. */
export interface Earned {
  lastDay: string;
  on: string | undefined;
  /** How much of it waits for an event. */
  waits: number;
}

/** §3.9: its pending, its lot, that lot's forfeits, other lots; then the shortage. */
export function clawBack(plain: Plain, { lastDay, on, waits }: Earned, amount: number, shortage: Shortage): void {
  const lot = on === 'EVENT' ? 'EVENT' : lastDay;
  const there = plain.waiting.filter((one) => one.on === on && one.pile[0] === lot).map(({ pile }) => pile);
  const pending = Math.min(amount, on === 'EVENT' ? waits : sumOf(there));
  if (on !== undefined && pending > 0) unwait(plain, on, lot, pending);
  let left = amount - pending;
  left -= sumOf(draw(plain, [[lastDay, 0]], left));
  const forfeit = plain.gone.find(([gone]) => gone === lastDay);
  const counted = Math.min(left, forfeit?.[1] ?? 0);
  if (forfeit) forfeit[1] -= counted;
  left -= counted;
  left -= sumOf(draw(plain, earliestFirst(plain.points), left));
  if (shortage === 'DEBT') plain.debt += left;
}

/** §3.13: these lots first; more than is available is refused, owed or lost. */
export function adjustDown(plain: Plain, amount: number, first: string[], shortage: 'REFUSE' | 'DEBT' | 'CLAMP') {
  if (shortage === 'REFUSE' && amount > sumOf(plain.points)) return { no: 'points.insufficient' };
  const own = draw(
    plain,
    first.map((lot): Pile => [lot, 0]),
    amount,
  );
  const others = draw(plain, earliestFirst(plain.points), amount - sumOf(own));
  if (shortage === 'DEBT') plain.debt += amount - sumOf(own) - sumOf(others);
  return [...own, ...others];
}

/** §3.12, §3.3: what comes from another account keeps its days; a 41st day is refused. */
export function comeIn(plain: Plain, piles: readonly Pile[]): No | undefined {
  const days = new Set([...plain.points, ...piles].map(([lot]) => lot)).size;
  if (days > 40 && days > plain.points.length) return { no: 'points.too_many_lots' };
  for (const pile of piles.filter(([lot]) => isOver(lot, plain.day))) vanish(plain, pile);
  arrive(
    plain,
    piles.filter(([lot]) => !isOver(lot, plain.day)),
  );
  return undefined;
}

/** §3.12: everything goes to the heir, debts too. */
export function merge(old: Plain, heir: Plain): No | undefined {
  if (Object.keys(old.held).length > 0) return { no: 'points.hold_open' };
  for (const pile of old.gone) lay(heir.gone, pile);
  heir.waiting.push(...old.waiting.filter(({ on }) => on > heir.day));
  heir.debt += old.debt;
  const due = old.waiting.filter(({ on }) => on <= heir.day).map(({ pile }) => pile);
  const all = [...heir.points, ...old.points, ...due];
  heir.points = [];
  for (const pile of all.filter(([lot]) => isOver(lot, heir.day))) vanish(heir, pile);
  arrive(
    heir,
    all.filter(([lot]) => !isOver(lot, heir.day)),
  );
  Object.assign(old, { gone: [], waiting: [], points: [], debt: 0 });
  return undefined;
}
