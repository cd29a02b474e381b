import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { idForm } from '../platform/forms.ts';
import { base32 } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import type { Write } from '../table/writes.ts';
import { MEMBER_CODE } from './rules.ts';
import { useMemberCode } from './store.ts';

const { prefix, windowMs, skew, idLength, sealLength } = MEMBER_CODE;

const windowAt = (at: number) => Math.floor(at / windowMs);

/** The code of a member in one window: whom it is of, and a seal that only we can put on it. */
async function codeIn(memberId: string, window: number): Promise<string> {
  const seal = base32(await hmac('member-code', JSON.stringify([memberId, window]))).slice(0, sealLength);
  return `${prefix}${memberId.slice('mem_'.length)}${seal}`;
}

/** What a member shows now, and when there is another. Nothing is written for it. */
export async function memberCode(memberId: string): Promise<{ code: string; nextAt: number }> {
  const window = windowAt(now());
  return { code: await codeIn(memberId, window), nextAt: (window + 1) * windowMs };
}

/** Whom a code names, whoever made it. */
export function namedBy(code: string): string | undefined {
  const memberId = `mem_${code.slice(prefix.length, prefix.length + idLength)}`;
  const isFormed = code.startsWith(prefix) && code.length === prefix.length + idLength + sealLength;
  return isFormed && idForm('mem').test(memberId) ? memberId : undefined;
}

/**
 * Whose code this is, and the write that uses it up. One that is forged, too old, or of a clock that is far off is
 * refused like one that was used.
 */
export async function readCode(code: string, at: number): Promise<{ memberId: string; use: Write }> {
  const memberId = namedBy(code);
  if (memberId === undefined) throw new Refusal('members.code_invalid');
  const given = Buffer.from(code);
  for (let window = windowAt(at) - skew; window <= windowAt(at) + skew; window += 1) {
    const right = Buffer.from(await codeIn(memberId, window));
    if (given.length === right.length && timingSafeEqual(given, right)) {
      return { memberId, use: useMemberCode(memberId, window, at) };
    }
  }
  throw new Refusal('members.code_invalid');
}
