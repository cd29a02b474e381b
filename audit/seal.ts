import { createHash } from 'node:crypto';

/** The text that is sealed: names in order at every depth, binaries in base64. */
export function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (value instanceof Set) return textOf([...value].map(String).toSorted((one, other) => (one < other ? -1 : 1)));
  if (Array.isArray(value)) return `[${value.map((part) => textOf(part)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields).toSorted((one, other) => (one < other ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(fields[name])}`).join(',')}}`;
}

/** What the seal of these attributes must be, after that of the item before. */
export function sealOf(before: Uint8Array | undefined, sealed: Record<string, unknown>): Buffer {
  const hash = createHash('sha256');
  if (before) hash.update(before);
  return hash.update(textOf(sealed)).digest();
}

/** The first bytes of the digest of a reference. */
export function digestOf(reference: string, bytes: number): Buffer {
  return createHash('sha256').update(reference).digest().subarray(0, bytes);
}

/** The reference of what this document did: a long one is replaced by its digest. */
export function referenceOf(what: string, id: string): string {
  const whole = `${what}:${id}`;
  return Buffer.byteLength(whole) <= 64 ? whole : `${what}:${createHash('sha256').update(id).digest('base64url')}`;
}
