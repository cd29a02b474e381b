import type { Announcement, EventName } from '../events.ts';
import { NEVER } from '../platform/calendar-day.ts';
import { type Entry, inOrder, type LineKind, lastDayOf } from './account.ts';
import { type Line, linesOf } from './statement.ts';

const NAMES: Partial<Record<LineKind, EventName>> = {
  EARN: 'points.earned',
  SPEND: 'points.spent',
  REFUND: 'points.refunded',
  EXPIRE: 'points.expired',
};

function ofLine(entry: Entry, line: Line): Announcement[] {
  const name = NAMES[line.kind];
  if (!name) return [];
  const { memberId, currency } = entry;
  const [first] = inOrder(line.lots);
  const detail = {
    memberId,
    currency,
    lineId: line.id,
    amount: Math.abs(line.amount),
    balanceAfter: line.balanceAfter,
    reference: line.reference,
    ...(first && { lastDay: lastDayOf(first[0]) }),
  };
  return [{ name, id: `${memberId}:${currency}:${line.id}`, at: line.at, detail }];
}

/** The last days that the account carries first with this entry: what it credited is all that lies there. */
function opened(entry: Entry): Announcement[] {
  const { memberId, currency, seq, effectiveAt: at, draws, after, kind } = entry;
  if (kind === 'SPEND') return [];
  const days = Object.entries(draws)
    .filter(([lot, amount]) => (after.lots[lot] ?? 0) > 0 && (after.lots[lot] ?? 0) <= amount)
    .map(([lot]) => lastDayOf(lot))
    .filter((day) => day !== NEVER);
  return [...new Set(days)].map((lastDay) => ({
    name: 'points.lot_opened',
    id: `${memberId}:${currency}:${seq}:${lastDay}`,
    at,
    detail: { memberId, currency, lastDay },
  }));
}

/** What a new entry says to the world: one event a line, and one for each last day that is new to the account. */
export function announcementsOf(entry: Entry, zone: string): Announcement[] {
  return [...linesOf(entry, zone).flatMap((line) => ofLine(entry, line)), ...opened(entry)];
}
