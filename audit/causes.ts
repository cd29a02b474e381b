import type { Cause } from './effect.ts';
import type { Entry } from './entry.ts';
import type { Item } from './item.ts';
import { type Lots, putAll, total } from './lots.ts';
import { referenceOf } from './seal.ts';
import { type Chain, chainKey, entryAt, ofType, seqKey, type World } from './world.ts';

/** One entry that a document says it caused. */
export interface Claim {
  document: Item;
  kind: string;
  reference: string;
  currency: string;
  memberId: string;
  /** On whose chain it lies. */
  owner: string;
  seq: number;
  amount: number;
  /** The lots that the document says the entry drew; or those that what goes back comes from. */
  draws?: Lots;
  cause: Cause;
}

type Fields = Record<string, unknown>;
const text = (fields: Fields, name: string): string => (fields[name] ?? '') as string;
const number = (fields: Fields, name: string): number => (fields[name] ?? 0) as number;

/** A claim of `document`; where the entry lies is said by `place`, which may be a part of it. */
function claim(
  document: Item,
  kind: string,
  [what, id]: readonly [string, string],
  { amount, place = document.all, draws, cause = {} }: { amount: number; place?: Fields; draws?: Lots; cause?: Cause },
): Claim {
  const memberId = text(document.all, 'memberId');
  return {
    document,
    kind,
    reference: referenceOf(what, id),
    currency: text(document.all, 'currency') || 'POINTS',
    memberId,
    owner: text(place, 'heirId') || (place === document.all ? memberId : text(document.all, 'heirId') || memberId),
    seq: number(place, 'seq'),
    amount,
    ...(draws && { draws }),
    cause,
  };
}

const ofPurchase = ({ all }: Item): Cause => ({
  ...(all.lastDay !== undefined && { lastDay: all.lastDay as string }),
  ...(all.availableOn !== undefined && { availableOn: all.availableOn as string }),
});

function purchaseClaims(item: Item): Claim[] {
  if (number(item.all, 'points') === 0 && item.all.seq === undefined) return [];
  const amount = number(item.all, 'points');
  return [claim(item, 'EARN', ['purchase', text(item.all, 'number')], { amount, cause: ofPurchase(item) })];
}

function returnClaims(item: Item, world: World): Claim[] {
  if (number(item.all, 'points') === 0 && item.all.seq === undefined) return [];
  const purchase = world.items.get(`PURCHASE#${text(item.all, 'purchase')}/PURCHASE`);
  const cause = purchase ? ofPurchase(purchase) : {};
  return [claim(item, 'CLAWBACK', ['return', text(item.all, 'number')], { amount: number(item.all, 'points'), cause })];
}

function orderClaims(item: Item): Claim[] {
  const { orderId, points, draws, refund } = item.all as {
    orderId: string;
    points: number;
    draws: Lots;
    refund?: Fields;
  };
  const placed = claim(item, 'SPEND', ['order', orderId], { amount: points, draws });
  if (!refund) return [placed];
  const amount = number(refund, 'points');
  return [placed, claim(item, 'REFUND', ['cancel', orderId], { amount, place: refund, cause: { lots: draws } })];
}

function adjustmentClaims(item: Item): Claim[] {
  const {
    adjustmentId: id,
    direction,
    amount,
    lots,
    undone,
  } = item.all as {
    adjustmentId: string;
    direction: string;
    amount: number;
    lots: Lots;
    undone?: Fields;
  };
  const isUp = direction === 'UP';
  const made = claim(item, isUp ? 'ADJUST_UP' : 'ADJUST_DOWN', ['adjustment', id], { amount, draws: lots });
  if (!undone) return [made];
  const back = isUp ? amount : total(lots) + number(item.all, 'owed');
  const cause = isUp ? { lots } : {};
  return [made, claim(item, isUp ? 'ADJUST_DOWN' : 'ADJUST_UP', ['undo', id], { amount: back, place: undone, cause })];
}

const ENDS: Record<string, readonly [kind: string, reference: string]> = {
  CAPTURED: ['CAPTURE', 'capture'],
  RELEASED: ['RELEASE', 'release'],
  TIMED_OUT: ['RELEASE', 'timeout'],
};

function holdClaims(item: Item): Claim[] {
  const { holdId, amount, draws, status, ended } = item.all as {
    holdId: string;
    amount: number;
    draws: Lots;
    status: string;
    ended?: Fields;
  };
  const made = claim(item, 'HOLD', ['hold', holdId], { amount, draws });
  const [kind, what] = ENDS[status] ?? [];
  if (!ended || !kind || !what) return [made];
  const used = kind === 'CAPTURE' ? number(ended, 'captured') : amount;
  return [made, claim(item, kind, [what, holdId], { amount: used, place: ended, cause: { lots: draws } })];
}

function grantClaims(item: Item): Claim[] {
  const { batch, lastDay, amount } = item.all as { batch: string; lastDay: string; amount: number };
  return [
    claim(item, 'ADJUST_UP', ['grant', `${batch}:${lastDay}`], { amount, cause: { lots: { [lastDay]: amount } } }),
  ];
}

/** Every entry that some document says it caused. */
export function claimsOf(world: World): Claim[] {
  return [
    ...ofType(world, 'purchase').flatMap(purchaseClaims),
    ...ofType(world, 'return').flatMap((item) => returnClaims(item, world)),
    ...ofType(world, 'order').flatMap(orderClaims),
    ...ofType(world, 'adjustment').flatMap(adjustmentClaims),
    ...ofType(world, 'hold').flatMap(holdClaims),
    ...ofType(world, 'grant').flatMap(grantClaims),
  ];
}

/** By which document and kind an entry is claimed. */
export type Claims = Map<string, Claim>;

/** By kind, reference and the chain on which it lies. */
export function claimKey(kind: string, reference: string, pk: string): string {
  return `${kind} ${reference} ${pk}`;
}

export function byEntry(claims: readonly Claim[]): Claims {
  return new Map(claims.map((one) => [claimKey(one.kind, one.reference, chainKey(one.currency, one.owner)), one]));
}

/** What the documents know of an entry; undefined where the rule cannot be worked out without one that is missing. */
export function causeFinder(world: World, claims: Claims) {
  return (entry: Entry, { pk, currency, memberId }: Chain): Cause | undefined => {
    const known = claims.get(claimKey(entry.kind, entry.reference, pk));
    if (entry.kind === 'CLAWBACK' && known?.cause.lastDay === undefined) return undefined;
    const { hold } = entry.parts;
    if (hold === undefined) return known?.cause ?? {};
    const lots: Lots = {};
    putAll(lots, entryAt(world, currency, memberId, hold)?.draws);
    return { lots };
  };
}

/** Each document has the entry that it names (INV-17), and they agree (INV-7, INV-8 and INV-9 by what it is). */
export function checkClaims(world: World, claims: readonly Claim[]): void {
  for (const one of claims) {
    const { document, reference, kind, currency, owner, seq, amount, draws } = one;
    const where = `${chainKey(currency, owner)}/${seqKey(seq)}`;
    const entry = entryAt(world, currency, owner, seq);
    if (!entry) {
      world.report('INV-17', document.key, `names the entry ${where}, which is not there`);
      continue;
    }
    if (entry.reference !== reference || entry.kind !== kind) {
      const found = `${entry.kind} ${entry.reference}`;
      world.report('INV-17', document.key, `names the entry ${where} for ${kind} ${reference}, which is ${found}`);
      continue;
    }
    if (entry.amount !== amount)
      world.report('INV-7', entry.key, `moves ${entry.amount} and ${document.key} says ${amount}`);
    const drew = draws && Object.keys({ ...draws, ...entry.draws }).find((lot) => draws[lot] !== entry.draws[lot]);
    if (drew !== undefined)
      world.report(
        document.type === 'order' ? 'INV-8' : 'INV-17',
        document.key,
        `says other lots than its entry ${where}: ${drew}`,
      );
  }
}
