import { amend, create, listShelf, seen } from '../../shared/catalog/catalog.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';

const LIST = 'shelf';

export const handler = serve(catalogContract, {
  list: async ({ query: { limit = 20, cursor } }) => {
    const [before] = cursor === undefined ? [] : await readCursor(LIST, cursor);
    const { items, next } = await listShelf(before === undefined ? undefined : String(before), limit);
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(LIST, [next]) } };
  },

  read: async ({ params: { productId } }) => ({ body: await seen(productId) }),

  create: async ({ body, caller, route, key }) => {
    const { answer, replayed } = await create(body, { caller: caller.id, route, key });
    return { body: answer, replayed };
  },

  change: async ({ params: { productId }, body, caller }) => ({ body: await amend(productId, body, caller.id) }),
});
