import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { admit } from '../../shared/partners/limits.ts';
import { webhooksContract } from '../../shared/partners/webhooks/contract.ts';
import { add, deliveries, list, redeliver, remove, type Whose } from '../../shared/partners/webhooks/webhooks.ts';

async function page(whose: Whose, webhookId: string, { limit = 20, cursor }: { limit?: number; cursor?: string }) {
  const name = `deliveries:${whose.clientId}:${webhookId}`;
  const before = cursor === undefined ? undefined : String((await readCursor(name, cursor))[0]);
  const { items, next } = await deliveries(whose, webhookId, before, limit);
  return { body: { items, nextCursor: next === undefined ? null : await writeCursor(name, [next]) } };
}

export const handler = serve(
  webhooksContract,
  {
    add: async ({ body, caller: { id, clientId }, route, key }) => {
      const { answer, replayed } = await add(body, { clientId }, { caller: id, route, key });
      return { body: answer, replayed };
    },

    list: async ({ caller }) => ({ body: { items: await list(caller) } }),

    remove: async ({ params: { webhookId }, caller: { clientId } }) => {
      await remove({ clientId }, webhookId);
      return { body: null };
    },

    deliveries: ({ params: { webhookId }, query, caller: { clientId } }) => page({ clientId }, webhookId, query),

    redeliver: async ({ params: { webhookId }, body: { since }, caller: { clientId } }) => ({
      body: await redeliver({ clientId }, webhookId, Date.parse(since)),
    }),

    addFor: async ({ params: { clientId }, body, caller: { id }, route, key }) => {
      const { answer, replayed } = await add(body, { clientId, staff: id }, { caller: id, route, key });
      return { body: answer, replayed };
    },

    listOf: async ({ params }) => ({ body: { items: await list(params) } }),

    removeOf: async ({ params: { clientId, webhookId }, caller: { id } }) => {
      await remove({ clientId, staff: id }, webhookId);
      return { body: null };
    },

    deliveriesOf: ({ params: { clientId, webhookId }, query }) => page({ clientId }, webhookId, query),

    redeliverOf: async ({ params: { clientId, webhookId }, body: { since }, caller: { id } }) => ({
      body: await redeliver({ clientId, staff: id }, webhookId, Date.parse(since)),
    }),
  },
  admit,
);
