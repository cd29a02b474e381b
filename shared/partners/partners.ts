import { randomBytes, timingSafeEqual } from 'node:crypto';
import { issueToken } from '../http/tokens.ts';
import { now } from '../platform/clock.ts';
import { secretDigest } from '../platform/digest.ts';
import { newId } from '../platform/ids.ts';
import { isPerson } from '../staff/staff.ts';
import { send } from '../table/commit.ts';
import { firstStaff } from './first-staff.ts';
import { FIRST_STAFF, grantsFor, MAX_ID, REQUESTS_PER_MINUTE, TOKEN_SECONDS } from './rules.ts';
import { addClient, type Client, findClient } from './store.ts';

export { MAX_ID };

export type NewClient = Pick<Client, 'clientId' | 'kind' | 'name' | 'grants'> &
  Partial<Pick<Client, 'requestsPerMinute'>>;

/** Makes a client for whoever has the table; its secret is given out here, this once, and kept only as a digest. */
export async function createClient(wish: NewClient): Promise<{ clientSecret: string }> {
  const clientSecret = randomBytes(32).toString('base64url');
  const createdAt = now();
  const client: Client = {
    requestsPerMinute: REQUESTS_PER_MINUTE,
    ...wish,
    status: 'ENABLED',
    secrets: [{ secretId: newId('csc'), digest: secretDigest(clientSecret), createdAt }],
    gone: [],
    createdAt,
    version: 1,
  };
  await send([addClient(client)]);
  return { clientSecret };
}

/** Who is behind a caller of staff: of a client whoever made it, so that nobody is several by making clients. */
export async function makerOf(caller: string): Promise<string> {
  if (isPerson(caller)) return caller;
  return (await findClient(caller.slice('client:'.length)))?.madeBy ?? caller;
}

export interface TokenRequest {
  grantType: string | undefined;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
}

/** Whether the secret is one of the client's; a client that is not there, or may not, costs as much time as one that may. */
function fits(client: Client | undefined, clientSecret: string): boolean {
  const given = Buffer.from(secretDigest(clientSecret));
  const [one, other] = client?.status === 'ENABLED' ? client.secrets : [];
  const nobody = secretDigest('');
  return [one, other]
    .map((known) => timingSafeEqual(given, Buffer.from(known?.digest ?? nobody)) && known !== undefined)
    .includes(true);
}

/** A token by client credentials, or the error as RFC 6749 §5.2 names it. */
export async function tokenFor({ grantType, clientId, clientSecret, scope }: TokenRequest) {
  if (grantType === undefined) return { error: 'invalid_request' } as const;
  if (grantType !== 'client_credentials') return { error: 'unsupported_grant_type' } as const;
  const named = clientId !== '' && clientId.length <= MAX_ID;
  const client =
    clientId === FIRST_STAFF ? await firstStaff(clientSecret) : named ? await findClient(clientId) : undefined;
  if (!fits(client, clientSecret) || !client) return { error: 'invalid_client' } as const;
  const grants = grantsFor(client.grants, scope);
  if (!grants) return { error: 'invalid_scope' } as const;
  const lifetimeSeconds = TOKEN_SECONDS;
  const accessToken = await issueToken({ audience: client.kind, subject: clientId, grants, lifetimeSeconds });
  return { accessToken, lifetimeSeconds, grants } as const;
}
