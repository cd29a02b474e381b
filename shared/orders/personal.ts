import { heirOf, mergedUnder, notErased } from '../members/members.ts';
import { orderedBy } from '../points/points.ts';
import { exchange } from '../table/commit.ts';
import { isOpen } from './rules.ts';
import { dropAddress, findOrder, findOrders, handTo, type Order, ordersOfMember, ownerOf } from './store.ts';
import { memberView } from './views.ts';

const PAGE = 100;

/** All orders of a member, newest first, page by page. */
export async function* allOrdersOf(memberId: string): AsyncGenerator<Order> {
  let before: string | undefined;
  do {
    const page = await ordersOfMember(memberId, before, PAGE);
    yield* page;
    before = page.length === PAGE ? page.at(-1)?.gsi1sk : undefined;
  } while (before !== undefined);
}

/** The orders of a member that are under way, of all that are listed and of these, which need not be listed yet. */
export async function openOrdersOf(memberId: string, young: readonly string[]): Promise<string[]> {
  const open = new Set<string>();
  for await (const { orderId, status } of allOrdersOf(memberId)) if (isOpen(status)) open.add(orderId);
  const found = await findOrders([...new Set([...young, ...open])]);
  const isTheirs = (order: Order) => ownerOf(order) === memberId && isOpen(order.status);
  return found.filter(isTheirs).map(({ orderId }) => orderId);
}

async function eraseAddress(orderId: string): Promise<void> {
  await exchange(async () => {
    const order = await findOrder(orderId);
    return { writes: order?.shipTo === undefined ? [] : [dropAddress(order)], answer: null };
  });
}

/** Takes the addresses away from the orders of one who is erased; again changes nothing. */
export async function eraseAddresses(memberId: string): Promise<void> {
  for await (const { orderId, shipTo } of allOrdersOf(memberId)) if (shipTo !== undefined) await eraseAddress(orderId);
}

const MOST_ORDERS = 1_000;

/** What a member ordered and where it went, the newest first. */
export async function heldOn(memberId: string) {
  const orders: Awaited<ReturnType<typeof memberView>>[] = [];
  for await (const order of allOrdersOf(memberId)) {
    if (orders.length === MOST_ORDERS) break;
    orders.push(await memberView(order));
  }
  return { orders };
}

/** Makes these orders the heir's of one who was merged, all in one transaction; those that are theirs already stay. */
async function handOver(memberId: string, orderIds: readonly string[]): Promise<void> {
  await exchange(async () => {
    const heirId = await heirOf(memberId);
    // What lies under the old member goes with an heir who was erased (`privacy`).
    if (heirId === undefined) return { writes: [], answer: null };
    const others = (await findOrders(orderIds)).filter((order) => ownerOf(order) !== heirId);
    const writes = others.map((order) => handTo(order, heirId));
    return { writes: writes.length === 0 ? [] : [notErased(heirId, 'members.moved'), ...writes], answer: null };
  });
}

/**
 * Makes the orders of one who was merged, and of whoever was merged into them, the heir's: they are listed with the
 * heir's own. The ledger says which there are, so none is missed. Again changes nothing, and what stopped goes on.
 */
export async function onMemberMerged(memberId: string): Promise<void> {
  for (const one of [memberId, ...(await mergedUnder(memberId))]) {
    for await (const orderIds of orderedBy(one)) await handOver(memberId, orderIds);
  }
}
