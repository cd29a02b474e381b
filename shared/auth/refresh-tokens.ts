import { randomBytes, timingSafeEqual } from 'node:crypto';
import { secretDigest } from '../platform/digest.ts';
import { hmac } from '../platform/secrets.ts';

const CORE_BYTES = 32;
const MARK_BYTES = 16;

/** A refresh token taken apart. */
export interface Given {
  /** Whose session it is: a member, or one of the staff. */
  subject: string;
  sessionId: string;
  secret: string;
}

/** Of which session a refresh token says to be, and its secret; undefined for what has not its three parts. */
export function readRefreshToken(token: string): Given | undefined {
  const [subject, sessionId, secret, ...more] = token.split('.');
  return subject && sessionId && secret && more.length === 0 ? { subject, sessionId, secret } : undefined;
}

/** The secret with this core: a mark behind it says that we gave it to this session. */
async function marked(sessionId: string, core: Uint8Array): Promise<string> {
  const text = JSON.stringify(['mark', sessionId, Buffer.from(core).toString('base64url')]);
  return Buffer.concat([core, (await hmac('refresh', text)).subarray(0, MARK_BYTES)]).toString('base64url');
}

/** The secret of a session's first refresh token. */
export function firstSecret(sessionId: string): Promise<string> {
  return marked(sessionId, randomBytes(CORE_BYTES));
}

/**
 * The secret that follows this one: always the same, so that whoever asks twice with one token is given one
 * successor. Only who holds the token and our key can tell it; what the table keeps is not enough.
 */
async function nextSecret({ sessionId, secret }: Given): Promise<string> {
  return marked(sessionId, await hmac('refresh', JSON.stringify(['next', sessionId, secret])));
}

/** Whether this secret was once given to this session, whatever became of it. */
async function wasGiven({ sessionId, secret }: Given): Promise<boolean> {
  const core = Buffer.from(secret, 'base64url').subarray(0, CORE_BYTES);
  const right = Buffer.from(await marked(sessionId, core));
  const given = Buffer.from(secret);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** What is to be known of a token that is presented: by digests, as the table keeps them. */
export interface Presented {
  digest: string;
  nextDigest: string;
  /** By its mark; a token from before there were marks has none. */
  wasGiven: boolean;
}

/** The token as it can be judged, and the secret that follows it. */
export async function present(given: Given): Promise<{ presented: Presented; next: string }> {
  const next = await nextSecret(given);
  const digests = { digest: secretDigest(given.secret), nextDigest: secretDigest(next) };
  return { presented: { ...digests, wasGiven: await wasGiven(given) }, next };
}
