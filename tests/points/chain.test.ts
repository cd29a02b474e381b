import { describe, expect, it } from 'vitest';
import type { Draft, Entry } from '../../shared/points/account.ts';
import { holds, link, load, type StoredEntry } from '../../shared/points/chain.ts';
import { reference } from '../../shared/points/seal.ts';
import { keys } from '../../shared/table/keys.ts';
import { earn, noon, spend, story } from './stories.ts';

const MEMBER = 'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E';
const first = story([noon('2026-03-01'), earn(128, '2026-12-31')]);
const second = story([noon('2026-03-01'), earn(128, '2026-12-31')], [noon('2026-03-02'), spend(100)]);

function chainOf(...drafts: Draft[]): StoredEntry[] {
  let head: Entry | undefined;
  return drafts.map((draft, i) => {
    const item = link(head, draft, keys.entry('POINTS', MEMBER, i + 1));
    head = load(item);
    return item;
  });
}

describe('an entry in the table (§3.15)', () => {
  it('is read as it was written', () => {
    const [, item] = chainOf(first, second);
    const { hash, recent, ...entry } = load(item as StoredEntry);
    expect(entry).toEqual({ ...second, parts: {}, currency: 'POINTS', memberId: MEMBER, seq: 2 });
    expect([hash.length, recent.length]).toEqual([32, 6]);
  });

  it('keeps what is pending, held, forfeited and owed', () => {
    const after = {
      lots: { '2027-01-30g': 1 },
      pending: { '2026-05-01': { '2026-12-31': 2 }, EVENT: { '2027-12-31': 3 } },
      held: { '7': 4 },
      forfeits: { '2025-12-31': 5 },
      debt: 6,
      totals: { EARN: 9, ACTIVATE: 1, DEBT_PAID: 2 },
    };
    const settled = {
      lapsed: { '2025-12-31': 5 },
      activated: { '2026-01-01': { '2026-12-31': 2 } },
      debtPaid: { '2026-01-01': 1 },
    };
    const [item] = chainOf({ ...first, after, settled, parts: { debtPaid: 3, lapsed: { '2025-12-31': 4 } } });
    expect(load(item as StoredEntry)).toMatchObject({
      after,
      settled,
      parts: { debtPaid: 3, lapsed: { '2025-12-31': 4 } },
    });
  });

  it('remembers the 32 references before it, newest first', () => {
    const drafts = Array.from({ length: 40 }, (_, i) => ({ ...first, reference: `purchase:${i}` }));
    const items = chainOf(...drafts);
    expect(items[3]?.n.length).toBe(3 * 6);
    expect(items[39]?.n.length).toBe(32 * 6);
    const digestOfPrevious = items[39]?.n.subarray(0, 6);
    expect(items[38]?.n.subarray(0, 6)).not.toEqual(digestOfPrevious);
    expect(items[38]?.n.subarray(0, 31 * 6)).toEqual(items[39]?.n.subarray(6));
  });

  it('takes at most 1,024 bytes with 8 lots, 4 pending days and 2 holds', () => {
    const days = Array.from({ length: 8 }, (_, i) => `2027-0${i + 1}-28`);
    const lots = Object.fromEntries(days.map((day) => [day, 99_999]));
    const pending = Object.fromEntries(days.slice(0, 4).map((day) => [day, { '2027-12-31': 99_999 }]));
    const after = {
      lots,
      pending,
      held: { '1234': 5_000, '1235': 5_000 },
      forfeits: { '2026-12-31': 12_345 },
      debt: 0,
      totals: { EARN: 1_234_567, SPEND: 1_234_567, REFUND: 1_234, EXPIRE: 12_345 },
    };
    const draft = { ...first, reference: 'order:ord_7QW2E9R4T6Y8P1A3S5D7F9GHJK', rule: 'BASE@12', after };
    const drafts = Array.from({ length: 33 }, () => ({ ...draft, draws: { '2027-01-28': 99_999, '2027-02-28': 1 } }));
    const item = chainOf(...drafts)[32] as StoredEntry;
    expect(sizeOf(item)).toBeLessThanOrEqual(1_024);
  });
});

describe('the seal (§3.14)', () => {
  it('holds for what was written', () => {
    const items = chainOf(first, second);
    const [one, two] = items as [StoredEntry, StoredEntry];
    expect([holds(undefined, one), holds(load(one), two)]).toEqual([true, true]);
  });

  it.each([
    ['an amount', { a: 129 }],
    ['a reference', { r: 'purchase:2' }],
    ['a time', { f: 1 }],
    ['the account after it', { x: { l: { '20261231': 129 }, t: { EA: 128 } } }],
    ['its place in the chain', { sk: '0000000002' }],
    ['its owner', { pk: 'LEDGER#POINTS#mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2F' }],
  ])('breaks when %s is changed', (_, change) => {
    const [item] = chainOf(first) as [StoredEntry];
    expect(holds(undefined, { ...item, ...change })).toBe(false);
  });

  it('breaks when an entry before it is missing', () => {
    const [, two] = chainOf(first, second) as [StoredEntry, StoredEntry];
    expect(holds(undefined, two)).toBe(false);
  });
});

describe('a reference', () => {
  it('is what and id, or a digest of the id when that is longer than 64 bytes', () => {
    expect(reference('purchase', 'A-1001')).toBe('purchase:A-1001');
    const long = reference('purchase', 'x'.repeat(64));
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(64);
    expect(long).not.toBe(reference('purchase', 'y'.repeat(64)));
  });
});

/** The size of an item as DynamoDB counts it: names in UTF-8, numbers by two digits a byte, 3 bytes a map, 1 a member. */
function sizeOf(item: object): number {
  const fields = Object.entries(item) as [string, unknown][];
  return fields.reduce((total, [name, value]) => total + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/0+$/, '').length / 2) + 1;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'object' && value !== null) return 3 + Object.keys(value).length + sizeOf(value);
  throw new Error(`An entry has no ${typeof value}.`);
}
