import type { Presented } from './refresh-tokens.ts';
import type { Session } from './store.ts';

/** How a login code lives: 6 digits, 5 minutes, 5 tries, one use, one a minute for a phone. */
export const CODE = { digits: 6, livesSeconds: 300, tries: 5, resendSeconds: 60 } as const;

/** How a session lives: the access token is short, the refresh token is used once and renews the session. */
export const SESSION = { accessSeconds: 900, refreshSeconds: 90 * 86_400 } as const;

/**
 * How soon an access token dies with what it stands on: an authorizer goes by the list of revocations for `trustedMs`,
 * and the gateway by the authorizer for as long again. An item of the list is written a moment after its instant, so
 * each reading goes back a little; and it is kept until every token that it speaks of has run out: a client's lives longest,
 * an hour.
 */
export const REVOCATION = { trustedMs: 30_000, overlapMs: 10_000, keptMs: 3_660_000 } as const;

/** For so long the token that was used last is answered again: the answer may have been lost, or two tabs have asked. */
export const AGAIN_MS = 10_000;

/**
 * What a refresh token that is presented comes to. RENEW: it is the one that counts. AGAIN: it was used a moment ago,
 * and its successor has not been used yet. REUSED: it was used before, by whomever: one of two who hold it stole it.
 * NO: the session is over, or this is no token of it.
 */
export function judge(
  session: Pick<Session, 'refreshDigest' | 'expiresAt' | 'renewedAt'> | undefined,
  { digest, nextDigest, wasGiven }: Presented,
  at: number,
): 'RENEW' | 'AGAIN' | 'REUSED' | 'NO' {
  if (!session || session.expiresAt <= at) return 'NO';
  if (digest === session.refreshDigest) return 'RENEW';
  const wasLast = nextDigest === session.refreshDigest;
  if (wasLast && at - (session.renewedAt ?? 0) < AGAIN_MS) return 'AGAIN';
  return wasLast || wasGiven ? 'REUSED' : 'NO';
}
