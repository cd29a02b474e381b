import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf, Stop } from '../tools/stop.ts';

/** Where something stands: counted from 1, the header included. */
export interface Place {
  file: string;
  line: number;
}

/** A line that is refused, and why. */
export interface Fault extends Place {
  reason: string;
}

/** One line of a file, by the names of its header. */
export interface Found<Column extends string> extends Place {
  fields: Record<Column, string>;
}

const LONGEST_LINE = 4_096;

function cellsOf(text: string): string[] | string {
  if (text.length > LONGEST_LINE) return `is ${text.length} characters long, and ${LONGEST_LINE} are read`;
  try {
    const [cells = []] = parse(text, { relax_column_count: true });
    return cells;
  } catch (thrown) {
    return `is no CSV: ${messageOf(thrown)}`;
  }
}

function textOf(path: string): string {
  try {
    return new TextDecoder().decode(readFileSync(path));
  } catch (thrown) {
    throw new Stop(`${path} cannot be read: ${messageOf(thrown)}.`);
  }
}

function headerOf<Column extends string>(text: string, file: string, columns: readonly Column[]): Column[] {
  const cells = cellsOf(text);
  const known = Array.isArray(cells) && cells.toSorted().join() === columns.toSorted().join();
  if (!known) throw new Stop(`${file}:1 is not the header that is read here, which names ${columns.join(', ')}.`);
  return cells as Column[];
}

function fieldsOf<Column extends string>(text: string, header: readonly Column[]): Record<Column, string> | string {
  const cells = cellsOf(text);
  if (typeof cells === 'string') return cells;
  if (cells.length !== header.length) return `has ${cells.length} columns instead of ${header.length}`;
  return Object.fromEntries(header.map((column, i) => [column, cells[i] ?? ''])) as Record<Column, string>;
}

/**
 * Reads a file line by line, so that a broken line breaks no other. A byte-order mark at its start is no part of it;
 * a file with another header is not read at all.
 */
export function read<Column extends string>(path: string, columns: readonly Column[]) {
  const file = basename(path);
  const [first = '', ...texts] = textOf(path).split(/\r?\n/);
  const header = headerOf(first, file, columns);
  const found: Found<Column>[] = [];
  const faults: Fault[] = [];
  for (const [i, text] of texts.entries()) {
    if (text.trim() === '') continue;
    const place = { file, line: i + 2 };
    const fields = fieldsOf(text, header);
    if (typeof fields === 'string') faults.push({ ...place, reason: fields });
    else found.push({ ...place, fields });
  }
  return { found, faults };
}
