import type { Invariant } from '../../audit/findings.ts';
import { seal } from '../../shared/platform/chain-seal.ts';
import type { Item } from '../../shared/table/client.ts';

/** An item of which any field may be asked, whatever its type. */
type Fields = Record<string, never>;

/** The items of a table, to be broken: what is given back is written, what is undefined is deleted. */
export interface Broken {
  put?: Item[];
  remove?: Item[];
  /** Part of the key that must be named. */
  key: string;
  at?: number;
}

export interface Plant {
  name: string;
  invariant: Invariant;
  breaks: (items: readonly Item[]) => Broken;
}

const keyOf = ({ pk, sk }: Item) => `${pk}/${sk}`;
const copy = (item: Item): Item & Record<string, never> => structuredClone(item) as never;

/** The first item of a type for which this holds. */
function first(items: readonly Item[], type: string, wanted: (item: Fields) => unknown = () => true): Item & Fields {
  const found = items.find((item) => item.type === type && wanted(item as never));
  if (!found) throw new Error(`The world has no such ${type}: ${String(wanted)}`);
  return copy(found);
}

/** The chain with this entry changed, and sealed anew from there on, as somebody who knows how would do it. */
function resealed(items: readonly Item[], changed: Item): Item[] {
  const chain = items
    .filter(({ pk, type }) => pk === changed.pk && type === 'entry')
    .toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
  let hash: Uint8Array | undefined;
  return chain.map((item) => {
    const { h: _, ...rest } = item.sk === changed.sk ? changed : copy(item);
    const sealed = { ...rest, h: seal(hash, rest) } as unknown as Item;
    hash = (sealed as unknown as { h: Uint8Array }).h;
    return sealed;
  });
}

/** A change of an item of this type. */
function change(
  type: string,
  wanted: (item: Fields) => unknown,
  how: (item: Record<string, unknown>) => void,
): Plant['breaks'] {
  return (items) => {
    const item = first(items, type, wanted);
    how(item);
    return { put: [item], key: keyOf(item) };
  };
}

/** A change of an entry, with every seal made good. */
function forge(
  kind: string,
  how: (entry: Record<string, never>) => void,
  wanted: (item: Fields) => unknown = () => true,
): Plant['breaks'] {
  return (items) => {
    const entry = first(items, 'entry', (item) => item.k === kind && wanted(item));
    how(entry);
    return { put: resealed(items, entry), key: keyOf(entry) };
  };
}

function remove(
  type: string,
  wanted: (item: Fields) => unknown = () => true,
  key?: (item: Item & Fields) => string,
): Plant['breaks'] {
  return (items) => {
    const item = first(items, type, wanted);
    return { remove: [item], key: key ? key(item) : keyOf(item) };
  };
}

const bump = (record: Record<string, number>, by = 1) => {
  const [name = ''] = Object.keys(record);
  record[name] = (record[name] ?? 0) + by;
};
const account = (entry: Record<string, never>) =>
  entry.x as unknown as { l?: Record<string, number>; t: Record<string, number>; d?: number };
const hasLots = (item: Fields) => Object.keys((item.x as unknown as { l?: object }).l ?? {}).length > 0;
const chainOf = (item: Item & Fields) => item.pk;
const set = (values: Record<string, unknown>) => (item: Record<string, unknown>) => void Object.assign(item, values);
const plant = (invariant: Invariant, name: string, breaks: Plant['breaks']): Plant => ({ invariant, name, breaks });
const any = () => true;
const newer = (item: Item & Record<string, unknown>, values: Record<string, unknown>): Item => ({ ...item, ...values });

const SEALED = `s2.2026-11.${'x'.repeat(40)}`;

/** What is broken, and by which invariant it must be found. */
export const plants: readonly Plant[] = [
  plant(
    'INV-1',
    'a balance that was raised',
    forge('EA', (entry) => bump(account(entry).l ?? {}, 1_000), hasLots),
  ),
  plant(
    'INV-1',
    'a lifetime sum that was raised',
    forge('SP', (entry) => bump(account(entry).t)),
  ),
  plant(
    'INV-1',
    'a debt out of nothing',
    forge('EA', (entry) => void (account(entry).d = 5), hasLots),
  ),
  plant('INV-2', 'a balance that was raised', (items) => ({
    ...forge(
      'EA',
      (entry) => bump(account(entry).l ?? {}, 1_000),
      (item) => hasLots(item) && isHead(items, item as never),
    )(items),
    key: 'LEDGER#POINTS',
  })),
  plant('INV-2', 'a gift whose other side is gone', (items) => ({ ...chainGone(items, 'TI'), key: 'LEDGER#POINTS' })),
  plant('INV-2', 'an entry that says more was earned', (items) => ({
    ...forge('EA', (entry) => void Object.assign(entry, { a: Number(entry.a) + 7 }))(items),
    key: 'LEDGER#POINTS',
  })),
  plant(
    'INV-3',
    'points moved to a later lot',
    forge('EA', (entry) => later(account(entry).l ?? {}), hasLots),
  ),
  plant(
    'INV-3',
    'a lot that is kept with nothing',
    forge('EA', (entry) => void ((account(entry).l ?? {})['20291231'] = 0), hasLots),
  ),
  plant(
    'INV-3',
    'a lot that is still there after its day',
    forge('EA', (entry) => void ((account(entry).l ?? {})['20200101'] = 3), hasLots),
  ),
  plant(
    'INV-4',
    'a fraction',
    forge('EA', (entry) => bump(account(entry).l ?? {}, 0.5), hasLots),
  ),
  plant('INV-4', 'a negative amount of pieces', change('stock', any, set({ available: -1 }))),
  plant(
    'INV-4',
    'more than an account may hold',
    forge('EA', (entry) => bump(account(entry).l ?? {}, 2e12), hasLots),
  ),
  plant(
    'INV-5',
    'an entry changed in place',
    change('entry', (item) => item.k === 'EA', set({ a: 1 })),
  ),
  plant('INV-5', 'an entry in the middle gone', (items) =>
    remove('entry', (item) => Number(item.sk) === 2 && !isHead(items, item as never), chainOf)(items),
  ),
  plant('INV-5', 'a seal of another', change('entry', any, set({ h: new Uint8Array(32) }))),
  plant(
    'INV-6',
    'a spend from the latest lot',
    forge('SP', (entry) => later(entry.d as never)),
  ),
  plant(
    'INV-6',
    'a lifetime sum that was raised',
    forge('SP', (entry) => bump(account(entry).t)),
  ),
  plant(
    'INV-6',
    'an entry that counts from before the one before it',
    forge('SP', (entry) => void Object.assign(entry, { f: 1 })),
  ),
  plant('INV-7', 'a purchase that is gone', (items) => {
    const purchase = first(items, 'purchase', (item) => item.seq !== undefined);
    return { remove: [purchase], key: `LEDGER#POINTS#${String(purchase.memberId)}` };
  }),
  plant(
    'INV-7',
    'another amount than its purchase',
    forge('EA', (entry) => void Object.assign(entry, { a: 1 })),
  ),
  plant(
    'INV-7',
    'a reference to nothing',
    forge('SP', (entry) => void Object.assign(entry, { r: 'order:ord_NONE' })),
  ),
  plant('INV-8', 'an order that cost less', change('order', any, set({ points: 1 }))),
  plant(
    'INV-8',
    'a purchase that earned more',
    change('purchase', (item) => item.seq !== undefined, set({ points: 9_999 })),
  ),
  plant('INV-8', 'a return that says more was owed', change('return', any, set({ owed: 77_777 }))),
  plant(
    'INV-9',
    'an order that was shipped twice',
    change('order', any, (item) => void (item.timeline as unknown[]).push((item.timeline as unknown[])[0])),
  ),
  plant(
    'INV-9',
    'an order back in a status before',
    change(
      'order',
      (item) => item.status === 'CANCELLED',
      set({ status: 'PENDING_SHIPMENT', gsi2pk: 'ORDERS#PENDING_SHIPMENT' }),
    ),
  ),
  plant(
    'INV-9',
    'a hold that is open again',
    change(
      'hold',
      (item) => item.status !== 'HELD',
      (item) =>
        void Object.assign(item, {
          status: 'HELD',
          gsi2pk: 'HOLDS',
          gsi2sk: `${new Date(item.expiresAt as number).toISOString()}#${String(item.holdId)}`,
        }),
    ),
  ),
  plant(
    'INV-10',
    'a piece more',
    change('stock', any, (item) => void (item.available = (item.available as number) + 1)),
  ),
  plant(
    'INV-10',
    'a piece sold to nobody',
    change(
      'stock',
      any,
      (item) =>
        void Object.assign(item, { sold: (item.sold as number) + 1, available: (item.available as number) - 1 }),
    ),
  ),
  plant(
    'INV-10',
    'pieces that came back from nobody',
    change(
      'stock',
      any,
      (item) =>
        void Object.assign(item, {
          returned: (item.returned as number) + 2,
          available: (item.available as number) + 2,
        }),
    ),
  ),
  plant('INV-17', 'the newest entry gone', (items) => {
    const purchase = newestPurchase(items);
    const sk = String(purchase.seq).padStart(10, '0');
    const pk = `LEDGER#POINTS#${String(purchase.memberId)}`;
    return { remove: items.filter((item) => item.pk === pk && item.sk === sk), key: keyOf(purchase) };
  }),
  plant(
    'INV-17',
    'a purchase that names another entry',
    change('purchase', (item) => item.seq !== undefined, set({ seq: 900 })),
  ),
  plant('INV-17', 'an order that names another entry', change('order', any, set({ seq: 1 }))),
  plant('INV-22', 'an account that the lapse calendar has lost', remove('lapse')),
  plant('INV-22', 'a note in another part', (items) => {
    const note = first(items, 'lapse');
    const [, day, part] = note.pk.split('#');
    const moved = newer(note, { pk: `LAPSE#${day}#${String((Number(part) + 1) % 16).padStart(2, '0')}` });
    return { remove: [note], put: [moved], key: keyOf(moved) };
  }),
  plant('INV-22', 'a notice that is given again', (items) => {
    const notice = first(items, 'notice');
    const again = newer(notice, { sk: `2026-01-01#${String(notice.currency)}#${String(notice.lastDay)}` });
    return { put: [again], key: '' };
  }),
  plant('INV-23', 'a lapse that was never written down', (items) => {
    const { memberId, lastDay } = newestPurchase(items) as unknown as { memberId: string; lastDay: string };
    return { at: Date.parse(`${Number(lastDay.slice(0, 4)) + 1}-01-02T00:00:00Z`), key: memberId };
  }),
  plant(
    'INV-23',
    'more lapsed than was there',
    forge('EX', (entry) => bump((entry.s as unknown as { l: Record<string, number> }).l)),
  ),
  plant(
    'INV-23',
    'less lapsed than was there',
    forge('EX', (entry) => bump((entry.s as unknown as { l: Record<string, number> }).l, -1)),
  ),
  plant('INV-25', 'a record gone', (items) => {
    const record = first(items, 'audit', (item) => !isHead(items, item as never));
    return { remove: [record], key: record.pk };
  }),
  plant('INV-25', 'a record that was changed', change('audit', any, set({ act: 'points.nothing' }))),
  plant('INV-25', 'a record with the seal of another', change('audit', any, set({ hash: new Uint8Array(32) }))),
  plant('INV-25', 'an approval by whoever proposed it', (items) => {
    const approval = first(items, 'approval', (item) => item.status === 'APPROVED');
    return { put: [{ ...approval, decidedBy: approval.by }], key: keyOf(approval) };
  }),
  plant(
    'INV-25',
    'a rejection of what was done',
    change('approval', (item) => item.status === 'APPROVED', set({ status: 'REJECTED' })),
  ),
  plant('INV-26', 'an identity that finds an erased member', (items) => {
    const [identity, { memberId }] = [first(items, 'identity'), first(items, 'erasure')];
    return { put: [newer(identity, { memberId })], key: keyOf(identity) };
  }),
  plant('INV-26', 'an erased member who still has a phone', (items) => {
    const member = first(items, 'member', ({ erasedAt }) => erasedAt !== undefined);
    return { put: [newer(member, { phone: SEALED })], key: keyOf(member) };
  }),
  plant('INV-26', 'an order of an erased member that still has an address', (items) => {
    const { memberId } = first(items, 'erasure');
    const order = first(items, 'order', (item) => item.memberId === memberId);
    return { put: [newer(order, { shipTo: SEALED })], key: keyOf(order) };
  }),
  plant('INV-26', 'a hold of an erased member that still has a note', (items) => {
    const { memberId } = first(items, 'erasure');
    const hold = first(items, 'hold', (item) => item.memberId === memberId);
    return { put: [newer(hold, { note: SEALED })], key: keyOf(hold) };
  }),
  plant('INV-26', 'addresses of an erased member', (items) => {
    const { memberId, pk } = first(items, 'erasure');
    const addresses = { pk, sk: 'ADDRESSES', type: 'addresses', v: 1, memberId, version: 1, sealed: SEALED };
    return { put: [addresses], key: keyOf(addresses) };
  }),
  plant(
    'INV-26',
    'an erasure that does not come to its end',
    change('erasure', any, (item) => {
      item['status'] = 'OPEN';
      item['at'] = 1;
      delete item['doneAt'];
    }),
  ),
  plant(
    'INV-26',
    'a member who was erased by nothing',
    remove('erasure', any, ({ pk }) => `${pk}/MEMBER`),
  ),
  plant('INV-27', 'an attribute too many', change('member', any, set({ vip: true }))),
  plant('INV-27', 'an item of no type', (items) => ({
    put: [newer(first(items, 'member'), { pk: 'X#1', type: 'x' })],
    key: 'X#1',
  })),
  plant('INV-27', 'a version that is not known', change('product', any, set({ v: 2 }))),
  plant('INV-28', 'a product that is gone', (items) => {
    const order = first(items, 'order');
    const { productId } = order.product as unknown as { productId: string };
    return { remove: [first(items, 'product', (item) => item.productId === productId)], key: keyOf(order) };
  }),
  plant(
    'INV-28',
    'a member who is gone',
    remove('member', any, (item) => String(item.memberId)),
  ),
  plant('INV-28', 'an identity of nobody', change('identity', any, set({ memberId: 'mem_NOBODY' }))),
  plant(
    'INV-29',
    'a hold that was forgotten',
    change('hold', (item) => item.status !== 'HELD', reopened(0)),
  ),
  plant(
    'INV-29',
    'a hold past its time by eleven minutes',
    change('hold', (item) => item.status !== 'HELD', reopened(Date.parse('2026-11-24T00:00:00Z'))),
  ),
  plant(
    'INV-29',
    'a hold whose time was moved back',
    change('hold', (item) => item.status === 'CAPTURED' || item.status === 'RELEASED', reopened(1)),
  ),
  plant(
    'INV-30',
    'a gift that arrives as more',
    forge('TI', (entry) => bump(entry.d as never)),
  ),
  plant(
    'INV-30',
    'a gift that arrives to live longer',
    forge('TI', (entry) => later(entry.d as never)),
  ),
  plant('INV-30', 'a gift that left and did not arrive', (items) => chainGone(items, 'TI')),
  plant('INV-31', 'a merge of which the heir has no note', (items) => {
    const note = first(items, 'merged-member');
    return { remove: [note], key: `${(note as Fields).memberId}/MEMBER` };
  }),
  plant('INV-31', 'a member who is open while their account is closed', (items) => {
    const { mergedInto: _, mergedAt: _at, ...open } = first(items, 'member', ({ mergedInto }) => mergedInto);
    return { put: [open], key: `LEDGER#POINTS#${String(open['memberId'])}` };
  }),
  plant('INV-31', 'an identity that still finds a member who was merged', (items) => {
    const [identity, note] = [first(items, 'identity'), first(items, 'merged-member')];
    return { put: [newer(identity, { memberId: note.memberId })], key: keyOf(identity), at: longAfter(note) };
  }),
  plant('INV-31', 'a member who was merged and has a phone', (items) => {
    const note = first(items, 'merged-member');
    const member = first(items, 'member', ({ memberId }) => memberId === note.memberId);
    return { put: [newer(member, { phone: SEALED })], key: keyOf(member), at: longAfter(note) };
  }),
  plant('INV-32', 'a push token that is another’s by now', (items) => {
    const [session, holder] = [first(items, 'session', ({ push }) => push), first(items, 'push-token')];
    return { put: [newer(holder, { pushId: `psh_${'0'.repeat(26)}` })], key: keyOf(session) };
  }),
  plant('INV-32', 'a push token of which nothing says whose it is', (items) => {
    const session = first(items, 'session', ({ push }) => push);
    return { remove: [first(items, 'push-token')], key: keyOf(session) };
  }),
  plant('INV-32', 'two sessions with one push token', (items) => {
    const [session, other] = [
      first(items, 'session', ({ push }) => push),
      first(items, 'session', ({ push }) => !push),
    ];
    const { push, pushId, pushDigest } = session;
    return { put: [newer(other, { push, pushId, pushDigest })], key: keyOf(other) };
  }),
];

const longAfter = ({ at }: Fields): number => Number(at) + 700_000;

function reopened(expiresAt: number) {
  return (item: Record<string, unknown>) => {
    delete item.ended;
    const gsi2sk = `${new Date(expiresAt).toISOString()}#${String(item.holdId)}`;
    Object.assign(item, { status: 'HELD', expiresAt, gsi2pk: 'HOLDS', gsi2sk });
  };
}

function later(lots: Record<string, number>): void {
  const [name = ''] = Object.keys(lots);
  const amount = lots[name] ?? 0;
  delete lots[name];
  lots['20991231'] = amount;
}

/** The purchase that the newest entry of its chain is of. */
function newestPurchase(items: readonly Item[]): Item & Fields {
  const isNewest = ({ memberId, seq }: Fields) =>
    seq !== undefined && isHead(items, { pk: `LEDGER#POINTS#${String(memberId)}`, sk: String(seq).padStart(10, '0') });
  return first(items, 'purchase', isNewest);
}

function isHead(items: readonly Item[], { pk, sk }: { pk: string; sk: string }): boolean {
  return !items.some((item) => item.pk === pk && item.sk > sk);
}

/** The chain on which such an entry lies, gone from there on; the key is that of the other side. */
function chainGone(items: readonly Item[], kind: string): Broken {
  const entry = first(items, 'entry', (item) => item.k === kind);
  const other = items.find(
    (item) => item.type === 'entry' && (item as never as Fields).r === entry.r && item.pk !== entry.pk,
  );
  const gone = items.filter((item) => item.pk === entry.pk && item.sk >= entry.sk);
  return { remove: gone, key: other ? keyOf(other) : '' };
}
