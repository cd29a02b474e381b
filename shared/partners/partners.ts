import { randomBytes, timingSafeEqual } from 'node:crypto';
import { issueToken } from '../http/tokens.ts';
import { now } from '../platform/clock.ts';
import { secretDigest } from '../platform/digest.ts';
import { exchange } from '../table/commit.ts';
import { firstStaff } from './clients.ts';
import { FIRST_STAFF, type Grant, grantsFor, MAX_ID, TOKEN_SECONDS } from './rules.ts';
import { addClient, type Client, findClient } from './store.ts';

export { makeClient } from './clients.ts';
export { MAX_ID };

export type NewClient = Pick<Client, 'clientId' | 'kind' | 'name'> & { grants: readonly Grant[] };

/** Makes a client where nobody can ask for one yet; its secret is given out here, this once, and kept only as a digest. */
export async function createClient({ clientId, kind, name, grants }: NewClient): Promise<{ clientSecret: string }> {
  const clientSecret = randomBytes(32).toString('base64url');
  const client: Client = { clientId, kind, name, secretDigest: secretDigest(clientSecret), grants, createdAt: now() };
  await exchange(async () => ({ writes: [addClient(client)], answer: null }));
  return { clientSecret };
}

export interface TokenRequest {
  grantType: string | undefined;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
}

/** A token by client credentials, or the error as RFC 6749 §5.2 names it. An unknown client costs as much time as a wrong secret. */
export async function tokenFor({ grantType, clientId, clientSecret, scope }: TokenRequest) {
  if (grantType === undefined) return { error: 'invalid_request' } as const;
  if (grantType !== 'client_credentials') return { error: 'unsupported_grant_type' } as const;
  const named = clientId !== '' && clientId.length <= MAX_ID;
  const client =
    clientId === FIRST_STAFF ? await firstStaff(clientSecret) : named ? await findClient(clientId) : undefined;
  const right = client?.secretDigest ?? secretDigest('');
  const fits = timingSafeEqual(Buffer.from(secretDigest(clientSecret)), Buffer.from(right));
  if (!client || !fits) return { error: 'invalid_client' } as const;
  const grants = grantsFor(client.grants, scope);
  if (!grants) return { error: 'invalid_scope' } as const;
  const lifetimeSeconds = TOKEN_SECONDS;
  const accessToken = await issueToken({ audience: client.kind, subject: clientId, grants, lifetimeSeconds });
  return { accessToken, lifetimeSeconds, grants } as const;
}
