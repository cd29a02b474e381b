/** A line of a CSV text; without cells where its quotes do not match. */
export interface CsvLine {
  /** Counted from 1, as an editor does. */
  line: number;
  cells: string[] | undefined;
}

const BLANKS = /\s*/y;
const QUOTED = /"((?:[^"]|"")*)"\s*(,|$)/y;
const PLAIN = /([^",]*)(,|$)/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * The cells of one line, by RFC 4180, without the blanks around them. Each pattern goes over the text once, however
 * long it is.
 */
function cellsOf(text: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    at += match(BLANKS, text, at)?.[0].length ?? 0;
    const isQuoted = text[at] === '"';
    const found = match(isQuoted ? QUOTED : PLAIN, text, at);
    if (!found) return undefined;
    const [all, cell = '', end] = found;
    cells.push((isQuoted ? cell.replaceAll('""', '"') : cell).trim());
    if (end === '') return cells;
    at += all.length;
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
