import { decodeTime, ulid } from 'ulid';
import { now } from './clock.ts';
import { digest } from './digest.ts';
import { hmac } from './secrets.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 26 Crockford base-32 characters (130 bits) of the bytes. */
export function base32(bytes: Uint8Array): string {
  const bits = BigInt(`0x${Buffer.from(bytes.subarray(0, 17)).toString('hex')}`) >> 6n;
  return Array.from({ length: 26 }, (_, i) => ALPHABET[Number((bits >> BigInt(5 * (25 - i))) & 31n)]).join('');
}

export type Prefix =
  | 'mem'
  | 'ses'
  | 'cod'
  | 'rev'
  | 'psh'
  | 'prd'
  | 'pur'
  | 'ret'
  | 'ord'
  | 'trf'
  | 'xch'
  | 'adj'
  | 'hld'
  | 'cli'
  | 'stf'
  | 'apr'
  | 'csc'
  | 'whk'
  | 'adr'
  | 'upl'
  | 'exp'
  | 'chg';

/** An id that sorts by the time it was made: prefix and ULID. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${ulid(now())}`;
}

/** When an id by `newId` was made. */
export function madeAt(id: string): number {
  return decodeTime(id.slice(id.indexOf('_') + 1));
}

/** The id of what this caller makes on this route under this key: the same each time, and nobody else's. */
export async function idUnderKey(prefix: Prefix, caller: string, route: string, key: string): Promise<string> {
  return `${prefix}_${base32(await hmac('id', JSON.stringify([caller, route, key])))}`;
}

/** Whose request it is, on which route and under which key: what an id under a key is made of. */
export interface By {
  caller: string;
  route: string;
  key: string;
}

/**
 * A keyed digest of what was asked, by which a repeat is told from a reuse: the same for the same content, whatever
 * the order of its fields. Keyed, because what was asked may hold a phone or an address.
 */
export async function requestDigest(content: unknown): Promise<string> {
  return Buffer.from(await hmac('id', digest(content)))
    .toString('base64url')
    .slice(0, 22);
}

/** A keyed digest by which something personal can be found without being stored in clear. */
export async function lookup(kind: string, value: string): Promise<string> {
  return base32(await hmac('lookup', JSON.stringify([kind, value])));
}
