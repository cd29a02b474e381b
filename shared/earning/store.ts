import type { Announcement } from '../events.ts';
import { get, type Reading } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, type Write } from '../table/writes.ts';
import type { Line, LineReturn, Pieces } from './lines.ts';

/** A purchase that a till reported, what it earned, and what has been returned of it. */
export interface Purchase {
  number: string;
  purchaseId: string;
  memberId: string;
  amountFen: number;
  /** As the caller gave it, for telling a repeat from a reuse; absent when it was not given. */
  givenAt?: number;
  occurredAt: number;
  recordedAt: number;
  /** When its points count: later than `occurredAt` where the account had moved on. */
  effectiveAt: number;
  points: number;
  lastDay?: string;
  /** The day on which they become available, where they are pending before. */
  availableOn?: string;
  /** Rule and version that earned, as `BASE@3`. */
  rule: string;
  /** The entry it became; absent when it earned nothing. */
  currency?: string;
  seq?: number;
  /** On whose chain the entry lies, where the member's account had been merged. */
  heirId?: string;
  clientId: string;
  /** The version of this document, counted from 1 by what happens to it later. */
  version: number;
  lines?: readonly Line[];
  returnedFen: number;
  returnedLines?: Record<string, Pieces>;
  /** How many of its points returns have taken back. */
  clawedBack: number;
}

/** A return of (a part of) a purchase, and where the points that it took back were. */
export interface PurchaseReturn {
  number: string;
  returnId: string;
  /** The number of its purchase. */
  purchase: string;
  memberId: string;
  amountFen: number;
  lines?: readonly LineReturn[];
  givenAt?: number;
  occurredAt: number;
  recordedAt: number;
  effectiveAt: number;
  /** Taken + counted + owed + lost + offset. */
  points: number;
  taken: number;
  counted: number;
  owed: number;
  lost: number;
  offset: number;
  currency?: string;
  seq?: number;
  heirId?: string;
  clientId: string;
}

export async function findPurchase(number: string, reading: Reading = 'consistent'): Promise<Purchase | undefined> {
  const found = await get<Purchase>(keys.purchase(number), reading);
  if (!found) return undefined;
  // The first purchases said nothing of returns, and counted when they were written.
  const unsaid = { effectiveAt: found.recordedAt, returnedFen: 0, clawedBack: 0 };
  return { ...unsaid, ...found };
}

export function addPurchase(purchase: Purchase): Write {
  return put({ ...keys.purchase(purchase.number), type: 'purchase', v: 1, ...purchase }, 'purchases.number_reused');
}

/** Writes down what has been returned of the purchase, unless it has changed since it was read. */
export function returnOf(
  { number, version }: Purchase,
  back: Pick<Purchase, 'returnedFen' | 'clawedBack'> & Pick<Partial<Purchase>, 'returnedLines'>,
): Write {
  const set = { ...back, version: version + 1 };
  return change(keys.purchase(number), { set, when: [['version', '=', version]], proof: 'version' }, 'purchases.moved');
}

export function findReturn(number: string): Promise<PurchaseReturn | undefined> {
  return get<PurchaseReturn>(keys.purchaseReturn(number));
}

export function addReturn(back: PurchaseReturn): Write {
  return put({ ...keys.purchaseReturn(back.number), type: 'return', v: 1, ...back }, 'purchases.return_reused');
}

/** History that counts from its own time. */
function history({ effectiveAt, recordedAt }: Pick<Purchase, 'effectiveAt' | 'recordedAt'>): { backfill?: true } {
  return effectiveAt < recordedAt ? { backfill: true } : {};
}

/** What a new purchase item says on the bus. */
export function purchaseAnnouncements(purchase: Purchase): Announcement[] {
  const { purchaseId, memberId, amountFen, points, recordedAt } = purchase;
  const detail = { purchaseId, memberId, amountFen, points, ...history(purchase) };
  return [{ name: 'purchase.reported', id: purchaseId, at: recordedAt, detail }];
}

/** What a new return item says on the bus. */
export function returnAnnouncements(back: PurchaseReturn): Announcement[] {
  const { returnId, number, purchase, memberId, amountFen, points, recordedAt } = back;
  const { taken, counted, owed, lost, offset } = back;
  const detail = { returnId, number, purchase, memberId, amountFen, points, taken, counted, owed, lost, offset };
  return [{ name: 'purchase.returned', id: returnId, at: recordedAt, detail: { ...detail, ...history(back) } }];
}
