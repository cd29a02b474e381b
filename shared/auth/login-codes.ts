import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { lookup } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { send } from '../table/commit.ts';
import { CODE } from './rules.ts';
import { findCode, type LoginCode, missCode, sendCode, useCode } from './store.ts';

/** The digest under which a code is kept: bound to the phone and to the moment it was sent. */
async function codeDigest(phoneDigest: string, sentAt: number, code: string): Promise<string> {
  return Buffer.from(await hmac('code', JSON.stringify([phoneDigest, sentAt, code]))).toString('base64url');
}

/** A new code for the phone, which takes the place of one that is at least a minute old. */
export async function newCode(phone: string): Promise<string> {
  const phoneDigest = await lookup('PHONE', phone);
  const sentAt = now();
  const code = String(randomInt(10 ** CODE.digits)).padStart(CODE.digits, '0');
  const underWay: LoginCode = {
    codeDigest: await codeDigest(phoneDigest, sentAt, code),
    sentAt,
    expiresAt: sentAt + CODE.livesSeconds * 1_000,
    triesLeft: CODE.tries,
    usedAt: 0,
  };
  await send([sendCode(phoneDigest, underWay, sentAt - CODE.resendSeconds * 1_000)]);
  return code;
}

/** Uses up the code of this phone, or refuses; a wrong one costs a try. */
export async function checkCode(phone: string, given: string): Promise<void> {
  const phoneDigest = await lookup('PHONE', phone);
  const underWay = await findCode(phoneDigest);
  const at = now();
  if (!underWay || underWay.expiresAt <= at || underWay.usedAt !== 0 || underWay.triesLeft <= 0) {
    throw new Refusal('auth.code_invalid');
  }
  const digest = Buffer.from(await codeDigest(phoneDigest, underWay.sentAt, given));
  const right = timingSafeEqual(digest, Buffer.from(underWay.codeDigest));
  await send([right ? useCode(phoneDigest, underWay, at, randomUUID()) : missCode(phoneDigest, underWay)]);
  if (!right) throw new Refusal('auth.code_invalid');
}
