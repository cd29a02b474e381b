import { createHash } from 'node:crypto';

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
