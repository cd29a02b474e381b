import type { Item } from './item.ts';
import type { Lots } from './lots.ts';

/** The two letters under which each kind lies. */
export const KINDS: Record<string, string> = {
  EA: 'EARN',
  AC: 'ACTIVATE',
  SP: 'SPEND',
  HO: 'HOLD',
  CP: 'CAPTURE',
  RL: 'RELEASE',
  RF: 'REFUND',
  CB: 'CLAWBACK',
  EX: 'EXPIRE',
  AU: 'ADJUST_UP',
  AD: 'ADJUST_DOWN',
  TO: 'TRANSFER_OUT',
  TI: 'TRANSFER_IN',
  XO: 'EXCHANGE_OUT',
  XI: 'EXCHANGE_IN',
  MO: 'MERGE_OUT',
  MI: 'MERGE_IN',
  FZ: 'FREEZE',
  TH: 'THAW',
  DP: 'DEBT_PAID',
};

/** An account after an entry. */
export interface Account {
  lots: Lots;
  pending: Record<string, Lots>;
  held: Lots;
  forfeits: Lots;
  debt: number;
  frozen: boolean;
  totals: Lots;
}

/** What a movement did beside the lots that it touched. */
export interface Parts {
  debtPaid?: number;
  lapsed?: Lots;
  counted?: number;
  owed?: number;
  lost?: number;
  offset?: number;
  pending?: Record<string, Lots>;
  party?: string;
  hold?: number;
  back?: Lots;
  forfeits?: Lots;
  debt?: number;
}

/** What time had done since the entry before. */
export interface Settled {
  lapsed: Lots;
  activated: Record<string, Lots>;
  debtPaid: Lots;
}

/** An entry of the ledger, under long names. */
export interface Entry {
  key: string;
  seq: number;
  kind: string;
  amount: number;
  reference: string;
  occurredAt: number;
  recordedAt: number;
  effectiveAt: number;
  rule: string | undefined;
  draws: Lots;
  parts: Parts;
  settled: Settled;
  after: Account;
  recent: Uint8Array;
  hash: Uint8Array;
  item: Item;
}

type Fields = Record<string, unknown>;

/** `20261231g` is `2026-12-31g`; `EVENT` stays. */
function dayName(short: string): string {
  return /^\d{8}g?$/.test(short) ? `${short.slice(0, 4)}-${short.slice(4, 6)}-${short.slice(6)}` : short;
}

function days(stored: unknown): Lots {
  const named: Lots = {};
  for (const [short, amount] of Object.entries((stored ?? {}) as Lots)) named[dayName(short)] = amount;
  return named;
}

function daysOfDays(stored: unknown): Record<string, Lots> {
  const named: Record<string, Lots> = {};
  for (const [short, lots] of Object.entries((stored ?? {}) as Record<string, Lots>))
    named[dayName(short)] = days(lots);
  return named;
}

function kinds(stored: unknown): Lots {
  const named: Lots = {};
  for (const [code, amount] of Object.entries((stored ?? {}) as Lots)) named[KINDS[code] ?? code] = amount;
  return named;
}

function accountOf(x: Fields): Account {
  return {
    lots: days(x.l),
    pending: daysOfDays(x.p),
    held: { ...(x.h as Lots | undefined) },
    forfeits: days(x.f),
    debt: (x.d as number | undefined) ?? 0,
    frozen: x.z === 1,
    totals: kinds(x.t),
  };
}

function partsOf(p: Fields): Parts {
  const parts: Fields = {
    debtPaid: p.d,
    lapsed: p.l && days(p.l),
    counted: p.c,
    owed: p.w,
    lost: p.o,
    offset: p.b,
    pending: p.p && daysOfDays(p.p),
    party: p.y,
    hold: p.h,
    back: p.k && days(p.k),
    forfeits: p.f && days(p.f),
    debt: p.t,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

/** The entry of an item whose shape was found right. */
export function entryOf(item: Item): Entry {
  const { k, a, r, o, c, f, u, d, p, s, x, n, h } = item.all;
  const settled = (s ?? {}) as Fields;
  return {
    key: item.key,
    seq: Number(item.sk),
    kind: KINDS[k as string] ?? '',
    amount: a as number,
    reference: r as string,
    occurredAt: o as number,
    recordedAt: c as number,
    effectiveAt: f as number,
    rule: u as string | undefined,
    draws: days(d),
    parts: partsOf((p ?? {}) as Fields),
    settled: { lapsed: days(settled.l), activated: daysOfDays(settled.a), debtPaid: days(settled.d) },
    after: accountOf(x as Fields),
    recent: n as Uint8Array,
    hash: h as Uint8Array,
    item,
  };
}
