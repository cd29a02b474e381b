import { Refusal } from '../errors.ts';
import { addDays, dayOf } from '../platform/calendar-day.ts';
import { type Line, type LineReturn, left, linesTaken, type Pieces, restOfLines } from './lines.ts';

const DAY_MS = 86_400_000;

/** How far the caller's time may lie from ours. */
export const OCCURRED = { agoMs: 7 * DAY_MS, aheadMs: 5 * 60_000 } as const;

/** Why something of that time is not taken now, if it is not; history (`backfill`) may be of any time since 1970. */
export function timeRefusal(
  occurredAt: number,
  now: number,
  backfill = false,
): 'purchases.too_old' | 'purchases.in_future' | undefined {
  if (occurredAt < (backfill ? 0 : now - OCCURRED.agoMs)) return 'purchases.too_old';
  return occurredAt > now + OCCURRED.aheadMs ? 'purchases.in_future' : undefined;
}

/** When something happened, and whether it counts from then instead of from now. */
export interface Occurrence {
  occurredAt: number;
  backfill: boolean;
}

/** The time of a report: the caller's where one was given, else now, but never before `notBefore`. */
export function occurrence(
  givenAt: number | undefined,
  mayBackfill: boolean,
  now: number,
  notBefore = now,
): Occurrence | Refusal {
  const occurredAt = givenAt ?? Math.max(now, notBefore);
  const backfill = mayBackfill && givenAt !== undefined && givenAt <= now;
  const refusal = timeRefusal(occurredAt, now, backfill);
  return refusal ? new Refusal(refusal) : { occurredAt, backfill };
}

/** The part of a purchase that earns: the lines that do, or without lines all of it. */
export function earningFen(amountFen: number, lines: readonly Line[] | undefined): number {
  if (!lines) return amountFen;
  return lines.reduce((total, line) => total + (line.earns ? line.amountFen : 0), 0);
}

/** A purchase as far as a return looks at it. */
export interface Returnable {
  amountFen: number;
  occurredAt: number;
  lines?: readonly Line[];
  returnedFen: number;
  returnedLines?: Record<string, Pieces>;
}

/** What a return is asked to take back: so much money, or these pieces. */
export type Asked = { amountFen: number } | { lines: readonly { line: string; quantity?: number | undefined }[] };

/** What a return takes, what the purchase has got back with it, and how much of the rest earns. */
export interface Taking {
  amountFen: number;
  lines?: LineReturn[];
  returnedFen: number;
  returnedLines?: Record<string, Pieces>;
  restEarningFen: number;
}

/** Why a return of that time is not taken: before its purchase, or after the days in which returns are taken. */
export function returnRefusal(
  purchase: Returnable,
  occurredAt: number,
  { returnsUntilDays, zone }: { returnsUntilDays: number; zone: string },
): Refusal | undefined {
  if (occurredAt < purchase.occurredAt) return new Refusal('purchases.return_too_early');
  const until = addDays(dayOf(purchase.occurredAt, zone), returnsUntilDays);
  return dayOf(occurredAt, zone) > until ? new Refusal('purchases.return_closed', { until }) : undefined;
}

function byAmount(purchase: Returnable, amountFen: number): Taking | Refusal {
  const { lines = [] } = purchase;
  const leftFen = purchase.amountFen - purchase.returnedFen;
  if (amountFen > leftFen) return new Refusal('purchases.return_exceeds', { leftFen });
  if (amountFen < leftFen && lines.some(({ earns }) => !earns)) {
    return new Refusal('purchases.lines_wrong', { lines: left(lines, purchase.returnedLines) });
  }
  const restEarningFen = leftFen - amountFen;
  return { amountFen, returnedFen: purchase.returnedFen + amountFen, restEarningFen };
}

function byLines(purchase: Returnable, asked: Extract<Asked, { lines: unknown }>['lines']): Taking | Refusal {
  const { lines = [], returnedLines: before } = purchase;
  const taken = linesTaken(lines, before, asked);
  if (taken instanceof Refusal) return taken;
  const leftFen = purchase.amountFen - purchase.returnedFen;
  const amountFen = taken.lines.reduce((total, line) => total + line.amountFen, 0);
  if (amountFen > leftFen) return new Refusal('purchases.return_exceeds', { leftFen });
  const restFen = leftFen - amountFen;
  const allEarn = lines.every(({ earns }) => earns);
  const restEarningFen = allEarn ? restFen : Math.min(restFen, restOfLines(lines, taken.returnedLines));
  return { ...taken, amountFen, returnedFen: purchase.returnedFen + amountFen, restEarningFen };
}

/** What a return takes of a purchase, or why it may not: parts of a purchase always add up to the whole. */
export function taking(purchase: Returnable, asked: Asked): Taking | Refusal {
  return 'lines' in asked ? byLines(purchase, asked.lines) : byAmount(purchase, asked.amountFen);
}
