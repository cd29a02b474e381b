import type { Day } from '../platform/calendar-day.ts';

/** The currency in which purchases earn and gifts are priced. */
export const POINTS = 'POINTS';

/** Points of one currency with the same last valid day; `…g` marks a grace lot, which a late refund made. */
export type Lot = string;

/** How much lies in each lot. No lot is kept with nothing in it. */
export type Lots = Record<Lot, number>;

/** What moves points. Amounts are positive: the kind says the direction. FREEZE and THAW move none. */
export type Kind =
  | 'EARN'
  | 'ACTIVATE'
  | 'SPEND'
  | 'HOLD'
  | 'CAPTURE'
  | 'RELEASE'
  | 'REFUND'
  | 'CLAWBACK'
  | 'EXPIRE'
  | 'ADJUST_UP'
  | 'ADJUST_DOWN'
  | 'TRANSFER_OUT'
  | 'TRANSFER_IN'
  | 'EXCHANGE_OUT'
  | 'EXCHANGE_IN'
  | 'MERGE_OUT'
  | 'MERGE_IN'
  | 'FREEZE'
  | 'THAW';

/** What a statement line can be: a movement, or what time did by itself. */
export type LineKind = Kind | 'DEBT_PAID';

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
  /** Whether staff have stopped what the member spends; what comes in still comes in. */
  frozen?: true;
  /** Lifetime sums by kind of line. */
  totals: Partial<Record<LineKind, number>>;
}

/** What time had done since the entry before, each at 00:00 of its day. */
export interface Settled {
  lapsed: Lots;
  activated: Record<Day, Lots>;
  debtPaid: Record<Day, number>;
}

/** What a movement did beside the lots it touched. */
export interface Parts {
  /** Went to the debt before anything became available. */
  debtPaid?: number;
  /** Came after the last day of these lots: granted or returned, and gone at once. */
  lapsed?: Lots;
  /** Taken back out of what had lapsed unspent: it moves nothing. */
  counted?: number;
  /** Became a debt. */
  owed?: number;
  /** Could not be taken back, and is a loss. */
  lost?: number;
  /** Could not be taken back, and is for the caller to take from the cash. */
  offset?: number;
  /** Pending points that it granted, activated, took or moved. */
  pending?: Account['pending'];
  /** The other side: a member's id, or a currency. */
  party?: string;
  /** The sequence number of the HOLD that it ends. */
  hold?: number;
  /** What a capture of less than the whole gave back. */
  back?: Lots;
  /** Forfeits and debt that a merge moved. */
  forfeits?: Lots;
  debt?: number;
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
  /** Rule and version that gave or exchanged it, as `BASE@3`. */
  rule?: string;
  draws: Lots;
  parts: Parts;
  settled: Settled;
  after: Account;
}

/** What a movement does to a settled account. */
export interface Effect {
  account: Account;
  amount: number;
  draws: Lots;
  parts: Parts;
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

/** The lots with all of `more` added. */
export function together(lots: Lots, more: Lots): Lots {
  return Object.entries(more).reduce((all, [lot, amount]) => moved(all, lot, amount), lots);
}

/** The lots without what `less` takes out of them. */
export function without(lots: Lots, less: Lots): Lots {
  return Object.entries(less).reduce((left, [lot, amount]) => moved(left, lot, -amount), lots);
}

/** The first `amount` points of the lots in this order. */
export function firstOf(order: [Lot, number][], amount: number): Lots {
  const taken: Lots = {};
  let left = amount;
  for (const [lot, there] of order) {
    const part = Math.min(left, there);
    if (part > 0) taken[lot] = part;
    left -= part;
  }
  return taken;
}

/** All pending points. */
export function pendingOf({ pending }: Pick<Account, 'pending'>): number {
  return Object.values(pending).reduce((total, waiting) => total + sum(waiting), 0);
}

/** The totals with `amount` more of this kind of line. */
export function counted(totals: Account['totals'], kind: LineKind, amount: number): Account['totals'] {
  return amount === 0 ? totals : { ...totals, [kind]: (totals[kind] ?? 0) + amount };
}
