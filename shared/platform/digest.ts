import { createHash } from 'node:crypto';

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => ordered(part));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, ordered(field)]),
  );
}

/** A digest of the content: the same whatever the order of its fields. Of nothing personal: it can be guessed. */
export function digest(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(content)))
    .digest('base64url')
    .slice(0, 22);
}

/** The digest under which a secret of 256 random bits is kept: with so many, a plain hash cannot be guessed. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
