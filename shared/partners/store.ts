import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { iso } from '../platform/clock.ts';
import { client, fromAttributes, get, inTime, query, type Reading, tableName, toAttributes } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, putWhen, type Write } from '../table/writes.ts';

/** SHA-256 of a secret of 256 random bits, and how it is named. */
export interface ClientSecret {
  secretId: string;
  digest: string;
  createdAt: number;
}

/** An OAuth2 client: a till, a shop, or a tool of the staff. */
export interface Client {
  clientId: string;
  kind: 'partner' | 'staff';
  name: string;
  grants: readonly string[];
  status: 'ENABLED' | 'DISABLED';
  requestsPerMinute: number;
  /** The oldest first. */
  secrets: readonly ClientSecret[];
  /** The ids of secrets that were removed, the newest last: none of them is made again by a request that is repeated. */
  gone: readonly string[];
  createdAt: number;
  /** Counts its changes from 1. */
  version: number;
  /** Digest of what was asked, where the client was made by the API. */
  request?: string;
  /** Who is behind it, where it was made by the API: who made it, or who is behind the client that did. */
  madeBy?: string;
}

export function findClient(clientId: string, reading: Reading = 'consistent'): Promise<Client | undefined> {
  return get<Client>(keys.client(clientId), reading);
}

/** A page of all clients, the newest first. */
export function clientsBefore(before: string | undefined, limit: number) {
  const { gsi1pk: pk } = keys.allClients('', '');
  return query<Client & { gsi1sk: string }>({ index: 'gsi1', pk, before, newestFirst: true, limit });
}

export function addClient(client: Client): Write {
  const { clientId, createdAt } = client;
  const places = { ...keys.client(clientId), ...keys.allClients(iso(createdAt), clientId) };
  return put({ ...places, type: 'client', v: 1, ...client }, 'partners.client_exists');
}

/** The first secret that was used up last. */
export interface UsedUp {
  digest: string;
  usedAt: number;
}

export function findFirstStaff(): Promise<UsedUp | undefined> {
  return get<UsedUp>(keys.firstStaff());
}

/** Marks the first secret of this digest as used up, unless somebody else did since `before` was read. */
export function useUp(digest: string, before: UsedUp | undefined, usedAt: number): Write {
  const item = { ...keys.firstStaff(), type: 'first-staff', v: 1, digest, usedAt };
  return before
    ? putWhen(item, [['digest', '=', before.digest]], 'auth.token_invalid')
    : put(item, 'auth.token_invalid');
}

/** The write that puts these fields in the place of what they were, unless another came first. */
export function changeClient(
  { clientId, version }: Client,
  set: Partial<Pick<Client, 'name' | 'grants' | 'status' | 'requestsPerMinute' | 'secrets' | 'gone'>>,
): Write {
  const when = [['version', '=', version]] as const;
  return change(keys.client(clientId), { set: { ...set, version: version + 1 }, when }, 'partners.moved');
}

/** A counter of a minute is of no use any more this long after it began. */
const COUNTED_FOR_SECONDS = 3_600;

/**
 * Takes up to `count` of the requests that a client has in this minute, by one conditional write; 0 when all are taken.
 * Of the last ones there may be fewer: the number before says how many.
 */
export async function lease(clientId: string, minute: number, count: number, limit: number): Promise<number> {
  const values = {
    ':type': 'request-count',
    ':v': 1,
    ':client': clientId,
    ':minute': minute,
    ':end': minute * 60 + COUNTED_FOR_SECONDS,
    ':count': count,
    ':limit': limit,
  };
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: tableName(),
        Key: toAttributes({ ...keys.requestCount(clientId, minute) }),
        UpdateExpression:
          'SET #type = :type, v = :v, clientId = :client, #minute = :minute, expiresAtEpoch = :end ADD leased :count',
        ConditionExpression: 'attribute_not_exists(leased) OR leased < :limit',
        ExpressionAttributeNames: { '#type': 'type', '#minute': 'minute' },
        ExpressionAttributeValues: toAttributes(values),
        ReturnValues: 'UPDATED_OLD',
      }),
      inTime(),
    );
    const { leased = 0 } = fromAttributes<{ leased?: number }>(Attributes);
    return Math.min(count, limit - leased);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 0;
    throw error;
  }
}
