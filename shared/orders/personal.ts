import { exchange } from '../table/commit.ts';
import { isOpen } from './rules.ts';
import { dropAddress, findOrder, type Order, ordersOfMember } from './store.ts';
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
  const found = await Promise.all([...new Set([...young, ...open])].map((orderId) => findOrder(orderId)));
  return found.flatMap((order) => (order?.memberId === memberId && isOpen(order.status) ? [order.orderId] : []));
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
