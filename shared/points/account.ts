import type { Day } from '../platform/calendar-day.ts';

/** Points of one currency with the same last valid day; `…g` marks a grace lot, which a late refund made. */
export type Lot = string;

/** How much lies in each lot. No lot is kept with nothing in it. */
export type Lots = Record<Lot, number>;

/** What moves points. Amounts are positive: the kind says the direction. */
export type Kind = 'EARN' | 'SPEND' | 'REFUND' | 'EXPIRE';

/** What a statement line can be: a movement, or what time did by itself. */
export type LineKind = Kind | 'ACTIVATE' | 'DEBT_PAID';

/** An account as it stands after an entry. Available is the sum of `lots`; above 0 it implies that there is no debt. */
export interface Account {
  lots: Lots;
  /** By the day on which it becomes available, or `EVENT`: it waits there with its last day. */
  pending: Record<Day | 'EVENT', Lots>;
  /** By the sequence number of the HOLD. */
  held: Record<string, number>;
  /** Lapsed unspent, and not yet counted against a return; kept while returns are taken. */
  forfeits: Lots;
  debt: number;
  /** Lifetime sums by kind of line. */
  totals: Partial<Record<LineKind, number>>;
}

/** What time had done since the entry before, each at 00:00 of its day. */
export interface Settled {
  lapsed: Lots;
  activated: Record<Day, Lots>;
  debtPaid: Record<Day, number>;
}

/** What became of a movement's points beside the lots it touched. */
export interface Parts {
  /** Went to the debt before anything became available. */
  debtPaid?: number;
  /** Came after the last day of these lots: granted or returned, and gone at once. */
  lapsed?: Lots;
}

/** An entry before it is chained: what `next` decides. */
export interface Draft {
  kind: Kind;
  amount: number;
  reference: string;
  /** The caller's time, from which rule and last day were computed; epoch milliseconds, like the other two. */
  occurredAt: number;
  /** When it was written down: never before the entry before it. */
  recordedAt: number;
  /** When it counts: settlement and as-of go by it. Never before the entry before it. */
  effectiveAt: number;
  /** Rule and version that gave it, as `BASE@3`. */
  rule?: string;
  draws: Lots;
  parts: Parts;
  settled: Settled;
  after: Account;
}

/** One link of a member's chain in one currency; the last one is the account. */
export interface Entry extends Draft {
  currency: string;
  memberId: string;
  seq: number;
  /** The digests (6 bytes each) of the 32 references before this one, newest first. */
  recent: Uint8Array;
  hash: Uint8Array;
}

/** An account on which nothing has moved yet. */
export function emptyAccount(): Account {
  return { lots: {}, pending: {}, held: {}, forfeits: {}, debt: 0, totals: {} };
}

export function lastDayOf(lot: Lot): Day {
  return lot.slice(0, 10);
}

export function graceLot(lastDay: Day): Lot {
  return `${lastDay}g`;
}

export function isGrace(lot: Lot): boolean {
  return lot.endsWith('g');
}

/** The lots of an account in the order in which they are spent: earliest last day first. */
export function inOrder(lots: Lots): [Lot, number][] {
  return Object.entries(lots).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function sum(amounts: Record<string, number>): number {
  return Object.values(amounts).reduce((total, amount) => total + amount, 0);
}

export function available(account: Account): number {
  return sum(account.lots);
}

/** The lots with `amount` more (or, negative, less) in one of them; an emptied lot is not kept. */
export function moved(lots: Lots, lot: Lot, amount: number): Lots {
  const { [lot]: before = 0, ...others } = lots;
  return before + amount === 0 ? others : { ...others, [lot]: before + amount };
}

/** The totals with `amount` more of this kind of line. */
export function counted(totals: Account['totals'], kind: LineKind, amount: number): Account['totals'] {
  return amount === 0 ? totals : { ...totals, [kind]: (totals[kind] ?? 0) + amount };
}
