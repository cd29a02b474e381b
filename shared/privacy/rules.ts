/** How much an export says at most of each kind, and how its files live. */
export const EXPORTS = {
  most: 3,
  withinMs: 86_400_000,
  /** Longer than the bucket keeps the files. */
  keptMs: 3 * 86_400_000,
  linkSeconds: 900,
  types: { json: 'application/json; charset=utf-8', csv: 'text/csv; charset=utf-8' },
  says: { statementLines: 10_000, consents: 1_000, sessions: 1_000, orders: 1_000, holds: 1_000, notices: 1_000 },
} as const;

export const FORMATS = ['json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** An export that was asked for; ready once its files are written. */
export interface Made {
  exportId: string;
  at: number;
  ready: boolean;
}

function flat(value: unknown, path: string): [field: string, value: string][] {
  if (value === null || value === undefined) return [[path, '']];
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object') return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, part]) => flat(part, path === '' ? name : `${path}.${name}`));
}

/** The same as rows of a table: what it is of, the how manieth of these, which field, and what that says. */
export function rowsOf(all: Record<string, unknown>): string[][] {
  const rows = Object.entries(all).flatMap(([section, content]) => {
    const items: unknown[] = Array.isArray(content) ? content : [content];
    return items.flatMap((item, i) => flat(item, '').map(([field, value]) => [section, String(i + 1), field, value]));
  });
  return [['section', 'number', 'field', 'value'], ...rows];
}
