import { type Claim, claimKey } from './causes.ts';
import type { Entry } from './entry.ts';
import { type Chain, chainKey, leadsTo, type World } from './world.ts';

/** The kinds that a document causes; each reference of theirs is used once in the whole programme. */
const CAUSED: Record<string, readonly string[]> = {
  EARN: ['purchase'],
  CLAWBACK: ['return'],
  SPEND: ['order'],
  REFUND: ['cancel'],
  HOLD: ['hold'],
  CAPTURE: ['capture'],
  RELEASE: ['release', 'timeout'],
  ADJUST_UP: ['adjustment', 'undo', 'grant'],
  ADJUST_DOWN: ['adjustment', 'undo'],
};

/** The kinds that have another side, and what their references begin with. */
const SIDES: Record<string, readonly [other: string, reference: string]> = {
  TRANSFER_OUT: ['TRANSFER_IN', 'transfer'],
  TRANSFER_IN: ['TRANSFER_OUT', 'transfer'],
  EXCHANGE_OUT: ['EXCHANGE_IN', 'exchange'],
  EXCHANGE_IN: ['EXCHANGE_OUT', 'exchange'],
  MERGE_OUT: ['MERGE_IN', 'merge'],
  MERGE_IN: ['MERGE_OUT', 'merge'],
};

/** Kinds that are their own cause. */
const ALONE: Record<string, string> = { EXPIRE: 'lapse', FREEZE: 'freeze', THAW: 'thaw' };

/** One entry with the chain on which it lies. */
export interface Placed {
  entry: Entry;
  chain: Chain;
}

const prefixOf = (reference: string): string => reference.slice(0, Math.max(0, reference.indexOf(':')));

/** In what an entry's reference must be alone: an uploaded row is one by its member, a merge by its currency. */
function scopeOf({ kind, reference }: Entry, { pk, currency }: Chain): string {
  if (kind.startsWith('MERGE')) return currency;
  return prefixOf(reference) === 'grant' || kind in ALONE ? pk : '';
}

/** All entries by kind and reference, for whoever looks for another side. */
export function byReference(world: World): Map<string, Placed[]> {
  const found = new Map<string, Placed[]>();
  for (const chain of world.chains.values()) {
    for (const entry of chain.entries) {
      const key = `${entry.kind} ${entry.reference}`;
      const alike = found.get(key);
      if (alike) alike.push({ entry, chain });
      else found.set(key, [{ entry, chain }]);
    }
  }
  return found;
}

/** Whether two entries are the two sides of one thing. */
function isOtherSide(world: World, one: Placed, other: Placed): boolean {
  const { kind, parts } = one.entry;
  const party = parts.party ?? '';
  if (kind.startsWith('EXCHANGE')) {
    return (
      other.chain.currency === party &&
      other.chain.memberId === one.chain.memberId &&
      other.entry.parts.party === one.chain.currency
    );
  }
  const { currency } = one.chain;
  if (other.chain.currency !== currency || !leadsTo(world, currency, party, other.chain.memberId)) return false;
  return leadsTo(world, currency, other.entry.parts.party ?? '', one.chain.memberId);
}

/** The other side of an entry that has one. */
export function otherSide(world: World, all: Map<string, Placed[]>, one: Placed): Entry | undefined {
  const [kind] = SIDES[one.entry.kind] ?? [];
  const sides = all.get(`${kind} ${one.entry.reference}`) ?? [];
  return sides.find((other) => isOtherSide(world, one, other))?.entry;
}

function sideFault(world: World, all: Map<string, Placed[]>, one: Placed): string | undefined {
  const { entry } = one;
  const [kind, what] = SIDES[entry.kind] ?? [];
  if (prefixOf(entry.reference) !== what)
    return `has the reference ${entry.reference}, and a ${what} is named ${what}:…`;
  const other = otherSide(world, all, one);
  if (!other) return `has no ${kind} with its reference ${entry.reference} on the other side`;
  const isSame = entry.kind.startsWith('EXCHANGE') || other.amount === entry.amount;
  return isSame ? undefined : `moves ${entry.amount} and its other side ${other.key} moves ${other.amount}`;
}

function causeFault(claimed: Map<string, Claim>, { entry, chain }: Placed): string | undefined {
  const { kind, reference, amount, seq } = entry;
  if (!CAUSED[kind]?.includes(prefixOf(reference)))
    return `${kind} has the reference ${reference}, which is no cause of it`;
  const claim = claimed.get(claimKey(kind, reference, chain.pk));
  if (!claim) return `${kind} names ${reference}, and no document of this member says so`;
  if (claim.amount !== amount) return `moves ${amount} and ${claim.document.key} says ${claim.amount}`;
  return claim.seq === seq ? undefined : `${claim.document.key} names entry ${claim.seq} instead`;
}

/** Each entry has its cause, and each cause its one entry (INV-7). */
export function checkOrigins(world: World, claimed: Map<string, Claim>, all: Map<string, Placed[]>): void {
  const seen = new Map<string, string>();
  for (const placed of [...all.values()].flat()) {
    const { entry, chain } = placed;
    const { kind, reference, key } = entry;
    const alone = ALONE[kind];
    if (alone === undefined) {
      const fault = kind in SIDES ? sideFault(world, all, placed) : causeFault(claimed, placed);
      if (fault) world.report('INV-7', key, fault);
    } else if (prefixOf(reference) !== alone) {
      world.report('INV-7', key, `${kind} has the reference ${reference}, and should be named ${alone}:…`);
    }
    if (kind === 'EXPIRE') continue;
    const place = `${kind} ${reference} ${scopeOf(entry, chain)}`;
    const before = seen.get(place);
    if (before !== undefined) world.report('INV-7', key, `has the same kind and reference as ${before}: ${reference}`);
    seen.set(place, key);
  }
}

/** A claim that the documents of a member make of an entry that lies with somebody else (INV-7). */
export function checkOwners(world: World, claims: readonly Claim[]): void {
  for (const { document, currency, memberId, owner } of claims) {
    if (leadsTo(world, currency, memberId, owner)) continue;
    world.report(
      'INV-7',
      document.key,
      `is of ${memberId} and names an entry of ${chainKey(currency, owner)}, to whom nothing was merged`,
    );
  }
}
