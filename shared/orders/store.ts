import type { Announcement, EventName } from '../events.ts';
import type { Bilingual } from '../platform/bilingual.ts';
import { iso } from '../platform/clock.ts';
import { get, getMany, query } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, type Write } from '../table/writes.ts';
import type { OrderStatus } from './rules.ts';

/** One thing that was done to an order, and by which request, so that the same request again is recognised. */
export interface Step {
  status: OrderStatus;
  at: number;
  by: 'MEMBER' | 'STAFF';
  clientId?: string;
  /** Digests of the caller's key and of what was asked under it. */
  key: string;
  request: string;
}

export interface Order {
  orderId: string;
  memberId: string;
  /** Whose it is since that member was merged. */
  ownerId?: string;
  status: OrderStatus;
  /** Counts what is done to it from 1. */
  version: number;
  /** As it was when the order was placed. */
  product: { productId: string; name: Bilingual; pricePoints: number };
  quantity: number;
  points: number;
  /** The SPEND entry that paid, the lots it drew from, and what each has got back. */
  currency: string;
  seq: number;
  draws: Record<string, number>;
  returned: Record<string, number>;
  /** Sealed. */
  shipTo?: string;
  shipment?: { carrier: string; trackingNumber: string };
  refund?: { points: number; lapsed: number; seq: number; heirId?: string };
  placedAt: number;
  timeline: readonly Step[];
}

export function findOrder(orderId: string): Promise<Order | undefined> {
  return get<Order>(keys.order(orderId));
}

/** These orders, in no order. */
export function findOrders(orderIds: readonly string[]): Promise<Order[]> {
  return getMany<Order>(orderIds.map(keys.order), 'consistent');
}

/** Whose an order is by now. */
export function ownerOf({ memberId, ownerId = memberId }: Order): string {
  return ownerId;
}

/** The write by which an order of one who was merged is their heir's. */
export function handTo(order: Order, heirId: string): Write {
  const { gsi1pk } = keys.memberOrders(heirId, '', '');
  const { gsi1pk: before } = keys.memberOrders(ownerOf(order), '', '');
  const to = { set: { ownerId: heirId, gsi1pk }, when: [['gsi1pk', '=', before]] } as const;
  return change(keys.order(order.orderId), to, 'orders.moved');
}

/** A page of a member's orders, newest first, older than `before`. */
export function ordersOfMember(memberId: string, before: string | undefined, limit: number) {
  const { gsi1pk: pk } = keys.memberOrders(memberId, '', '');
  return query<Order & { gsi1sk: string }>({ index: 'gsi1', pk, before, newestFirst: true, limit });
}

/** A page of the orders in a status, newest first, older than `before`. */
export function ordersIn(status: OrderStatus, before: string | undefined, limit: number) {
  const { gsi2pk: pk } = keys.statusOrders(status, '', '');
  return query<Order & { gsi2sk: string }>({ index: 'gsi2', pk, before, newestFirst: true, limit });
}

/** The write that places an order. */
export function add(order: Order): Write {
  const { orderId, memberId, status, placedAt } = order;
  const item = {
    ...keys.order(orderId),
    ...keys.memberOrders(memberId, iso(placedAt), orderId),
    ...keys.statusOrders(status, iso(placedAt), orderId),
    type: 'order',
    v: 1,
    ...order,
  };
  return put(item, 'orders.already_placed');
}

/** The write that makes this the order's next version, unless something else was done to it first. */
export function advance(order: Order): Write {
  const { orderId, status, version, placedAt, timeline, shipment, refund, returned } = order;
  const { gsi2pk } = keys.statusOrders(status, iso(placedAt), orderId);
  const set = { status, version, timeline, returned, gsi2pk, ...(shipment && { shipment }), ...(refund && { refund }) };
  return change(keys.order(orderId), { set, when: [['version', '=', version - 1]] }, 'orders.moved');
}

/** The write that takes the address away from an order. */
export function dropAddress({ orderId, version }: Order): Write {
  return change(keys.order(orderId), { remove: ['shipTo'], when: [['version', '=', version]] }, 'orders.moved');
}

const NAMES: Record<OrderStatus, EventName> = {
  PENDING_SHIPMENT: 'order.placed',
  IN_TRANSIT: 'order.shipped',
  RECEIVED: 'order.received',
  CANCELLED: 'order.cancelled',
};

/** What an order item that appeared or changed says on the bus: one event for each new step. */
export function orderAnnouncements(order: Order, before: Order | undefined): Announcement[] {
  const { orderId, memberId, product, quantity, points } = order;
  const fresh = order.timeline.slice(before?.timeline.length ?? 0);
  return fresh.map(({ status, at }, i) => {
    const version = (before?.timeline.length ?? 0) + i + 1;
    const detail = { orderId, memberId, productId: product.productId, quantity, points, status };
    return { name: NAMES[status], id: `${orderId}:${version}`, at, detail };
  });
}
