import type { Announcement, EventName } from '../events.ts';
import { NEVER } from '../platform/calendar-day.ts';
import { type Entry, inOrder, type LineKind, type Lots, lastDayOf } from './account.ts';
import { LEAVING, type Line, linesOf } from './statement.ts';

const NAMES: Record<LineKind, EventName> = {
  EARN: 'points.earned',
  SPEND: 'points.spent',
  REFUND: 'points.refunded',
  EXPIRE: 'points.expired',
  ACTIVATE: 'points.activated',
  HOLD: 'points.held',
  CAPTURE: 'points.captured',
  RELEASE: 'points.released',
  CLAWBACK: 'points.clawed_back',
  ADJUST_UP: 'points.adjusted_up',
  ADJUST_DOWN: 'points.adjusted_down',
  TRANSFER_OUT: 'points.transferred_out',
  TRANSFER_IN: 'points.transferred_in',
  EXCHANGE_OUT: 'points.exchanged_out',
  EXCHANGE_IN: 'points.exchanged_in',
  MERGE_OUT: 'points.merged_out',
  MERGE_IN: 'points.merged_in',
  FREEZE: 'points.frozen',
  THAW: 'points.thawed',
  DEBT_PAID: 'points.debt_paid',
};

/** History that was reported later and took effect at its own time. */
function isBackfill({ kind, effectiveAt, recordedAt }: Entry): boolean {
  return kind !== 'EXPIRE' && effectiveAt < recordedAt;
}

function ofLine(entry: Entry, line: Line): Announcement {
  const { memberId, currency } = entry;
  const [first] = inOrder(line.lots);
  const detail = {
    memberId,
    currency,
    lineId: line.id,
    amount: Math.abs(line.amount),
    balanceAfter: line.balanceAfter,
    reference: line.reference,
    ...(line.pending !== 0 && { pending: line.pending }),
    ...(first && { lastDay: lastDayOf(first[0]) }),
    ...(isBackfill(entry) && { backfill: true }),
  };
  return { name: NAMES[line.kind], id: `${memberId}:${currency}:${line.id}`, at: line.at, detail };
}

/** Where these lots lie after the entry: all of them that are new to the account hold no more than it brought. */
function fresh(brought: Lots, after: Lots): string[] {
  return Object.entries(brought)
    .filter(([lot, amount]) => (after[lot] ?? 0) > 0 && (after[lot] ?? 0) <= amount)
    .map(([lot]) => lastDayOf(lot));
}

/** The last days that the account carries first with this entry: what it credited is all that lies there. */
function opened(entry: Entry): Announcement[] {
  const { memberId, currency, seq, effectiveAt: at, draws, parts, settled, after } = entry;
  const waiting = Object.entries(parts.pending ?? {}).flatMap(([day, lots]) => fresh(lots, after.pending[day] ?? {}));
  const activated = Object.values(settled.activated).flatMap((lots) => fresh(lots, after.lots));
  const own = LEAVING.includes(entry.kind) ? [] : [draws, parts.back ?? {}].flatMap((lots) => fresh(lots, after.lots));
  const days = new Set([...waiting, ...activated, ...own].filter((day) => day !== NEVER && day !== 'EVENT'));
  return [...days].map((lastDay) => ({
    name: 'points.lot_opened',
    id: `${memberId}:${currency}:${seq}:${lastDay}`,
    at,
    detail: { memberId, currency, lastDay, ...(isBackfill(entry) && { backfill: true }) },
  }));
}

/** What a new entry says to the world: one event a line, and one for each last day that is new to the account. */
export function announcementsOf(entry: Entry, zone: string): Announcement[] {
  return [...linesOf(entry, zone).map((line) => ofLine(entry, line)), ...opened(entry)];
}
