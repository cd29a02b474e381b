import type { Fault } from './records.ts';
import type { Fate } from './send.ts';

/** What came of an import so far. */
export interface Tally {
  accepted: number;
  known: number;
  /** Took effect later than at their own time. */
  later: number;
  refused: Fault[];
}

export function newTally(faults: readonly Fault[]): Tally {
  return { accepted: 0, known: 0, later: 0, refused: [...faults] };
}

/** Counts what came of one line. */
export function count(tally: Tally, fate: Fate): void {
  const { file, line } = fate;
  if (fate.fate === 'refused') tally.refused.push({ file, line, reason: fate.reason });
  else tally[fate.fate] += 1;
  if (fate.later) tally.later += 1;
}

const grouped = (count: number) => count.toLocaleString('en-US');

/** What the import says at its end. */
export function reportOf({ accepted, known, later, refused }: Tally): string {
  const lines = [
    `accepted       ${grouped(accepted)}`,
    `already known  ${grouped(known)}`,
    `refused        ${grouped(refused.length)}`,
    `took effect later than their own time  ${grouped(later)}  (the account had moved on: they count from there)`,
  ];
  const inOrder = refused.toSorted((one, other) => one.file.localeCompare(other.file) || one.line - other.line);
  return [...lines, ...inOrder.map(({ file, line, reason }) => `${file}:${line} ${reason}`)].join('\n');
}
