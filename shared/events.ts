/**
 * Every event that leaves on the bus: `detail-type` and what it says. Details carry ids, numbers and days, never
 * anything personal. `functions/<room>/on-<name with dashes>.ts` is what reacts.
 */
export const events = {
  'member.registered': 'a member exists',
  'member.identity_changed': 'what a member is recognised by was changed: their phone, a provider, or by a merge',
  'member.merged': 'a member was closed, and all that was theirs is their heir’s',
  'member.erased': 'a member is nobody’s any more, and what was personal goes',
  'points.earned': 'points were granted',
  'points.spent': 'points were spent',
  'points.refunded': 'spent points came back',
  'points.expired': 'a lot lapsed and that was written down',
  'points.activated': 'pending points became available',
  'points.held': 'points were set aside',
  'points.captured': 'points that were set aside were used',
  'points.released': 'points that were set aside came back',
  'points.clawed_back': 'a return took back what its purchase had earned',
  'points.adjusted_up': 'staff gave points',
  'points.adjusted_down': 'staff took points',
  'points.transferred_out': 'points went to another member',
  'points.transferred_in': 'points came from another member',
  'points.exchanged_out': 'points went into another currency',
  'points.exchanged_in': 'points came from another currency',
  'points.merged_out': 'an account was closed and all it had went to its heir',
  'points.merged_in': 'an account took over all that another had',
  'points.debt_paid': 'points paid a debt',
  'points.frozen': 'staff stopped what a member spends',
  'points.thawed': 'a member may spend again',
  'points.expiring_soon': 'a member was told what will lapse, and when',
  'points.lot_opened': 'an account first carries points of this last day',
  'product.changed': 'a product was put on the shelf or changed',
  'purchase.reported': 'a till reported a purchase',
  'purchase.returned': 'a till reported a return',
  'webhook.disabled': 'a partner’s address has failed for days and is told nothing more',
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

/** Whether an announcement is one of ours, and says all that it says: a text, a whole number or a truth in each place. */
export function isWhole({ name, id, at, detail }: Announcement): boolean {
  const said = Object.values(detail).every((one) =>
    typeof one === 'number' ? Number.isSafeInteger(one) : ['string', 'boolean'].includes(typeof one),
  );
  return Object.hasOwn(events, name) && typeof id === 'string' && !Number.isNaN(new Date(at).getTime()) && said;
}
