/**
 * Every event that leaves on the bus: `detail-type` and what it says. Details carry ids, numbers and days, never
 * anything personal. `functions/<room>/on-<name with dashes>.ts` is what reacts.
 */
export const events = {
  'member.registered': 'a member exists',
  'points.earned': 'points were granted',
  'points.spent': 'points were spent',
  'points.refunded': 'spent points came back',
  'points.expired': 'a lot lapsed and that was written down',
  'points.lot_opened': 'an account first carries points of this last day',
  'product.changed': 'a product was put on the shelf or changed',
  'purchase.reported': 'a till reported a purchase',
  'order.placed': 'a gift was redeemed',
  'order.shipped': 'an order left',
  'order.received': 'the member has it',
  'order.cancelled': 'an order was cancelled and its points went back',
} as const satisfies Record<string, string>;

export type EventName = keyof typeof events;

export const eventSource = 'points-mall';

/** One event before it is sent. `id` is the same on every re-send; `at` is when it became true, in epoch milliseconds. */
export interface Announcement {
  name: EventName;
  id: string;
  at: number;
  detail: Record<string, string | number | boolean>;
}
