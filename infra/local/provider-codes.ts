import { createHash, randomBytes } from 'node:crypto';
import type { Reply, Request } from './http-event.ts';

/** Answers what is asked of it on the provider's own paths, and nothing else. */
export type Provider = (request: Request) => Reply | undefined;

const LIVES_MS = 300_000;
const FORM = /^mock-([\w+]{1,40})-([0-9a-z]{1,12})\.[0-9a-f]+$/;

/** A code as a provider gives it to an app for one person, made `at` an instant: it counts for five minutes, once. */
export function providerCode(person: string, at: number): string {
  return `mock-${person}-${at.toString(36)}.${randomBytes(6).toString('hex')}`;
}

/** What a code comes to: the person, or why it does not count. */
export type Told = { person: string } | 'UNKNOWN' | 'EXPIRED' | 'USED';

/** Takes codes, each once. */
export function codeDesk(now: () => number): (code: string) => Told {
  const used = new Set<string>();
  return (code) => {
    const [, person, since] = FORM.exec(code) ?? [];
    if (person === undefined || since === undefined) return 'UNKNOWN';
    if (Math.abs(now() - Number.parseInt(since, 36)) > LIVES_MS) return 'EXPIRED';
    if (used.has(code)) return 'USED';
    used.add(code);
    return { person };
  };
}

/** A name for a person within something: the same each time, and telling nothing. */
export function nameWithin(within: string, person: string, length: number): string {
  return createHash('sha256').update(`${within}/${person}`).digest('base64url').slice(0, length);
}

export function jsonReply(value: object, statusCode = 200): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return { statusCode, headers: { 'content-type': 'application/json; charset=utf-8' }, cookies: [], body };
}
