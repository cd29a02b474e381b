import { get } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { put, type Write } from '../table/writes.ts';

/** An OAuth2 client: a till, a shop, or a tool of the staff. */
export interface Client {
  clientId: string;
  kind: 'partner' | 'staff';
  name: string;
  /** SHA-256 of a secret of 256 random bits. */
  secretDigest: string;
  grants: readonly string[];
  createdAt: number;
}

export function findClient(clientId: string): Promise<Client | undefined> {
  return get<Client>(keys.client(clientId));
}

export function addClient(client: Client): Write {
  return put({ ...keys.client(client.clientId), type: 'client', v: 1, ...client }, 'partners.client_exists');
}
