import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLines } from '../../../shared/points/uploads/csv.ts';

/** The cells of one line as a reader of the whole format sees them. */
function byLibrary(text: string): string[] | undefined {
  try {
    const [cells = []] = parse(text, { trim: true, relax_column_count: true });
    return cells.map((cell) => cell.trim());
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

describe('the cells of a line', () => {
  it('are those that csv-parse finds, and it finds none where we find none', () => {
    const line = fc
      .array(fc.constantFrom('a', '1', ',', ',', '"', '"', '""', ' ', 'é', '客', '=', "'", ';', '\\'), {
        maxLength: 14,
      })
      .map((parts) => parts.join(''))
      // Of an empty cell in quotes and more quotes behind it the library makes an empty cell, and loses what it says.
      .filter((text) => /[^\s,"]/.test(text) && !/""\s+"/.test(text));
    const check = (text: string) => {
      const [first] = csvLines(text);
      expect(first).toEqual({ line: 1, cells: byLibrary(text) });
    };
    fc.assert(fc.property(line, check), { numRuns: 1_000 });
  });

  it('are none where more quotes follow an empty cell in quotes', () => {
    expect(csvLines('"" "","a"')).toEqual([{ line: 1, cells: undefined }]);
  });

  it.each([
    ['blanks before a quote', `${' '.repeat(60_000)}x"`],
    ['quotes', `"${'"'.repeat(60_000)}x`],
    ['blanks behind a quote', `"a"${' '.repeat(60_000)}x`],
    ['commas', `${','.repeat(60_000)}"`],
  ])('are found missing at once in 60 KB of %s', (_, text) => {
    // A pattern that goes back over the text again and again would not end within the test's own time.
    expect(csvLines(text)).toEqual([{ line: 1, cells: undefined }]);
  });
});
