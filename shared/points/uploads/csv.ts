import { CsvError, parse } from 'csv-parse/sync';

/** A line of a CSV text; without cells where its quotes do not match. */
export interface CsvLine {
  /** Counted from 1, as an editor does. */
  line: number;
  cells: string[] | undefined;
}

/** The cells of one line, without the blanks around them. */
function cellsOf(text: string): string[] | undefined {
  try {
    return parse(text, { trim: true, relax_column_count: true })[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/**
 * The lines of a CSV text that say something. A cell does not go over the end of its line, so that one bad quote does
 * not swallow the lines below it.
 */
export function csvLines(text: string): CsvLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((one, i) => ({ line: i + 1, text: one }))
    .filter((one) => one.text.trim() !== '')
    .map(({ line, text: one }) => ({ line, cells: cellsOf(one) }))
    .filter(({ cells }) => !cells || cells.some((cell) => cell !== ''));
}
