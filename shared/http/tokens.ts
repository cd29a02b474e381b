import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { publicKey, publicKeys, signingKey } from '../keyring/signing-keys.ts';
import { now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import type { AuthorizerContext } from './caller.ts';

const AUDIENCES = ['member', 'partner', 'staff'] as const;

export type Audience = (typeof AUDIENCES)[number];

/** What an access token says: whom it is for, for how long, and what is granted (scopes or permissions). */
export interface Claims {
  audience: Audience;
  subject: string;
  sessionId?: string;
  grants: readonly string[];
  lifetimeSeconds: number;
}

/** An ES256 access token (RFC 9068: `typ: at+jwt`), valid from now. */
export async function issueToken({ audience, subject, sessionId, grants, lifetimeSeconds }: Claims): Promise<string> {
  const { privateJwk, kid } = await signingKey();
  const issuedAt = Math.floor(now() / 1_000);
  return new SignJWT({ scope: grants.join(' '), ...(sessionId && { sid: sessionId }) })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer(setting('ISSUER'))
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign({ ...privateJwk, alg: 'ES256' });
}

/** The keys by which anybody can tell our tokens, as JWKs (RFC 7517). */
export async function keySet() {
  const all = await publicKeys();
  return { keys: all.map(({ publicJwk, kid }) => ({ ...publicJwk, kid, use: 'sig' as const, alg: 'ES256' as const })) };
}

/** A token that is good by itself, as what was revoked is asked for it; instants in epoch milliseconds. */
export interface Issued {
  subject: string;
  /** Empty where the token belongs to no session. */
  sessionId: string;
  issuedAt: number;
}

export type IsRevoked = (token: Issued) => Promise<boolean>;

/**
 * Reads an access token that is for one of these audiences; says what is wrong with any other, that a good one is for
 * another door, and that what it stands on was ended. Only of a good one is asked whether it was revoked.
 */
export async function readToken(
  token: string,
  audiences: readonly Audience[],
  isRevoked: IsRevoked,
): Promise<AuthorizerContext> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = typeof kid === 'string' ? await publicKey(kid) : undefined;
        if (!key) throw new joseErrors.JWKSNoMatchingKey();
        return { ...key.publicJwk, alg: 'ES256' };
      },
      {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        issuer: setting('ISSUER'),
        audience: [...AUDIENCES],
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'iat', 'exp', 'scope'],
      },
    );
    const { aud, sub, sid, scope, iat, exp } = payload;
    if (typeof sub !== 'string' || typeof scope !== 'string') return { problem: 'auth.token_invalid' };
    const kind = audiences.find((audience) => audience === aud);
    if (!kind) return { problem: 'auth.forbidden' };
    const sessionId = typeof sid === 'string' ? sid : '';
    if (await isRevoked({ subject: sub, sessionId, issuedAt: (iat as number) * 1_000 })) {
      return { problem: 'auth.token_revoked' };
    }
    return { kind, id: sub, sessionId, grants: scope, expiresAt: (exp as number) * 1_000 };
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) return { problem: 'auth.token_expired' };
    if (error instanceof joseErrors.JOSEError) return { problem: 'auth.token_invalid' };
    throw error;
  }
}
