import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { requireOn } from '../../shared/http/switches.ts';
import { setting } from '../../shared/platform/settings.ts';
import { shownEntries, shownToMember } from '../../shared/points/asked.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { trade } from '../../shared/points/exchanges.ts';
import { noticesOf } from '../../shared/points/notices.ts';
import { ownerOf, POINTS } from '../../shared/points/points.ts';
import { give } from '../../shared/points/transfers.ts';
import { movedView, noticeView } from '../../shared/points/views.ts';
import { currencyName, programme } from '../../shared/programme/programme.ts';

export const handler = serve(pointsContract, {
  account: async ({ caller: { memberId }, query: { currency = POINTS, at } }) => ({
    body: await shownToMember({ memberId, currency }, at),
  }),

  entries: async ({ caller: { memberId }, query: { currency = POINTS, ...query } }) => ({
    body: await shownEntries(await ownerOf({ memberId, currency }), query),
  }),

  give: async ({ body: { currency = POINTS, ...gift }, caller, route, key }) => {
    await requireOn('spend');
    const by = { caller: caller.id, route, key };
    const { answer, replayed } = await give(caller.memberId, { currency, ...gift }, by);
    return { body: movedView(answer), replayed };
  },

  exchange: async ({ body, caller, route, key }) => {
    await requireOn('spend');
    const { answer, replayed } = await trade(caller.memberId, body, { caller: caller.id, route, key });
    return { body: movedView(answer), replayed };
  },

  notices: async ({ caller, query: { limit = 20, cursor } }) => {
    const { memberId } = await ownerOf({ memberId: caller.memberId, currency: POINTS });
    const list = `notices:${memberId}`;
    const before = cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
    const { notices, next } = await noticesOf(memberId, before, limit);
    const rules = await programme();
    const items = notices.map((one) => noticeView(one, currencyName(rules, one.currency), setting('TIME_ZONE')));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },
});
