import { createHash } from 'node:crypto';

/** The text that is sealed: the item without its hash, keys in order at every depth, binaries as base64. */
function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** Seals the next item of a chain: sha256 of the hash before (nothing for the first item) and the canonical item. */
export function seal(before: Uint8Array | undefined, item: object): Uint8Array {
  const text = canonical(item);
  return new Uint8Array(
    createHash('sha256')
      .update(before ?? new Uint8Array())
      .update(text)
      .digest(),
  );
}
