import type { CallerOf } from '../http/caller.ts';
import { unseal } from '../keyring/sealing.ts';
import type { ShipTo } from '../members/members.ts';
import { iso } from '../platform/clock.ts';
import { maskName, maskPhone } from '../platform/masking.ts';
import { type Order, ownerOf } from './store.ts';

/** The place for which the address of an order is sealed. */
export function shipToPlace(orderId: string): string {
  return `order:${orderId}:shipTo`;
}

async function shipToOf({ orderId, shipTo }: Order): Promise<ShipTo | null> {
  return shipTo === undefined ? null : (JSON.parse(await unseal(shipTo, shipToPlace(orderId))) as ShipTo);
}

function masked(shipTo: ShipTo | null): ShipTo | null {
  return shipTo && { recipient: maskName(shipTo.recipient), phone: maskPhone(shipTo.phone), address: '***' };
}

function plain(order: Order) {
  const { orderId, status, product, quantity, points, shipment = null, refund, placedAt } = order;
  return {
    orderId,
    status,
    product,
    quantity,
    points,
    shipment,
    refund: refund ? { points: refund.points, lapsed: refund.lapsed } : null,
    placedAt: iso(placedAt),
  };
}

/** An order as its member sees it. */
export async function memberView(order: Order) {
  const timeline = order.timeline.map(({ status, at, by }) => ({ status, at: iso(at), by }));
  return { ...plain(order), shipTo: await shipToOf(order), timeline };
}

/** An order as staff see it: where it goes is clear only to who may ship it. */
export async function staffView(order: Order, caller?: Pick<CallerOf<'staff'>, 'grants'>) {
  const shipTo = await shipToOf(order);
  const timeline = order.timeline.map(({ status, at, by, clientId }) => ({
    status,
    at: iso(at),
    by,
    ...(clientId && { clientId }),
  }));
  return {
    ...plain(order),
    memberId: ownerOf(order),
    shipTo: caller?.grants.includes('orders.ship') ? shipTo : masked(shipTo),
    timeline,
  };
}
