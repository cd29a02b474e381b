import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { addDays, startOfDay } from '../../shared/platform/calendar-day.ts';
import { setting } from '../../shared/platform/settings.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { trade } from '../../shared/points/exchanges.ts';
import { noticesOf } from '../../shared/points/notices.ts';
import { type AccountId, balance, balanceAsOf, POINTS } from '../../shared/points/points.ts';
import { type StatementFilter, statement } from '../../shared/points/statements.ts';
import { give } from '../../shared/points/transfers.ts';
import { accountView, lineView, movedView, noticeView } from '../../shared/points/views.ts';
import { currencyName, programme } from '../../shared/programme/programme.ts';

async function accountOf(memberId: string, { currency = POINTS, at }: { currency?: string; at?: string }) {
  const id = { memberId, currency };
  const found = at === undefined ? await balance(id) : await balanceAsOf(id, Date.parse(at));
  return accountView(found.account, currency, found.at, setting('TIME_ZONE'));
}

interface EntriesQuery extends Pick<StatementFilter, 'kind'> {
  currency?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

async function placeIn(list: string, cursor: string | undefined) {
  const [seq, part] = cursor === undefined ? [] : ((await readCursor(list, cursor)) as number[]);
  return seq === undefined || part === undefined ? undefined : { seq, part };
}

async function entriesOf(account: AccountId, { kind, from, to, limit = 20, cursor }: EntriesQuery) {
  const zone = setting('TIME_ZONE');
  const list = JSON.stringify(['entries', account.memberId, account.currency, kind, from, to]);
  const since = from === undefined ? undefined : startOfDay(from, zone);
  const until = to === undefined ? undefined : startOfDay(addDays(to, 1), zone);
  const { lines, next } = await statement(account, limit, await placeIn(list, cursor), { kind, since, until });
  const nextCursor = next ? await writeCursor(list, [next.seq, next.part]) : null;
  return { items: lines.map((line) => lineView(line)), nextCursor };
}

export const handler = serve(pointsContract, {
  account: async ({ caller, query }) => ({ body: await accountOf(caller.memberId, query) }),

  entries: async ({ caller: { memberId }, query: { currency = POINTS, ...query } }) => ({
    body: await entriesOf({ memberId, currency }, query),
  }),

  give: async ({ body: { currency = POINTS, ...gift }, caller, route, key }) => {
    const by = { caller: caller.id, route, key };
    const { answer, replayed } = await give(caller.memberId, { currency, ...gift }, by);
    return { body: movedView(answer), replayed };
  },

  exchange: async ({ body, caller, route, key }) => {
    const { answer, replayed } = await trade(caller.memberId, body, { caller: caller.id, route, key });
    return { body: movedView(answer), replayed };
  },

  notices: async ({ caller: { memberId }, query: { limit = 20, cursor } }) => {
    const list = `notices:${memberId}`;
    const before = cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
    const { notices, next } = await noticesOf(memberId, before, limit);
    const rules = await programme();
    const items = notices.map((one) => noticeView(one, currencyName(rules, one.currency), setting('TIME_ZONE')));
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },
});
