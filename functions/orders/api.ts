import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { listIn, listMine, orderForStaff, orderOf, place } from '../../shared/orders/orders.ts';
import { progress } from '../../shared/orders/progress.ts';
import { memberView, staffView } from '../../shared/orders/views.ts';

async function placeIn(list: string, cursor: string | undefined): Promise<string | undefined> {
  return cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
}

export const handler = serve(ordersContract, {
  place: async ({ body: { quantity = 1, ...wish }, caller, route, key }) => {
    const { answer, replayed } = await place(caller.memberId, { quantity, ...wish }, { caller: caller.id, route, key });
    return { body: await memberView(answer), replayed };
  },

  mine: async ({ caller: { memberId }, query: { limit = 20, cursor } }) => {
    const list = `orders:${memberId}`;
    const { orders, next } = await listMine(memberId, await placeIn(list, cursor), limit);
    const items = await Promise.all(orders.map((order) => memberView(order)));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },

  readMine: async ({ caller, params }) => ({ body: await memberView(await orderOf(caller.memberId, params.orderId)) }),

  cancelMine: async ({ caller, params: { orderId }, route, key }) => {
    const under = { caller: caller.id, route: `${route} ${orderId}`, key };
    const find = () => orderOf(caller.memberId, orderId);
    const { answer, replayed } = await progress(find, { act: 'CANCEL', by: 'MEMBER', under });
    return { body: await memberView(answer), replayed };
  },

  receive: async ({ caller, params: { orderId }, route, key }) => {
    const under = { caller: caller.id, route: `${route} ${orderId}`, key };
    const find = () => orderOf(caller.memberId, orderId);
    const { answer, replayed } = await progress(find, { act: 'RECEIVE', by: 'MEMBER', under });
    return { body: await memberView(answer), replayed };
  },

  list: async ({ query: { status = 'PENDING_SHIPMENT', limit = 20, cursor } }) => {
    const list = `orders:${status}`;
    const { orders, next } = await listIn(status, await placeIn(list, cursor), limit);
    const items = await Promise.all(orders.map((order) => staffView(order, 'list')));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },

  read: async ({ params: { orderId } }) => ({ body: await staffView(await orderForStaff(orderId), 'detail') }),

  ship: async ({ caller, params: { orderId }, body, route, key }) => {
    const under = { caller: caller.id, route: `${route} ${orderId}`, key };
    const deed = { act: 'SHIP', by: 'STAFF', clientId: caller.id, under, shipment: body } as const;
    const { answer, replayed } = await progress(() => orderForStaff(orderId), deed);
    return { body: await staffView(answer, 'detail'), replayed };
  },

  cancel: async ({ caller, params: { orderId }, route, key }) => {
    const under = { caller: caller.id, route: `${route} ${orderId}`, key };
    const deed = { act: 'CANCEL', by: 'STAFF', clientId: caller.id, under } as const;
    const { answer, replayed } = await progress(() => orderForStaff(orderId), deed);
    return { body: await staffView(answer, 'detail'), replayed };
  },
});
