import { addDays, type Day, startOfDay } from '../platform/calendar-day.ts';
import {
  available,
  type Entry,
  inOrder,
  type LineKind,
  type Lot,
  type Lots,
  lastDayOf,
  moved,
  type Settled,
  sum,
} from './account.ts';

/** One line of a statement. Over a whole account the amounts add up to what is available. */
export interface Line {
  /** The entry's sequence number and the line's place in it: the same whenever it is read. */
  id: string;
  seq: number;
  kind: LineKind;
  /** The change of what is available; negative when it shrinks. */
  amount: number;
  balanceAfter: number;
  /** When it became true, epoch milliseconds. */
  at: number;
  occurredAt: number;
  reference: string;
  lots: Lots;
}

type Part = Pick<Line, 'kind' | 'amount' | 'at' | 'lots' | 'reference'>;

function lapseOf(lot: Lot, amount: number, at: number, reference: string): Part {
  return { kind: 'EXPIRE', amount: -amount, at, lots: { [lot]: amount }, reference };
}

/** What time did on one day, in its order: lots lapse, pending becomes available, debt is paid. */
function partsOfDay({ lapsed, activated, debtPaid }: Settled, day: Day, zone: string): Part[] {
  const at = startOfDay(day, zone);
  const over = inOrder(lapsed).filter(([lot]) => addDays(lastDayOf(lot), 1) === day);
  const parts = over.map(([lot, amount]) => lapseOf(lot, amount, at, `lapse:${lastDayOf(lot)}`));
  const due = activated[day];
  if (due) parts.push({ kind: 'ACTIVATE', amount: sum(due), at, lots: due, reference: `activation:${day}` });
  const paid = debtPaid[day];
  if (paid) parts.push({ kind: 'DEBT_PAID', amount: -paid, at, lots: {}, reference: `debt:${day}` });
  return parts;
}

/** What time did, as lines, each dated at its own instant. */
export function settledParts(settled: Settled, zone: string): Part[] {
  const lapseDays = Object.keys(settled.lapsed).map((lot) => addDays(lastDayOf(lot), 1));
  const days = new Set([...lapseDays, ...Object.keys(settled.activated), ...Object.keys(settled.debtPaid)]);
  return [...days].toSorted().flatMap((day) => partsOfDay(settled, day, zone));
}

function ownParts(entry: Entry): Part[] {
  const { kind, amount, reference, effectiveAt: at, draws, parts } = entry;
  if (kind === 'EXPIRE') return [];
  const { debtPaid = 0, lapsed = {} } = parts;
  const lots = kind === 'EARN' ? draws : inOrder(draws).reduce((all, [lot, part]) => moved(all, lot, part), lapsed);
  const own: Part = { kind, amount: kind === 'SPEND' ? -amount : amount, at, lots, reference };
  return [
    own,
    ...inOrder(lapsed).map(([lot, gone]) => lapseOf(lot, gone, at, reference)),
    ...(debtPaid > 0 ? [{ kind: 'DEBT_PAID' as const, amount: -debtPaid, at, lots: {}, reference }] : []),
  ];
}

function chain(parts: readonly Part[], start: number, seq: number): Line[] {
  let balanceAfter = start;
  return parts.map((part, place) => {
    balanceAfter += part.amount;
    return { ...part, id: `${seq}-${place}`, seq, occurredAt: part.at, balanceAfter };
  });
}

/** An entry as lines, oldest first: what time had done before it, then its own. */
export function linesOf(entry: Entry, zone: string): Line[] {
  const settled = settledParts(entry.settled, zone);
  const own = ownParts(entry);
  const start = available(entry.after) - sumOf([...settled, ...own]);
  const lines = chain([...settled, ...own], start, entry.seq);
  return lines.map((line, i) => (i < settled.length ? line : { ...line, occurredAt: entry.occurredAt }));
}

/** What time has done since the newest entry and nothing has written down yet: the lines that the next entry will begin with. */
export function unwrittenLines(head: Entry, settled: Settled, zone: string): Line[] {
  return chain(settledParts(settled, zone), available(head.after), head.seq + 1);
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((total, { amount }) => total + amount, 0);
}
