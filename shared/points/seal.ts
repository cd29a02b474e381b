import { createHash } from 'node:crypto';

/** The text that is sealed: the item without its hash, keys in order at every depth, binaries as base64. */
function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** sha256 of the hash before (nothing for the first entry) and the canonical entry. */
export function seal(before: Uint8Array | undefined, item: object): Uint8Array {
  const text = canonical(item);
  return new Uint8Array(
    createHash('sha256')
      .update(before ?? new Uint8Array())
      .update(text)
      .digest(),
  );
}

/** How many bytes of a digest a reference is remembered by. */
export const DIGEST_BYTES = 6;

/** The 6 bytes by which a reference is remembered. */
export function digestOf(reference: string): Uint8Array {
  return createHash('sha256').update(reference).digest().subarray(0, DIGEST_BYTES);
}

const MAX_REFERENCE_BYTES = 64;

/** What a movement is for, as `purchase:A-1001`; one longer than 64 bytes is replaced by its digest. */
export function reference(what: string, id: string): string {
  const text = `${what}:${id}`;
  if (Buffer.byteLength(text) <= MAX_REFERENCE_BYTES) return text;
  return `${what}:${createHash('sha256').update(id).digest('base64url')}`;
}
