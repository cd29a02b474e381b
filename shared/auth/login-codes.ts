import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { lookup, newId } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { send } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { CODE, type CodePurpose, nextSendAt, sendsWith } from './rules.ts';
import { findCode, type LoginCode, missCode, sendCode, useCode } from './store.ts';

type Bond = Pick<LoginCode, 'codeId' | 'purpose' | 'sentAt'>;

/** The digest under which a code is kept: bound to the phone, to what it is for, and to the request that asked for it. */
async function codeDigest(phoneDigest: string, { codeId, purpose, sentAt }: Bond, code: string): Promise<string> {
  const bound = JSON.stringify([phoneDigest, purpose, codeId, sentAt, code]);
  return Buffer.from(await hmac('code', bound)).toString('base64url');
}

/** A phone whose turn it is, and the code that a new one replaces. */
export interface Turn {
  phoneDigest: string;
  before: LoginCode | undefined;
}

/** Refuses a phone that was sent as many codes of late as it may be; nothing is written. */
export async function turnOf(phone: string): Promise<Turn> {
  const phoneDigest = await lookup('PHONE', phone);
  const before = await findCode(phoneDigest);
  const waitMs = nextSendAt(before?.sends ?? []) - now();
  if (waitMs > 0) throw new Refusal('auth.code_too_soon', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  return { phoneDigest, before };
}

/** A new code, and when the phone may be sent the next. */
export interface NewCode {
  code: string;
  codeId: string;
  nextAfterSeconds: number;
}

/** A new code for the phone in the place of the one before, whatever that was for. */
export async function newCode({ phoneDigest, before }: Turn, purpose: CodePurpose): Promise<NewCode> {
  const sentAt = now();
  const code = String(randomInt(10 ** CODE.digits)).padStart(CODE.digits, '0');
  const bond = { codeId: newId('cod'), purpose, sentAt };
  const underWay: LoginCode = {
    ...bond,
    codeDigest: await codeDigest(phoneDigest, bond, code),
    expiresAt: sentAt + CODE.livesSeconds * 1_000,
    triesLeft: CODE.tries,
    usedAt: 0,
    sends: sendsWith(before?.sends ?? [], sentAt),
  };
  await send([sendCode(phoneDigest, underWay, before)]);
  const nextAfterSeconds = Math.ceil((nextSendAt(underWay.sends) - sentAt) / 1_000);
  return { code, codeId: bond.codeId, nextAfterSeconds };
}

/** What somebody gives as a code, and, if they say so, of which request. */
export interface GivenCode {
  phone: string;
  code: string;
  codeId?: string | undefined;
}

/** A code that was given, looked at: `use` uses it up, `miss` takes one of its tries, and both only while it counts. */
export interface Judged {
  right: boolean;
  use: Write;
  miss: Write;
}

/**
 * Looks at a code and writes nothing; undefined where no such code counts. However many are given at once, no more count
 * than there are tries: so nobody may be told what was found before `use` or `miss` has succeeded, even when it was right.
 */
export async function judgeCode(
  { phone, code, codeId }: GivenCode,
  purpose: CodePurpose,
  otherwise: 'auth.code_invalid' | 'auth.step_up_invalid' = 'auth.code_invalid',
): Promise<Judged | undefined> {
  const phoneDigest = await lookup('PHONE', phone);
  const underWay = await findCode(phoneDigest);
  const at = now();
  if (!underWay || underWay.expiresAt <= at || underWay.usedAt !== 0 || underWay.triesLeft <= 0) return undefined;
  // It was given for another one: that says nothing of this code, and costs it nothing.
  if (underWay.purpose !== purpose || (codeId !== undefined && codeId !== underWay.codeId)) return undefined;
  const digest = Buffer.from(await codeDigest(phoneDigest, underWay, code));
  return {
    right: timingSafeEqual(digest, Buffer.from(underWay.codeDigest)),
    use: useCode(phoneDigest, underWay, { at, attempt: randomUUID() }, otherwise),
    miss: missCode(phoneDigest, underWay, otherwise),
  };
}

/** The write that uses up the code of this phone, for the list of what it is for; a wrong one is refused and costs a try. */
export async function useOf(given: GivenCode, purpose: CodePurpose): Promise<Write> {
  const judged = await judgeCode(given, purpose);
  if (!judged) throw new Refusal('auth.code_invalid');
  if (judged.right) return judged.use;
  await send([judged.miss]);
  throw new Refusal('auth.code_invalid');
}

/** Uses up the code of this phone, or refuses. */
export async function checkCode(given: GivenCode, purpose: CodePurpose): Promise<void> {
  await send([await useOf(given, purpose)]);
}
