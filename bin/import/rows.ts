import { fenOf } from './amounts.ts';
import { instantOf } from './instants.ts';
import { type Fault, type Found, type Place, read } from './records.ts';

/** A purchase as a line of the file says it. */
export interface PurchaseRow extends Place {
  kind: 'purchase';
  number: string;
  customer: string;
  amountFen: number;
  /** Its day, and the instant at which it is reported: noon of that day. */
  day: string;
  at: number;
}

/** A return as a line of the file says it; `at` is its own time until its purchase is known. */
export interface ReturnRow extends Place {
  kind: 'return';
  number: string;
  purchase: string;
  customer: string;
  amountFen: number;
  day: string;
  at: number;
}

export type Row = PurchaseRow | ReturnRow;

const PURCHASE_COLUMNS = ['InvoiceNo', 'InvoiceDate', 'CustomerID', 'TotalPrice'] as const;
const RETURN_COLUMNS = ['ReturnNo', 'ReturnDate', 'CustomerID', 'InvoiceNo', 'Amount'] as const;

const NUMBER = /^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$/;
/** Visible ASCII that no spreadsheet takes for a formula. */
const CUSTOMER = /^(?![=+@-])[!-~]{1,64}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A piece of a line as it may be shown: short, and nothing in it that a terminal obeys. */
function shown(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short).replaceAll(/\p{Cc}|\p{Cf}/gu, '?');
}

/** Collects what is wrong with the fields of one line. */
function checks(fields: Record<string, string>) {
  const wrong: string[] = [];
  const say = (column: string, why: string) => wrong.push(`${column} ${shown(fields[column] ?? '')} ${why}`);
  return {
    wrong,
    number(column: string): string {
      const text = fields[column] ?? '';
      if (!NUMBER.test(text)) say(column, 'is no number of a receipt');
      return text;
    },
    customer(column: string): string {
      const text = fields[column] ?? '';
      if (text === '') say(column, 'is empty');
      else if (!CUSTOMER.test(text)) say(column, 'is no id of a customer');
      return text;
    },
    amount(column: string): number {
      const fen = fenOf(fields[column] ?? '');
      if (typeof fen === 'string') say(column, fen);
      return Number(fen);
    },
    instant(column: string, zone: string, form: RegExp): number {
      const text = fields[column] ?? '';
      const at = form.test(text) ? instantOf(text, zone) : undefined;
      if (at === undefined) say(column, 'is no day or time');
      return at ?? 0;
    },
  };
}

function each<Column extends string, One extends Row>(
  path: string,
  columns: readonly Column[],
  rowOf: (found: Found<Column>, check: ReturnType<typeof checks>) => One,
): { rows: One[]; faults: Fault[] } {
  const { found, faults } = read(path, columns);
  const rows: One[] = [];
  for (const one of found) {
    const check = checks(one.fields);
    const row = rowOf(one, check);
    if (check.wrong.length === 0) rows.push(row);
    else faults.push({ file: one.file, line: one.line, reason: check.wrong.join('; ') });
  }
  return { rows, faults };
}

/** The purchases of a file, each at noon of its day in the zone, and the lines that are none. */
export function readPurchases(path: string, zone: string): { rows: PurchaseRow[]; faults: Fault[] } {
  return each(path, PURCHASE_COLUMNS, ({ file, line, fields }, check) => ({
    kind: 'purchase',
    file,
    line,
    number: check.number('InvoiceNo'),
    customer: check.customer('CustomerID'),
    amountFen: check.amount('TotalPrice'),
    day: fields.InvoiceDate,
    at: check.instant('InvoiceDate', zone, DAY),
  }));
}

/** The returns of a file, each at its own time in the zone, and the lines that are none. */
export function readReturns(path: string, zone: string): { rows: ReturnRow[]; faults: Fault[] } {
  return each(path, RETURN_COLUMNS, ({ file, line, fields }, check) => ({
    kind: 'return',
    file,
    line,
    number: check.number('ReturnNo'),
    purchase: check.number('InvoiceNo'),
    customer: check.customer('CustomerID'),
    amountFen: check.amount('Amount'),
    day: fields.ReturnDate.slice(0, 10),
    at: check.instant('ReturnDate', zone, /./),
  }));
}
