import { Refusal } from '../../shared/errors.ts';
import { type Account, type Entry, emptyAccount } from '../../shared/points/account.ts';
import { link, load } from '../../shared/points/chain.ts';
import { POINTS } from '../../shared/points/points.ts';
import { next } from '../../shared/points/rules.ts';
import { toAttributes } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { itemSize, writeUnits } from './units.ts';

const ZONE = 'Asia/Shanghai';
const NOW = Date.parse('2026-11-23T04:00:00.000Z');
const MEMBER = 'mem_01KAQ0000000000000000000000'.slice(0, 30);

const numbered = <T>(count: number, one: (i: number) => [string, T]): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => one(i)));

/** An account with so much on it; sums as of a member of some years. */
function accountWith(lots: number, pendingDays: number, holds: number): Account {
  return {
    ...emptyAccount(),
    lots: numbered(lots, (i) => [`20${27 + i}-12-31`, 12_345]),
    pending: numbered(pendingDays, (i) => [`2026-12-0${i + 1}`, { '2027-12-31': 1_286 }]),
    held: numbered(holds, (i) => [String(1_000 + i), 500]),
    totals: {
      EARN: 234_567,
      SPEND: 123_456,
      EXPIRE: 4_321,
      REFUND: 1_000,
      CLAWBACK: 2_345,
      HOLD: 5_000,
      CAPTURE: 4_000,
    },
  };
}

/** The entry that a spending of 100 becomes on such an account, with 32 references before it. */
function entryOn(after: Account) {
  let before: Entry | undefined;
  for (let seq = 1_235; seq < 1_270; seq += 1) {
    const movement = { kind: 'SPEND', amount: 100, reference: `order:ord_${String(seq).padStart(26, '0')}` } as const;
    const head = before ?? ({ recordedAt: NOW, effectiveAt: NOW, after, seq } as const);
    const draft = next(head, movement, { now: NOW, zone: ZONE });
    if (draft instanceof Refusal) throw draft;
    before = load(link(before, draft, keys.entry(POINTS, MEMBER, seq)));
  }
  if (!before) throw new Error('There is no entry.');
  const item = link(before, { ...before, after: before.after }, keys.entry(POINTS, MEMBER, 1_270));
  return toAttributes({ ...item });
}

/** How large an entry is on an account of one lot, and on a busy one. */
export function entrySizes(): { name: string; bytes: number; units: number }[] {
  const kinds = [
    ['ordinary account: 1 lot', accountWith(1, 0, 0)],
    ['busy account: 8 lots, 4 pending days, 2 holds', accountWith(8, 4, 2)],
  ] as const;
  return kinds.map(([name, account]) => {
    const item = entryOn(account);
    return { name, bytes: itemSize(item), units: writeUnits(undefined, item) };
  });
}
