import { addDays, type Day, startOfDay } from '../platform/calendar-day.ts';
import {
  available,
  type Entry,
  inOrder,
  type Kind,
  type LineKind,
  type Lot,
  type Lots,
  lastDayOf,
  pendingOf,
  type Settled,
  sum,
  together,
} from './account.ts';
import { settledDays } from './settlement.ts';

/** One line of a statement. Over a whole account the amounts add up to what is available. */
export interface Line {
  /** The entry's sequence number and the line's place in it: the same whenever it is read. */
  id: string;
  seq: number;
  kind: LineKind;
  /** The change of what is available; negative when it shrinks. */
  amount: number;
  /** The change of what is pending. */
  pending: number;
  balanceAfter: number;
  /** When it became true, epoch milliseconds. */
  at: number;
  occurredAt: number;
  reference: string;
  lots: Lots;
}

type Part = Pick<Line, 'kind' | 'amount' | 'pending' | 'at' | 'lots' | 'reference'>;

function lapseOf(lot: Lot, amount: number, at: number, reference: string): Part {
  return { kind: 'EXPIRE', amount: -amount, pending: 0, at, lots: { [lot]: amount }, reference };
}

/** What time did on one day, in its order: lots lapse, pending becomes available, debt is paid. */
function partsOfDay({ lapsed, activated, debtPaid }: Settled, day: Day, zone: string): Part[] {
  const at = startOfDay(day, zone);
  const over = inOrder(lapsed).filter(([lot]) => addDays(lastDayOf(lot), 1) === day);
  const parts = over.map(([lot, amount]) => lapseOf(lot, amount, at, `lapse:${lastDayOf(lot)}`));
  const due = activated[day];
  if (due) {
    parts.push({
      kind: 'ACTIVATE',
      amount: sum(due),
      pending: -sum(due),
      at,
      lots: due,
      reference: `activation:${day}`,
    });
  }
  const paid = debtPaid[day];
  if (paid) parts.push({ kind: 'DEBT_PAID', amount: -paid, pending: 0, at, lots: {}, reference: `debt:${day}` });
  return parts;
}

/** What time did, as lines, each dated at its own instant. */
export function settledParts(settled: Settled, zone: string): Part[] {
  return settledDays(settled).flatMap((day) => partsOfDay(settled, day, zone));
}

/** Kinds whose lots leave what is available. */
export const LEAVING: readonly Kind[] = [
  'SPEND',
  'HOLD',
  'CLAWBACK',
  'ADJUST_DOWN',
  'TRANSFER_OUT',
  'EXCHANGE_OUT',
  'MERGE_OUT',
];

/** What the movement itself did: the change of available and of pending, and the lots it touched. */
function ownChange({ kind, draws, parts }: Entry): Pick<Part, 'amount' | 'pending' | 'lots'> {
  const { lapsed = {}, back = {}, pending = {} } = parts;
  const waiting = pendingOf({ pending });
  if (kind === 'EARN') {
    // What waits for an event has no last day yet.
    const { EVENT: _, ...dated } = draws;
    return waiting > 0 ? { amount: 0, pending: waiting, lots: dated } : { ...came(draws), lots: draws };
  }
  if (LEAVING.includes(kind)) return { amount: -sum(draws), pending: -waiting, lots: draws };
  const lots = together(together(draws, back), lapsed);
  if (kind === 'MERGE_IN') return { ...came(lots), pending: waiting, lots };
  return { ...came(lots), pending: kind === 'ACTIVATE' ? -waiting : 0, lots };
}

function came(lots: Lots): Pick<Part, 'amount' | 'pending'> {
  return { amount: sum(lots), pending: 0 };
}

function ownParts(entry: Entry): Part[] {
  const { kind, reference, effectiveAt: at, parts } = entry;
  if (kind === 'EXPIRE') return [];
  const { debtPaid = 0, lapsed = {} } = parts;
  return [
    { kind, ...ownChange(entry), at, reference },
    ...inOrder(lapsed).map(([lot, gone]) => lapseOf(lot, gone, at, reference)),
    ...(debtPaid > 0 ? [{ kind: 'DEBT_PAID' as const, amount: -debtPaid, pending: 0, at, lots: {}, reference }] : []),
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
