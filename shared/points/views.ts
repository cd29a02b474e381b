import type { Bilingual } from '../platform/bilingual.ts';
import { type Day, lapsesAt, NEVER } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import {
  type Account,
  available,
  inOrder,
  isGrace,
  type LineKind,
  type Lots,
  lastDayOf,
  pendingOf,
  sum,
} from './account.ts';
import type { Exchange } from './exchanges.ts';
import type { Line } from './statement.ts';
import type { Adjustment, Notice } from './store.ts';
import type { Transfer } from './transfers.ts';

/** Lots as their member sees them, earliest last day first. */
export function lotsView(lots: Lots) {
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
  const { lots, held, debt, frozen, totals } = account;
  return {
    currency,
    available: available(account),
    pending: pendingOf(account),
    held: sum(held),
    debt,
    frozen: frozen ?? false,
    nextLapse: nextLapse(lots, zone),
    lots: lotsView(lots),
    lifetime: {
      earned: totals.EARN ?? 0,
      spent: (totals.SPEND ?? 0) + (totals.CAPTURE ?? 0),
      refunded: totals.REFUND ?? 0,
      clawedBack: totals.CLAWBACK ?? 0,
      lapsed: totals.EXPIRE ?? 0,
      given: totals.TRANSFER_OUT ?? 0,
      received: totals.TRANSFER_IN ?? 0,
      exchangedOut: totals.EXCHANGE_OUT ?? 0,
      exchangedIn: totals.EXCHANGE_IN ?? 0,
    },
    asOf: iso(at),
  };
}

const REASONS: Record<LineKind, Bilingual> = {
  EARN: { zh: '消费返积分', en: 'Earned by a purchase' },
  SPEND: { zh: '兑换礼品', en: 'Redeemed for a gift' },
  REFUND: { zh: '取消订单退回', en: 'Returned by a cancelled order' },
  EXPIRE: { zh: '到期失效', en: 'Lapsed' },
  HOLD: { zh: '预扣', en: 'Held' },
  CAPTURE: { zh: '预扣完成', en: 'A hold was used' },
  RELEASE: { zh: '预扣释放', en: 'A hold was released' },
  CLAWBACK: { zh: '退货扣回', en: 'Taken back by a return' },
  ADJUST_UP: { zh: '客服调增', en: 'Given by staff' },
  ADJUST_DOWN: { zh: '客服调减', en: 'Taken by staff' },
  TRANSFER_OUT: { zh: '赠出', en: 'Given to another member' },
  TRANSFER_IN: { zh: '获赠', en: 'Given by another member' },
  EXCHANGE_OUT: { zh: '兑出', en: 'Exchanged away' },
  EXCHANGE_IN: { zh: '兑入', en: 'Exchanged for' },
  MERGE_OUT: { zh: '账户合并转出', en: 'Moved by a merge of accounts' },
  MERGE_IN: { zh: '账户合并转入', en: 'Joined by a merge of accounts' },
  FREEZE: { zh: '账户冻结', en: 'Spending was frozen' },
  THAW: { zh: '账户解冻', en: 'Spending is allowed again' },
  ACTIVATE: { zh: '待生效积分到账', en: 'Pending points became available' },
  DEBT_PAID: { zh: '抵还欠积分', en: 'Paid a debt of points' },
};

/** A line as its member sees it. */
export function lineView({ id, kind, amount, pending, balanceAfter, reference, at, occurredAt, lots }: Line) {
  const [first] = inOrder(lots);
  return {
    id,
    kind,
    amount,
    pending,
    balanceAfter,
    reason: REASONS[kind],
    reference,
    at: iso(at),
    occurredAt: iso(occurredAt),
    lastDay: first ? lastDayOf(first[0]) : null,
    lots: lotsView(lots),
  };
}

/** A gift or an exchange as its member sees it. */
export function movedView<T extends Transfer | Exchange>({ lots, at, ...others }: T) {
  return { ...others, lots: lotsView(lots), at: iso(at) };
}

/** A notice as its member sees it. */
export function noticeView({ currency, amount, lastDay, daysLeft, at }: Notice, name: Bilingual, zone: string) {
  return {
    currency,
    amount,
    lastDay,
    lapsesAt: iso(lapsesAt(lastDay, zone)),
    daysLeft,
    text: {
      zh: `您有 ${amount} ${name.zh}将于 ${lastDay} 24:00 到期`,
      en: `${amount} of your ${name.en.toLowerCase()} lapse at the end of ${lastDay}`,
    },
    at: iso(at),
  };
}

/** An adjustment as staff see it. */
export function adjustmentView(adjustment: Adjustment) {
  const { adjustmentId, memberId, currency, direction, amount, lots, owed, lost, reason, by, at, undone } = adjustment;
  return {
    adjustmentId,
    memberId,
    currency,
    direction,
    points: amount,
    lots: lotsView(lots),
    owed,
    lost,
    reason,
    by,
    at: iso(at),
    undone: undone
      ? { reason: undone.reason, by: undone.by, at: iso(undone.at), owed: undone.owed, lapsed: undone.lapsed }
      : null,
  };
}
