import type { Announcement } from '../events.ts';
import { get } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { put, type Write } from '../table/writes.ts';

/** A purchase that a till reported, and what it earned: enough to work a return out later. */
export interface Purchase {
  number: string;
  purchaseId: string;
  memberId: string;
  amountFen: number;
  /** As the caller gave it, for telling a repeat from a reuse; absent when it was not given. */
  givenAt?: number;
  occurredAt: number;
  recordedAt: number;
  points: number;
  lastDay?: string;
  /** Rule and version that earned, as `BASE@3`. */
  rule: string;
  /** The entry it became; absent when it earned nothing. */
  currency?: string;
  seq?: number;
  clientId: string;
  /** The version of this document, counted from 1 by what happens to it later. */
  version: number;
}

export function findPurchase(number: string): Promise<Purchase | undefined> {
  return get<Purchase>(keys.purchase(number));
}

export function addPurchase(purchase: Purchase): Write {
  return put({ ...keys.purchase(purchase.number), type: 'purchase', v: 1, ...purchase }, 'purchases.number_reused');
}

/** What a new purchase item says on the bus. */
export function purchaseAnnouncements({
  purchaseId,
  memberId,
  amountFen,
  points,
  recordedAt,
}: Purchase): Announcement[] {
  const detail = { purchaseId, memberId, amountFen, points };
  return [{ name: 'purchase.reported', id: purchaseId, at: recordedAt, detail }];
}
