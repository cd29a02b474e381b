import type { Announcement } from '../events.ts';
import { isErased } from '../members/members.ts';
import { addDays, type Day, lapsesAt } from '../platform/calendar-day.ts';
import { setting } from '../platform/settings.ts';
import { doneWhen, exchange } from '../table/commit.ts';
import { lastDayOf, sum } from './account.ts';
import { balance } from './points.ts';
import { type AccountId, addNotice, findNotices, type Notice } from './store.ts';

export type { Notice };

/** A notice that is due so many days before the last day, and how many days are left when it is given. */
interface Due {
  lastDay: Day;
  daysLeft: number;
  due: number;
}

/** Tells one member what lapses with this day; nothing is left, nothing is told. Each notice is given once, even late. */
export async function tell({ memberId, currency }: AccountId, { lastDay, daysLeft, due }: Due): Promise<boolean> {
  const { account, at } = await balance({ memberId, currency });
  const lots = Object.entries(account.lots).filter(([lot]) => lastDayOf(lot) === lastDay);
  const amount = sum(Object.fromEntries(lots));
  if (amount === 0 || (await isErased(memberId))) return false;
  const notice = { memberId, currency, lastDay, daysLeft, amount, at };
  const day = addDays(lastDay, -due);
  const told = await exchange(
    async () => ({ writes: [addNotice(notice, day, lapsesAt(lastDay, setting('TIME_ZONE')))], answer: true }),
    doneWhen('points.lapse_noted', true),
  );
  return !told.replayed;
}

/** A page of what a member was told, newest first. */
export async function noticesOf(memberId: string, before: string | undefined, limit: number) {
  const found = await findNotices(memberId, before, limit + 1);
  return { notices: found.slice(0, limit), next: found.length > limit ? found[limit - 1]?.sk : undefined };
}

/** What a new notice says on the bus. */
export function announce(item: unknown): Announcement[] {
  const { memberId, currency, lastDay, daysLeft, amount, at } = item as Notice;
  const id = `${memberId}:${currency}:${lastDay}:${daysLeft}`;
  return [{ name: 'points.expiring_soon', id, at, detail: { memberId, currency, lastDay, daysLeft, amount } }];
}
