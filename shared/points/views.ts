import type { Bilingual } from '../platform/bilingual.ts';
import { type Day, lapsesAt, NEVER } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { type Account, available, inOrder, isGrace, type LineKind, type Lots, lastDayOf, sum } from './account.ts';
import type { Line } from './statement.ts';

function lotsView(lots: Lots) {
  return inOrder(lots).map(([lot, amount]) => ({ lastDay: lastDayOf(lot), amount, grace: isGrace(lot) }));
}

function nextLapse(lots: Lots, zone: string): { amount: number; lastDay: Day; lapsesAt: string } | null {
  const [first] = inOrder(lots);
  if (!first || lastDayOf(first[0]) === NEVER) return null;
  const lastDay = lastDayOf(first[0]);
  const amount = sum(Object.fromEntries(inOrder(lots).filter(([lot]) => lastDayOf(lot) === lastDay)));
  return { amount, lastDay, lapsesAt: iso(lapsesAt(lastDay, zone)) };
}

/** An account as its member sees it. */
export function accountView(account: Account, currency: string, at: number, zone: string) {
  const { lots, pending, held, debt, totals } = account;
  return {
    currency,
    available: available(account),
    pending: Object.values(pending).reduce((total, waiting) => total + sum(waiting), 0),
    held: sum(held),
    debt,
    nextLapse: nextLapse(lots, zone),
    lots: lotsView(lots),
    lifetime: {
      earned: totals.EARN ?? 0,
      spent: totals.SPEND ?? 0,
      refunded: totals.REFUND ?? 0,
      lapsed: totals.EXPIRE ?? 0,
    },
    asOf: iso(at),
  };
}

const REASONS: Record<LineKind, Bilingual> = {
  EARN: { zh: '消费返积分', en: 'Earned by a purchase' },
  SPEND: { zh: '兑换礼品', en: 'Redeemed for a gift' },
  REFUND: { zh: '取消订单退回', en: 'Returned by a cancelled order' },
  EXPIRE: { zh: '到期失效', en: 'Lapsed' },
  ACTIVATE: { zh: '待生效积分到账', en: 'Pending points became available' },
  DEBT_PAID: { zh: '抵还欠积分', en: 'Paid a debt of points' },
};

/** A line as its member sees it. */
export function lineView({ id, kind, amount, balanceAfter, reference, at, occurredAt, lots }: Line) {
  const [first] = inOrder(lots);
  return {
    id,
    kind,
    amount,
    balanceAfter,
    reason: REASONS[kind],
    reference,
    at: iso(at),
    occurredAt: iso(occurredAt),
    lastDay: first ? lastDayOf(first[0]) : null,
    lots: lotsView(lots),
  };
}
