import { begin } from '../../shared/auth/auth.ts';
import { serve } from '../../shared/http/api.ts';
import type { Caller } from '../../shared/http/caller.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { requireOn } from '../../shared/http/switches.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { heirBy, mayBeMerged, merge, mergeByPhone } from '../../shared/orders/merges.ts';
import { listIn, listMine, orderForStaff, orderOf, place } from '../../shared/orders/orders.ts';
import { progress } from '../../shared/orders/progress.ts';
import { memberView, staffView } from '../../shared/orders/views.ts';
import { proposalView, propose } from '../../shared/staff/approvals/approvals.ts';

/** Where a list goes on; undefined at its beginning. */
async function beforeIn(list: string, cursor: string | undefined): Promise<string | undefined> {
  return cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
}

/** A key that counts on one order, or on one member: which is part of the route under which it counts. */
function under({ caller, route, key }: { caller: Caller; route: string; key: string }, id: string) {
  return { caller: caller.id, route: `${route} ${id}`, key };
}

export const handler = serve(ordersContract, {
  place: async ({ body: { quantity = 1, ...wish }, caller, route, key }) => {
    await requireOn('spend');
    const { answer, replayed } = await place(caller.memberId, { quantity, ...wish }, { caller: caller.id, route, key });
    return { body: await memberView(answer), replayed };
  },

  mine: async ({ caller: { memberId }, query: { limit = 20, cursor } }) => {
    const list = `orders:${memberId}`;
    const { orders, next } = await listMine(memberId, await beforeIn(list, cursor), limit);
    const items = await Promise.all(orders.map((order) => memberView(order)));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },

  readMine: async ({ caller, params }) => ({ body: await memberView(await orderOf(caller.memberId, params.orderId)) }),

  cancelMine: async (request) => {
    const { orderId } = request.params;
    const find = () => orderOf(request.caller.memberId, orderId);
    const { answer, replayed } = await progress(find, { act: 'CANCEL', by: 'MEMBER', under: under(request, orderId) });
    return { body: await memberView(answer), replayed };
  },

  receive: async (request) => {
    const { orderId } = request.params;
    const find = () => orderOf(request.caller.memberId, orderId);
    const { answer, replayed } = await progress(find, { act: 'RECEIVE', by: 'MEMBER', under: under(request, orderId) });
    return { body: await memberView(answer), replayed };
  },

  list: async ({ query: { status = 'PENDING_SHIPMENT', limit = 20, cursor } }) => {
    const list = `orders:${status}`;
    const { orders, next } = await listIn(status, await beforeIn(list, cursor), limit);
    const items = await Promise.all(orders.map((order) => staffView(order)));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },

  read: async ({ params, caller }) => ({ body: await staffView(await orderForStaff(params.orderId), caller) }),

  ship: async (request) => {
    const { orderId } = request.params;
    const deed = {
      act: 'SHIP',
      by: 'STAFF',
      clientId: request.caller.id,
      under: under(request, orderId),
      shipment: request.body,
    } as const;
    const { answer, replayed } = await progress(() => orderForStaff(orderId), deed);
    return { body: await staffView(answer, request.caller), replayed };
  },

  cancel: async (request) => {
    const { orderId } = request.params;
    const deed = { act: 'CANCEL', by: 'STAFF', clientId: request.caller.id, under: under(request, orderId) } as const;
    const { answer, replayed } = await progress(() => orderForStaff(orderId), deed);
    return { body: await staffView(answer, request.caller), replayed };
  },

  mergeMine: async ({ body: { device, ...given }, caller, route, key, headers, address }) => {
    const by = { caller: caller.id, route, key };
    const { answer, replayed } = await mergeByPhone(caller, given, by);
    const heir = async () => ({ memberId: await heirBy(given.phone, answer), registered: false });
    const session = await begin(heir, device, { userAgent: headers['user-agent'], address });
    return { body: { ...answer, session }, replayed };
  },

  merge: async ({ params: { memberId }, body, caller, route, key }) => {
    const { answer, replayed } = await merge({ memberId, ...body }, { caller: caller.id, route, key });
    return { body: answer, replayed };
  },

  proposeMerge: async (request) => {
    const { memberId } = request.params;
    const asked = { memberId, ...request.body };
    const wish = { act: 'orders.merge', subject: memberId, asked, why: asked.reason } as const;
    const { answer, replayed } = await propose(wish, under(request, memberId), async () => {
      await mayBeMerged(asked);
      return asked;
    });
    return { body: proposalView(answer), replayed };
  },
});
