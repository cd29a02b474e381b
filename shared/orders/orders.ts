import { onShelf, take } from '../catalog/catalog.ts';
import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { seal } from '../keyring/sealing.ts';
import { addressOf, mustMaySpend, notErased, type ShipTo } from '../members/members.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
import { move, POINTS, reference } from '../points/points.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { eraseAddresses, heldOn, onMemberMerged, openOrdersOf } from './personal.ts';
import type { OrderStatus } from './rules.ts';
import {
  add,
  findOrder,
  type Order,
  orderAnnouncements,
  ordersIn,
  ordersOfMember,
  ownerOf,
  type Step,
} from './store.ts';
import { shipToPlace } from './views.ts';

export type { Order };
export { eraseAddresses, heldOn, onMemberMerged, openOrdersOf };

/** What a member wants to redeem. `pricePoints` is the price of a piece that they saw. */
export interface Wish {
  productId: string;
  quantity: number;
  pricePoints?: number | undefined;
  /** Where it goes, or which of the member's addresses that is. */
  shipTo?: ShipTo | { addressId: string } | undefined;
}

/** The address itself: what becomes of the book afterwards does not change where an order goes. */
async function shipToOf(memberId: string, { shipTo }: Wish): Promise<ShipTo | undefined> {
  return shipTo && 'addressId' in shipTo ? addressOf(memberId, shipTo.addressId) : shipTo;
}

/** The order and the three writes that make it: the points, the pieces, the order itself. */
async function decide(orderId: string, memberId: string, wish: Wish, step: Omit<Step, 'at'>, basis: Basis) {
  const { productId, quantity } = wish;
  await mustMaySpend(memberId, basis);
  const { name, pricePoints } = await onShelf(productId);
  if (wish.pricePoints !== undefined && wish.pricePoints !== pricePoints) {
    throw new Refusal('catalog.price_changed', { pricePoints });
  }
  const shipTo = await shipToOf(memberId, wish);
  const points = quantity * pricePoints;
  const account = { memberId, currency: POINTS };
  const spending = { kind: 'SPEND', amount: points, reference: reference('order', orderId) } as const;
  const spent = await move(account, spending, basis);
  const placedAt = spent.draft.recordedAt;
  // Whose points paid: of one who was merged a moment ago, the heir's.
  const payer = spent.memberId;
  const order: Order = {
    orderId,
    memberId: payer,
    status: step.status,
    version: 1,
    product: { productId, name, pricePoints },
    quantity,
    points,
    currency: POINTS,
    seq: spent.seq,
    draws: spent.draft.draws,
    returned: {},
    ...(shipTo && { shipTo: await seal(JSON.stringify(shipTo), shipToPlace(orderId)) }),
    placedAt,
    timeline: [{ ...step, at: placedAt }],
  };
  return {
    writes: [
      ...(shipTo ? [notErased(payer, 'members.moved')] : []),
      spent.write,
      take(productId, quantity),
      add(order),
    ],
    answer: order,
  };
}

/**
 * Redeems a gift: points, pieces and order in one transaction, all or nothing. The same key again gets the same
 * order; another wish under the same key is refused.
 */
export async function place(memberId: string, wish: Wish, by: By): Promise<Outcome<Order>> {
  const orderId = await idUnderKey('ord', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  const step = { status: 'PENDING_SHIPMENT', by: 'MEMBER', key: await requestDigest(by), request } as const;
  return exchange(
    (basis) => decide(orderId, memberId, wish, step, basis),
    async () => {
      const placed = await findOrder(orderId);
      if (placed && placed.timeline[0]?.request !== request) throw new Refusal('request.key_reused');
      return placed;
    },
  );
}

/** An order of this member; another's is not there, like one that never was. */
export async function orderOf(memberId: string, orderId: string): Promise<Order> {
  const order = await findOrder(orderId);
  if (!order || ownerOf(order) !== memberId) throw new Refusal('orders.not_found');
  return order;
}

/** Any order, for staff. */
export async function orderForStaff(orderId: string): Promise<Order> {
  const order = await findOrder(orderId);
  if (!order) throw new Refusal('orders.not_found');
  return order;
}

interface Page {
  orders: Order[];
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
}

/** A page of a member's orders, newest first. */
export async function listMine(memberId: string, before: string | undefined, limit: number): Promise<Page> {
  const found = await ordersOfMember(memberId, before, limit + 1);
  return { orders: found.slice(0, limit), next: found.length > limit ? found[limit - 1]?.gsi1sk : undefined };
}

/** A page of the orders in one status, newest first. */
export async function listIn(status: OrderStatus, before: string | undefined, limit: number): Promise<Page> {
  const found = await ordersIn(status, before, limit + 1);
  return { orders: found.slice(0, limit), next: found.length > limit ? found[limit - 1]?.gsi2sk : undefined };
}

/** What an order item that appeared or changed says on the bus. */
export function announce(item: unknown, before: unknown): Announcement[] {
  return orderAnnouncements(item as Order, before as Order | undefined);
}
