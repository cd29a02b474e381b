import type { Announcement } from '../events.ts';
import { addDays, type Day, lapsesAt } from '../platform/calendar-day.ts';
import { setting } from '../platform/settings.ts';
import { exchange } from '../table/commit.ts';
import { lastDayOf, sum } from './account.ts';
import { balance, writeDown } from './points.ts';
import { type AccountId, addNotice, findNotices, type Notice } from './store.ts';

export type { Notice };

/** How many days before their last day members are told. */
const DAYS_BEFORE = [30, 7, 1] as const;

/** Tells one member what lapses with this day; nothing is left, nothing is told. The same again changes nothing. */
async function tell({ memberId, currency }: AccountId, lastDay: Day, daysLeft: number): Promise<boolean> {
  const { account, at } = await balance({ memberId, currency });
  const lots = Object.entries(account.lots).filter(([lot]) => lastDayOf(lot) === lastDay);
  const amount = sum(Object.fromEntries(lots));
  if (amount === 0) return false;
  const day = addDays(lastDay, -daysLeft);
  const notice = { memberId, currency, lastDay, daysLeft, amount, at };
  const told = await exchange(
    async () => ({ writes: [addNotice(notice, day, lapsesAt(lastDay, setting('TIME_ZONE')))], answer: true }),
    async () => true,
  );
  return !told.replayed;
}

/**
 * Tells everybody whose points lapse in 30 days, in 7 days, or tomorrow, how many: found through the lapse calendar.
 * However often it runs for a day: each is told once.
 */
export async function giveNotices(today: Day): Promise<{ seen: number; written: number }> {
  const counts = { seen: 0, written: 0 };
  for (const daysLeft of DAYS_BEFORE) {
    const lastDay = addDays(today, daysLeft);
    const { seen, written } = await writeDown(lastDay, (account) => tell(account, lastDay, daysLeft));
    counts.seen += seen;
    counts.written += written;
  }
  return counts;
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
