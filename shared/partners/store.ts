import { get } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { put, putWhen, type Write } from '../table/writes.ts';
import { FIRST_STAFF } from './rules.ts';

/** An OAuth2 client: a till, a shop, or a tool of the staff. */
export interface Client {
  clientId: string;
  kind: 'partner' | 'staff';
  name: string;
  /** SHA-256 of a secret of 256 random bits. */
  secretDigest: string;
  grants: readonly string[];
  createdAt: number;
  /** Digest of what was asked, where the client was made by the API. */
  request?: string;
}

export function findClient(clientId: string): Promise<Client | undefined> {
  return get<Client>(keys.client(clientId));
}

export function addClient(client: Client): Write {
  return put({ ...keys.client(client.clientId), type: 'client', v: 1, ...client }, 'partners.client_exists');
}

/** Marks the secret of this digest as used up, unless somebody else did since `before` was read. */
export function useUp(digest: string, before: Client | undefined, at: number): Write {
  const used: Client = {
    clientId: FIRST_STAFF,
    kind: 'staff',
    name: 'The first staff client, used up',
    secretDigest: digest,
    grants: [],
    createdAt: at,
  };
  const item = { ...keys.client(FIRST_STAFF), type: 'client', v: 1, ...used };
  return before
    ? putWhen(item, [['secretDigest', '=', before.secretDigest]], 'auth.token_invalid')
    : put(item, 'auth.token_invalid');
}
