import { seal } from '../platform/chain-seal.ts';
import type { Account, Draft, Entry, Kind, LineKind, Lots, Parts, Settled } from './account.ts';
import { DIGEST_BYTES, digestOf } from './seal.ts';

/**
 * How an entry lies in the table: short names, days without dashes, nothing that is empty. Entries are sealed, so a
 * name once used here keeps its meaning for ever.
 */
export interface StoredEntry {
  pk: string;
  sk: string;
  type: 'entry';
  v: 1;
  k: string;
  a: number;
  r: string;
  o: number;
  c: number;
  f: number;
  u?: string;
  d?: Record<string, number>;
  p?: StoredParts;
  s?: { l?: Record<string, number>; a?: Record<string, Record<string, number>>; d?: Record<string, number> };
  x: StoredAccount;
  n: Uint8Array;
  h: Uint8Array;
}

interface StoredParts {
  d?: number;
  l?: Record<string, number>;
  c?: number;
  w?: number;
  o?: number;
  b?: number;
  p?: Record<string, Record<string, number>>;
  y?: string;
  h?: number;
  k?: Record<string, number>;
  f?: Record<string, number>;
  t?: number;
}

interface StoredAccount {
  l?: Record<string, number>;
  p?: Record<string, Record<string, number>>;
  h?: Record<string, number>;
  f?: Record<string, number>;
  d?: number;
  z?: 1;
  t: Record<string, number>;
}

/** How many references before it an entry remembers. */
export const RECENT = 32;

const CODES: Record<LineKind, string> = {
  EARN: 'EA',
  ACTIVATE: 'AC',
  SPEND: 'SP',
  HOLD: 'HO',
  CAPTURE: 'CP',
  RELEASE: 'RL',
  REFUND: 'RF',
  CLAWBACK: 'CB',
  EXPIRE: 'EX',
  ADJUST_UP: 'AU',
  ADJUST_DOWN: 'AD',
  TRANSFER_OUT: 'TO',
  TRANSFER_IN: 'TI',
  EXCHANGE_OUT: 'XO',
  EXCHANGE_IN: 'XI',
  MERGE_OUT: 'MO',
  MERGE_IN: 'MI',
  FREEZE: 'FZ',
  THAW: 'TH',
  DEBT_PAID: 'DP',
};
const KINDS = Object.fromEntries(Object.entries(CODES).map(([kind, code]) => [code, kind])) as Record<string, LineKind>;

const shortDay = (day: string) => day.replaceAll('-', '');
const longDay = (day: string) => day.replace(/^(\d{4})(\d{2})(\d{2})/, '$1-$2-$3');

function mapKeys<T>(record: Record<string, T> | undefined, rename: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [rename(key), value]));
}

function mapNested(record: Record<string, Lots> | undefined, rename: (key: string) => string): Record<string, Lots> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, lots]) => [rename(key), mapKeys(lots, rename)]));
}

/** The record without what is empty or 0, or undefined when nothing is left. */
function compact<T extends Record<string, unknown>>(record: T): Partial<T> | undefined {
  const kept = Object.entries(record).filter(
    ([, value]) => value && !(typeof value === 'object' && Object.keys(value).length === 0),
  );
  return kept.length > 0 ? (Object.fromEntries(kept) as Partial<T>) : undefined;
}

function storeAccount({ lots, pending, held, forfeits, debt, frozen, totals }: Account): StoredAccount {
  return {
    ...compact({
      l: mapKeys(lots, shortDay),
      p: mapNested(pending, shortDay),
      h: held,
      f: mapKeys(forfeits, shortDay),
      d: debt,
      z: frozen && (1 as const),
    }),
    t: mapKeys(totals, (kind) => CODES[kind as LineKind]),
  };
}

function loadAccount({ l, p, h, f, d, z, t }: StoredAccount): Account {
  return {
    lots: mapKeys(l, longDay),
    pending: mapNested(p, longDay),
    held: h ?? {},
    forfeits: mapKeys(f, longDay),
    debt: d ?? 0,
    ...(z && { frozen: true }),
    totals: mapKeys(t, (code) => KINDS[code] as LineKind),
  };
}

function storeSettled({ lapsed, activated, debtPaid }: Settled): StoredEntry['s'] {
  return compact({ l: mapKeys(lapsed, shortDay), a: mapNested(activated, shortDay), d: mapKeys(debtPaid, shortDay) });
}

function loadSettled(stored: StoredEntry['s']): Settled {
  return {
    lapsed: mapKeys(stored?.l, longDay),
    activated: mapNested(stored?.a, longDay),
    debtPaid: mapKeys(stored?.d, longDay),
  };
}

function storeParts(parts: Parts): StoredEntry['p'] {
  return compact({
    d: parts.debtPaid,
    l: mapKeys(parts.lapsed, shortDay),
    c: parts.counted,
    w: parts.owed,
    o: parts.lost,
    b: parts.offset,
    p: mapNested(parts.pending, shortDay),
    y: parts.party,
    h: parts.hold,
    k: mapKeys(parts.back, shortDay),
    f: mapKeys(parts.forfeits, shortDay),
    t: parts.debt,
  });
}

function loadParts({ d, l, c, w, o, b, p, y, h, k, f, t }: StoredParts): Parts {
  const loaded = {
    debtPaid: d,
    lapsed: l && mapKeys(l, longDay),
    counted: c,
    owed: w,
    lost: o,
    offset: b,
    pending: p && mapNested(p, longDay),
    party: y,
    hold: h,
    back: k && mapKeys(k, longDay),
    forfeits: f && mapKeys(f, longDay),
    debt: t,
  };
  return Object.fromEntries(Object.entries(loaded).filter(([, part]) => part !== undefined));
}

function recentAfter(head: Pick<Entry, 'recent' | 'reference'> | undefined): Uint8Array {
  if (!head) return new Uint8Array();
  const all = Buffer.concat([digestOf(head.reference), head.recent]);
  return new Uint8Array(all.subarray(0, RECENT * DIGEST_BYTES));
}

/** Where an entry lies, and whose it is. */
export interface Place {
  pk: string;
  sk: string;
}

/** Chains a draft to the head: the item as it is stored, sealed. */
export function link(head: Entry | undefined, draft: Draft, { pk, sk }: Place): StoredEntry {
  const { kind, amount, reference, occurredAt, recordedAt, effectiveAt, rule, draws, parts, settled, after } = draft;
  const item: Omit<StoredEntry, 'h'> = {
    pk,
    sk,
    type: 'entry',
    v: 1,
    k: CODES[kind],
    a: amount,
    r: reference,
    o: occurredAt,
    c: recordedAt,
    f: effectiveAt,
    ...(rule && { u: rule }),
    ...compact({ d: mapKeys(draws, shortDay) }),
    ...compact({ p: storeParts(parts) ?? {} }),
    ...compact({ s: storeSettled(settled) ?? {} }),
    x: storeAccount(after),
    n: recentAfter(head),
  };
  return { ...item, h: seal(head?.hash, item) };
}

/** The entry of a stored item. */
export function load(item: StoredEntry): Entry {
  const [, currency = '', memberId = ''] = item.pk.split('#');
  return {
    currency,
    memberId,
    seq: Number(item.sk),
    kind: KINDS[item.k] as Kind,
    amount: item.a,
    reference: item.r,
    occurredAt: item.o,
    recordedAt: item.c,
    effectiveAt: item.f,
    ...(item.u && { rule: item.u }),
    draws: mapKeys(item.d, longDay),
    parts: loadParts(item.p ?? {}),
    settled: loadSettled(item.s),
    after: loadAccount(item.x),
    recent: item.n,
    hash: item.h,
  };
}

/** Whether the item is what was sealed after `before`. */
export function holds(before: Entry | undefined, item: StoredEntry): boolean {
  const { h, ...rest } = item;
  return Buffer.from(seal(before?.hash, rest)).equals(Buffer.from(h));
}
