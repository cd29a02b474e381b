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

/**
 * The write that uses up the code of this phone, for the list of what it is for. A wrong one is refused and costs a try. However many are given at once, no more count
 * than there are tries: what does not take one by a conditional write is refused, even when it was right.
 */
export async function useOf({ phone, code, codeId }: GivenCode, purpose: CodePurpose): Promise<Write> {
  const phoneDigest = await lookup('PHONE', phone);
  const underWay = await findCode(phoneDigest);
  const at = now();
  if (!underWay || underWay.expiresAt <= at || underWay.usedAt !== 0 || underWay.triesLeft <= 0) {
    throw new Refusal('auth.code_invalid');
  }
  // It was given for another one: that says nothing of this code, and costs it nothing.
  if (underWay.purpose !== purpose || (codeId !== undefined && codeId !== underWay.codeId)) {
    throw new Refusal('auth.code_invalid');
  }
  const digest = Buffer.from(await codeDigest(phoneDigest, underWay, code));
  const right = timingSafeEqual(digest, Buffer.from(underWay.codeDigest));
  if (right) return useCode(phoneDigest, underWay, at, randomUUID());
  await send([missCode(phoneDigest, underWay)]);
  throw new Refusal('auth.code_invalid');
}

/** Uses up the code of this phone, or refuses. */
export async function checkCode(given: GivenCode, purpose: CodePurpose): Promise<void> {
  await send([await useOf(given, purpose)]);
}
