import { createHash } from 'node:crypto';
import type { Account, Draft, Entry, Kind, LineKind, Lots, Parts, Settled } from './account.ts';

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
  p?: { d?: number; l?: Record<string, number> };
  s?: { l?: Record<string, number>; a?: Record<string, Record<string, number>>; d?: Record<string, number> };
  x: StoredAccount;
  n: Uint8Array;
  h: Uint8Array;
}

interface StoredAccount {
  l?: Record<string, number>;
  p?: Record<string, Record<string, number>>;
  h?: Record<string, number>;
  f?: Record<string, number>;
  d?: number;
  t: Record<string, number>;
}

const DIGEST_BYTES = 6;
const RECENT = 32;

const CODES: Record<LineKind, string> = {
  EARN: 'EA',
  SPEND: 'SP',
  REFUND: 'RF',
  EXPIRE: 'EX',
  ACTIVATE: 'AC',
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

function storeAccount({ lots, pending, held, forfeits, debt, totals }: Account): StoredAccount {
  return {
    ...compact({
      l: mapKeys(lots, shortDay),
      p: mapNested(pending, shortDay),
      h: held,
      f: mapKeys(forfeits, shortDay),
      d: debt,
    }),
    t: mapKeys(totals, (kind) => CODES[kind as LineKind]),
  };
}

function loadAccount({ l, p, h, f, d, t }: StoredAccount): Account {
  return {
    lots: mapKeys(l, longDay),
    pending: mapNested(p, longDay),
    held: h ?? {},
    forfeits: mapKeys(f, longDay),
    debt: d ?? 0,
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

function loadParts({ d, l }: NonNullable<StoredEntry['p']>): Parts {
  return { ...(d && { debtPaid: d }), ...(l && { lapsed: mapKeys(l, longDay) }) };
}

/** The text that is sealed: the item without its hash, keys in order at every depth, binaries as base64. */
function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** sha256 of the hash before (nothing for the first entry) and the canonical entry. */
function seal(before: Uint8Array | undefined, item: Omit<StoredEntry, 'h'>): Uint8Array {
  const text = canonical(item);
  return new Uint8Array(
    createHash('sha256')
      .update(before ?? new Uint8Array())
      .update(text)
      .digest(),
  );
}

/** The 6 bytes by which a reference is remembered. */
function digestOf(reference: string): Uint8Array {
  return createHash('sha256').update(reference).digest().subarray(0, DIGEST_BYTES);
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
    ...compact({ p: compact({ d: parts.debtPaid, l: mapKeys(parts.lapsed, shortDay) }) ?? {} }),
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

const MAX_REFERENCE_BYTES = 64;

/** What a movement is for, as `purchase:A-1001`; one longer than 64 bytes is replaced by its digest. */
export function reference(what: string, id: string): string {
  const text = `${what}:${id}`;
  if (Buffer.byteLength(text) <= MAX_REFERENCE_BYTES) return text;
  return `${what}:${createHash('sha256').update(id).digest('base64url')}`;
}
