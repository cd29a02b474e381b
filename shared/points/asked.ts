import { readCursor, writeCursor } from '../http/cursor.ts';
import { addDays, startOfDay } from '../platform/calendar-day.ts';
import { setting } from '../platform/settings.ts';
import { type AccountId, balance, balanceAsOf } from './points.ts';
import { type StatementFilter, statement } from './statements.ts';
import { accountView, lineView } from './views.ts';

/** An account of this very chain as it may be shown, now or as of an instant (ISO 8601), and the heir of a closed one. */
export async function shownAccount(id: AccountId, at: string | undefined) {
  const found = at === undefined ? await balance(id) : await balanceAsOf(id, Date.parse(at));
  return {
    ...accountView(found.account, id.currency, found.at, setting('TIME_ZONE')),
    mergedInto: found.heirId ?? null,
  };
}

type Shown = Awaited<ReturnType<typeof shownAccount>>;

/** An account as its member sees it: one that was merged shows what the heir has, because both are one person. */
export async function shownToMember(id: AccountId, at: string | undefined): Promise<Shown> {
  const shown = await shownAccount(id, at);
  return shown.mergedInto === null ? shown : shownToMember({ ...id, memberId: shown.mergedInto }, at);
}

/** Which lines of a statement are asked for. */
export interface EntriesQuery extends Pick<StatementFilter, 'kind'> {
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

async function placeIn(list: string, cursor: string | undefined) {
  const [seq, part] = cursor === undefined ? [] : ((await readCursor(list, cursor)) as number[]);
  return seq === undefined || part === undefined ? undefined : { seq, part };
}

/** A page of an account's statement as it may be shown. */
export async function shownEntries(account: AccountId, { kind, from, to, limit = 20, cursor }: EntriesQuery) {
  const zone = setting('TIME_ZONE');
  const list = JSON.stringify(['entries', account.memberId, account.currency, kind, from, to]);
  const since = from === undefined ? undefined : startOfDay(from, zone);
  const until = to === undefined ? undefined : startOfDay(addDays(to, 1), zone);
  const { lines, next } = await statement(account, limit, await placeIn(list, cursor), { kind, since, until });
  const nextCursor = next ? await writeCursor(list, [next.seq, next.part]) : null;
  return { items: lines.map((line) => lineView(line)), nextCursor };
}
