import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { hmac } from '../platform/secrets.ts';

async function signed(list: string, body: string): Promise<string> {
  return `${body}.${Buffer.from(await hmac('cursor', `${list}\n${body}`)).toString('base64url')}`;
}

/**
 * An opaque, signed place in a list. `list` names the list and whose it is: a cursor of another list, of another
 * member, or an edited one is refused.
 */
export async function writeCursor(list: string, place: readonly (string | number)[]): Promise<string> {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url');
  return signed(list, body);
}

/** The place that `writeCursor` wrote for the same list. */
export async function readCursor(list: string, cursor: string): Promise<(string | number)[]> {
  const [body = ''] = cursor.split('.');
  const right = Buffer.from(await signed(list, body));
  const given = Buffer.from(cursor);
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Refusal('request.cursor_invalid');
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as (string | number)[];
}
