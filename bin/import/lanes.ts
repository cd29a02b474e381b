import type { Fault } from './records.ts';
import type { PurchaseRow, ReturnRow, Row } from './rows.ts';

/** A return of a purchase that is not in the files: only the API can say when that was. */
export type Unmatched = ReturnRow & { unmatched: true };

/** What is sent for one customer, in order. */
export type Lane = (PurchaseRow | ReturnRow | Unmatched)[];

const contentOf = (row: Row) => JSON.stringify({ ...row, file: '', line: 0 });

/** The rows without those whose number stands on an earlier line with other content. */
function once<One extends Row>(rows: readonly One[], faults: Fault[]): { kept: One[]; byNumber: Map<string, One> } {
  const byNumber = new Map<string, One>();
  const kept = rows.filter((row) => {
    const first = byNumber.get(row.number);
    if (!first) byNumber.set(row.number, row);
    if (!first || contentOf(first) === contentOf(row)) return true;
    const { file, line, number } = row;
    faults.push({ file, line, reason: `${number} stands on line ${first.line} already, with other content` });
    return false;
  });
  return { kept, byNumber };
}

/** A return at its own time or its purchase's, whichever is later; or why it cannot be one of that purchase. */
function matched(row: ReturnRow, purchase: PurchaseRow | undefined): ReturnRow | Unmatched | string {
  if (!purchase) return { ...row, unmatched: true };
  if (purchase.customer !== row.customer) return `${row.purchase} is another customer's`;
  if (row.day < purchase.day) return `lies before its purchase ${row.purchase}`;
  return { ...row, at: Math.max(row.at, purchase.at) };
}

/** By instant; at the same one a purchase stands before a return. Lines of one file keep their order. */
function inOrder(one: Row, other: Row): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.kind !== other.kind) return one.kind === 'purchase' ? -1 : 1;
  return one.line - other.line;
}

/**
 * Merges both files in order of customer and instant. Customers do not wait for one another, so each is a lane of
 * its own; the longest come first, so that none of them is left to the end alone.
 */
export function lanesOf(purchases: readonly PurchaseRow[], returns: readonly ReturnRow[]) {
  const faults: Fault[] = [];
  const { kept, byNumber } = once(purchases, faults);
  const rows: Lane = [...kept];
  for (const row of once(returns, faults).kept) {
    const back = matched(row, byNumber.get(row.purchase));
    if (typeof back === 'string') faults.push({ file: row.file, line: row.line, reason: back });
    else rows.push(back);
  }
  const byCustomer = Map.groupBy(rows, ({ customer }) => customer);
  const lanes = [...byCustomer.values()].map((lane) => lane.toSorted(inOrder));
  return { lanes: lanes.toSorted((one, other) => other.length - one.length), faults };
}
