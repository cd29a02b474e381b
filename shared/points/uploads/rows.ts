import { currencyCode, day, foreignId, memberId, phone } from '../../http/fields.ts';
import type { MemberRef } from '../../members/members.ts';
import type { Day } from '../../platform/calendar-day.ts';
import { type CsvLine, csvLines } from './csv.ts';
import { type Fault, type FaultCode, fault } from './faults.ts';

/** No request brings more rows. */
export const MAX_ROWS = 50;
const MAX_POINTS = 1_000_000_000;

const MEMBER_COLUMNS = ['phone', 'externalId', 'memberId'] as const;
const COLUMNS = [...MEMBER_COLUMNS, 'points', 'lastDay', 'currency'] as const;

type Column = (typeof COLUMNS)[number];
type Cells = Partial<Record<Column, string>>;

/** One row: so many points for a member, to the end of a day. */
export interface UploadRow {
  line: number;
  member: MemberRef;
  points: number;
  currency: string;
  lastDay: Day;
  /** The row names no last day: the currency's policy gave it. */
  byPolicy: boolean;
}

/** What a row is held against. */
export interface Terms {
  today: Day;
  /** Whether each row must name its last day. */
  needsLastDay: boolean;
  /** Last day by the policy of each currency that the programme has. */
  policyDays: Record<string, Day>;
}

function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name);
}

function headerFaults({ line, cells }: CsvLine, { needsLastDay }: Terms): Fault[] {
  if (!cells) return [fault(line, null, 'malformed')];
  const named = cells.flatMap((name, i) => {
    if (!isColumn(name)) return [fault(line, name.slice(0, 64), 'header_unknown')];
    return cells.indexOf(name) === i ? [] : [fault(line, name, 'header_twice')];
  });
  const needed = ['points', ...(needsLastDay ? ['lastDay'] : [])].filter((name) => !cells.includes(name));
  if (!MEMBER_COLUMNS.some((name) => cells.includes(name))) needed.unshift('phone');
  return [...named, ...needed.map((name) => fault(line, name, 'header_missing'))];
}

/** The cells of a row by their columns; none that a table would take for a formula. */
function byColumn(header: readonly string[], { line, cells }: CsvLine): { cells: Cells; faults: Fault[] } {
  if (!cells) return { cells: {}, faults: [fault(line, null, 'malformed')] };
  if (cells.length !== header.length) return { cells: {}, faults: [fault(line, null, 'cells')] };
  const named = Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])) as Cells;
  const formulas = Object.entries(named).filter(([name, cell]) => {
    const isPhone = name === 'phone' && phone.safeParse(cell).success;
    return /^[=+\-@]/.test(cell) && !isPhone;
  });
  return { cells: named, faults: formulas.map(([name]) => fault(line, name, 'formula')) };
}

function memberOf(cells: Cells): MemberRef | { wrong: string | null; code: FaultCode } {
  const filled = MEMBER_COLUMNS.filter((name) => cells[name]);
  const [column] = filled;
  if (filled.length !== 1 || !column) return { wrong: null, code: 'member' };
  const cell = cells[column];
  if (column === 'phone') {
    const given = phone.safeParse(cell);
    return given.success ? { phone: given.data } : { wrong: column, code: 'phone' };
  }
  if (column === 'externalId') {
    const given = foreignId.safeParse(cell);
    return given.success ? { externalId: given.data } : { wrong: column, code: 'external_id' };
  }
  const given = memberId.safeParse(cell);
  return given.success ? { memberId: given.data } : { wrong: column, code: 'member_unknown' };
}

/** The last day of a row: its own, or the policy's where it may be left out. */
function lastDayOf(cell: string, currency: string, terms: Terms): Day | FaultCode {
  const given = cell === '' && !terms.needsLastDay ? (terms.policyDays[currency] ?? '') : cell;
  if (!day.safeParse(given).success) return 'day';
  return given < terms.today ? 'day_over' : given;
}

function rowOf(line: number, cells: Cells, terms: Terms): { row?: UploadRow; faults: Fault[] } {
  const faults: Fault[] = [];
  const member = memberOf(cells);
  if ('wrong' in member) faults.push(fault(line, member.wrong, member.code));
  const points = /^[1-9]\d{0,9}$/.test(cells.points ?? '') ? Number(cells.points) : 0;
  if (points < 1 || points > MAX_POINTS) faults.push(fault(line, 'points', 'points'));
  const currency = cells.currency || 'POINTS';
  const isKnown = currencyCode.safeParse(currency).success && Object.hasOwn(terms.policyDays, currency);
  if (!isKnown) return { faults: [...faults, fault(line, 'currency', 'currency')] };
  const cell = cells.lastDay ?? '';
  const lastDay = lastDayOf(cell, currency, terms);
  if (lastDay === 'day' || lastDay === 'day_over') faults.push(fault(line, 'lastDay', lastDay));
  if (faults.length > 0 || 'wrong' in member) return { faults };
  return { row: { line, member, points, currency, lastDay, byPolicy: cell === '' }, faults };
}

/** The rows that say again what one above them says. */
export function twice<T extends { line: number }>(rows: readonly T[], what: (row: T) => string): Fault[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const key = what(row);
    if (seen.has(key)) return [fault(row.line, null, 'row_twice')];
    seen.add(key);
    return [];
  });
}

/** What makes a row one in its batch. */
export function rowKey(who: string, { currency, lastDay }: Pick<UploadRow, 'currency' | 'lastDay'>): string {
  return `${who} ${currency} ${lastDay}`;
}

/** The rows of an upload, and all that is wrong with its lines. */
export function readRows(text: string, terms: Terms): { rows: UploadRow[]; faults: Fault[] } {
  const [header, ...lines] = csvLines(text);
  if (!header) return { rows: [], faults: [fault(1, null, 'no_rows')] };
  const wrong = headerFaults(header, terms);
  if (wrong.length > 0) return { rows: [], faults: wrong };
  if (lines.length === 0) return { rows: [], faults: [fault(header.line, null, 'no_rows')] };
  const tooMany = lines[MAX_ROWS];
  if (tooMany) return { rows: [], faults: [fault(tooMany.line, null, 'too_many_rows')] };
  const read = lines.map((one) => {
    const { cells, faults } = byColumn(header.cells ?? [], one);
    return faults.length > 0 ? { faults } : rowOf(one.line, cells, terms);
  });
  const rows = read.flatMap((one) => ('row' in one && one.row ? [one.row] : []));
  const repeated = twice(rows, (row) => rowKey(JSON.stringify(row.member), row));
  const faults = [...read.flatMap((one) => one.faults), ...repeated];
  return { rows, faults: faults.toSorted((one, other) => one.line - other.line) };
}
