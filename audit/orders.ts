import { type Lots, total } from './lots.ts';
import type { Placed } from './origins.ts';
import { sumOf } from './purchases.ts';
import { referenceOf } from './seal.ts';
import { entryAt, ofType, type World } from './world.ts';

interface Order {
  orderId: string;
  memberId: string;
  heirId?: string;
  status: string;
  version: number;
  product: { productId: string; pricePoints: number };
  quantity: number;
  points: number;
  currency: string;
  draws: Lots;
  returned: Lots;
  refund?: { points: number; lapsed: number; seq: number; heirId?: string };
  timeline: { status: string; at: number; by: string; key: string }[];
}

function pointFaults(world: World, order: Order): string[] {
  const { status, points, quantity, product, draws, returned, refund, memberId, heirId, currency } = order;
  const faults: string[] = [];
  if (points !== quantity * product.pricePoints)
    faults.push(`${quantity} pieces at ${product.pricePoints} are not ${points}`);
  if (total(draws) !== points) faults.push(`cost ${points} and drew ${total(draws)}`);
  const isMore = Object.keys(returned).find((lot) => (returned[lot] ?? 0) > (draws[lot] ?? 0));
  if (isMore !== undefined) faults.push(`the lot ${isMore} got back more than it gave`);
  const isCancelled = status === 'CANCELLED';
  if (isCancelled && (!refund || refund.points !== points || total(returned) !== points))
    faults.push(`is cancelled, and ${refund?.points ?? 0} of ${points} went back`);
  if (!isCancelled && (refund || total(returned) > 0)) faults.push(`is ${status}, and points went back`);
  if (!refund) return faults;
  const entry = entryAt(world, currency, refund.heirId ?? heirId ?? memberId, refund.seq);
  if (entry && total(entry.parts.lapsed) !== refund.lapsed)
    faults.push(`says ${refund.lapsed} lapsed as they came back, and its entry ${total(entry.parts.lapsed)}`);
  const isMembers = order.timeline.at(-1)?.by === 'MEMBER';
  const grace = Object.keys(entry?.draws ?? {}).find((lot) => lot.endsWith('g') && !(lot in draws));
  if (isMembers && grace !== undefined) faults.push(`the member cancelled it, and got days of grace: ${grace}`);
  return faults;
}

const WAYS: Record<string, readonly string[]> = {
  '': ['PENDING_SHIPMENT'],
  PENDING_SHIPMENT: ['IN_TRANSIT', 'CANCELLED'],
  IN_TRANSIT: ['RECEIVED'],
};

function stepFaults({ status, version, timeline }: Order): string[] {
  const faults: string[] = [];
  let before = { status: '', at: 0 };
  for (const step of timeline) {
    if (!WAYS[before.status]?.includes(step.status))
      faults.push(`went from ${before.status || 'nothing'} to ${step.status}`);
    if (step.at < before.at) faults.push(`was ${step.status} before it was ${before.status}`);
    before = step;
  }
  if (before.status !== status) faults.push(`is ${status}, and its last step is ${before.status}`);
  if (version !== timeline.length) faults.push(`is at version ${version} after ${timeline.length} steps`);
  if (new Set(timeline.map(({ key }) => key)).size !== timeline.length) faults.push('one request did two steps');
  return faults;
}

/** Orders agree with the points that they moved (INV-8) and took one legal way (INV-9). */
export function checkOrders(world: World, all: Map<string, Placed[]>): void {
  for (const item of ofType(world, 'order')) {
    const { key } = item;
    const order = item.all as unknown as Order;
    const faults = pointFaults(world, order);
    const isBack = all.has(`REFUND ${referenceOf('cancel', order.orderId)}`);
    if (isBack && !order.refund) faults.push('points went back, and it does not say so');
    for (const fault of faults) world.report('INV-8', key, fault);
    for (const fault of stepFaults(order)) world.report('INV-9', key, fault);
  }
}

/** The pieces of each product: what is left, what was sold, what came back (INV-10). */
export function checkStock(world: World): void {
  const orders = Map.groupBy(
    ofType(world, 'order').map(({ all }) => all as unknown as Order),
    ({ product }) => product.productId,
  );
  for (const { key, all } of ofType(world, 'stock')) {
    const stock = all as unknown as Record<'initial' | 'restocked' | 'available' | 'sold' | 'returned', number> & {
      productId: string;
    };
    const placed = orders.get(stock.productId) ?? [];
    const sold = sumOf(placed, ({ quantity }) => quantity);
    const back = sumOf(
      placed.filter(({ status }) => status === 'CANCELLED'),
      ({ quantity }) => quantity,
    );
    const { initial, restocked, available, returned } = stock;
    const there = initial + restocked - stock.sold + returned;
    if (there !== available || available < 0)
      world.report('INV-10', key, `${available} are left, and by its sums it is ${there}`);
    if (stock.sold !== sold) world.report('INV-10', key, `says ${stock.sold} sold, and orders say ${sold}`);
    if (returned !== back) world.report('INV-10', key, `says ${returned} came back, and orders say ${back}`);
  }
}
