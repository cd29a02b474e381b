import type { Calendar } from './days.ts';
import { type Entry, entryOf } from './entry.ts';
import type { Report } from './findings.ts';
import type { Item } from './item.ts';

/** One chain: a member's account in one currency, oldest entry first. */
export interface Chain {
  pk: string;
  currency: string;
  memberId: string;
  entries: Entry[];
}

/** All that was read, sorted by what it is, and the instant of which it is judged. */
export interface World {
  at: number;
  calendar: Calendar;
  chains: Map<string, Chain>;
  /** Every item whose shape is right, by `pk/sk`. */
  items: Map<string, Item>;
  /** The same by type. */
  byType: Map<string, Item[]>;
  report: Report;
}

/** Where a chain lies. */
export function chainKey(currency: string, memberId: string): string {
  return `LEDGER#${currency}#${memberId}`;
}

/** A sequence number as a sort key. */
export function seqKey(seq: number): string {
  return String(seq).padStart(10, '0');
}

/** The items of one type. */
export function ofType(world: World, type: string): Item[] {
  return world.byType.get(type) ?? [];
}

/** The entry of this number on this chain. */
export function entryAt(world: World, currency: string, memberId: string, seq: number): Entry | undefined {
  const entries = world.chains.get(chainKey(currency, memberId))?.entries ?? [];
  const there = entries[seq - 1];
  return there?.seq === seq ? there : entries.find((entry) => entry.seq === seq);
}

/** On which chain the movements of this member go on, where accounts were merged. */
export function livingMember(world: World, currency: string, memberId: string): string {
  let current = memberId;
  for (let heirs = 0; heirs < 10; heirs += 1) {
    const last = world.chains.get(chainKey(currency, current))?.entries.at(-1);
    if (last?.kind !== 'MERGE_OUT' || last.parts.party === undefined) return current;
    current = last.parts.party;
  }
  return current;
}

/** Whether movements for this member may lie on that one's chain: it is theirs, or an heir's. */
export function leadsTo(world: World, currency: string, memberId: string, owner: string): boolean {
  let current = memberId;
  for (let heirs = 0; heirs < 10; heirs += 1) {
    if (current === owner) return true;
    const last = world.chains.get(chainKey(currency, current))?.entries.at(-1);
    if (last?.kind !== 'MERGE_OUT' || last.parts.party === undefined) return false;
    current = last.parts.party;
  }
  return false;
}

/** Sorts what was read. */
export function worldOf(items: readonly Item[], judged: Pick<World, 'at' | 'calendar' | 'report'>): World {
  const world: World = { ...judged, chains: new Map(), items: new Map(), byType: new Map() };
  for (const item of items) {
    world.items.set(item.key, item);
    const alike = world.byType.get(item.type);
    if (alike) alike.push(item);
    else world.byType.set(item.type, [item]);
    if (item.type !== 'entry') continue;
    const [, currency = '', memberId = ''] = item.pk.split('#');
    const chain = world.chains.get(item.pk) ?? { pk: item.pk, currency, memberId, entries: [] };
    chain.entries.push(entryOf(item));
    world.chains.set(item.pk, chain);
  }
  for (const chain of world.chains.values()) chain.entries.sort((one, other) => one.seq - other.seq);
  return world;
}
