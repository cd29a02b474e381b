import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { timeLeft } from '../platform/deadline.ts';
import { setting } from '../platform/settings.ts';
import type { Key } from './keys.ts';

/** An item as stored: keys, `type`, `v`, and its own fields. */
export type Item = Key & { type: string; v: number } & Record<string, unknown>;

/** A try is cut short, and there are three of them: what is lost on the way, or throttled, is sent again. */
export const client = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
});

/** Three tries and the waits between them end by then: nobody waits for a black hole until the gateway gives up. */
const LONGEST_CALL_MS = 1_900;

/** How every call is sent: it ends within two seconds and with what it is for, whatever is at the other end. */
export function inTime(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(Math.floor(Math.min(LONGEST_CALL_MS, timeLeft()))) };
}

export function tableName(): string {
  return setting('TABLE_NAME');
}

export function toAttributes(item: Record<string, unknown>): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}

export function fromAttributes<T>(attributes: Record<string, AttributeValue>): T {
  return unmarshall(attributes) as T;
}

/**
 * How surely a read sees the last write: `eventual` costs half and may be late. A decision on it is safe where the
 * write is refused when what was read has moved on; a refusal never rests on it.
 */
export type Reading = 'eventual' | 'consistent';

/** The item at this key, or undefined. */
export async function get<T>(key: Key, reading: Reading = 'consistent'): Promise<T | undefined> {
  const ConsistentRead = reading === 'consistent';
  const { Item: found } = await client.send(
    new GetItemCommand({ TableName: tableName(), Key: toAttributes({ ...key }), ConsistentRead }),
    inTime(),
  );
  return found && fromAttributes<T>(found);
}

/** DynamoDB takes so many keys in one batch. */
const BATCH = 100;
const MAX_UNREAD = 4;

/** The items at these keys, each named once, that exist, in no order; bounded retries for what a batch left over. */
export async function getMany<T>(wanted: readonly Key[], reading: Reading = 'eventual'): Promise<T[]> {
  const ConsistentRead = reading === 'consistent';
  const found: T[] = [];
  const keys = wanted.map((key) => toAttributes({ ...key }));
  for (let unread = 0; keys.length > 0; ) {
    if (unread === MAX_UNREAD) throw new Error('The table leaves keys of a batch unread.');
    const batch = { Keys: keys.splice(0, BATCH), ConsistentRead };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName()]: batch } }), inTime());
    found.push(...(answer.Responses?.[tableName()] ?? []).map((item) => fromAttributes<T>(item)));
    const left = answer.UnprocessedKeys?.[tableName()]?.Keys ?? [];
    keys.unshift(...left);
    unread = left.length > 0 ? unread + 1 : 0;
  }
  return found;
}

export interface Range {
  index?: 'gsi1' | 'gsi2';
  pk: string;
  /** Only below / above this sort key, itself excluded: where a list goes on. */
  before?: string | undefined;
  after?: string | undefined;
  /** Only sort keys that begin so, in the place of a bound. */
  startingWith?: string;
  newestFirst?: boolean;
  limit: number;
}

function rangeCondition({ pk, before, after, startingWith }: Range) {
  const bound = startingWith ?? before ?? after;
  if (bound === undefined) return { KeyConditionExpression: '#pk = :pk', values: { ':pk': pk } };
  const test = startingWith === undefined ? `#sk ${before === undefined ? '>' : '<'} :sk` : 'begins_with(#sk, :sk)';
  return { KeyConditionExpression: `#pk = :pk AND ${test}`, values: { ':pk': pk, ':sk': bound } };
}

function queryInput(range: Range, reading: Reading): QueryCommandInput {
  const prefix = range.index ?? '';
  const { KeyConditionExpression, values } = rangeCondition(range);
  const bounded = ':sk' in values;
  return {
    TableName: tableName(),
    IndexName: range.index,
    KeyConditionExpression,
    ExpressionAttributeNames: { '#pk': `${prefix}pk`, ...(bounded && { '#sk': `${prefix}sk` }) },
    ExpressionAttributeValues: toAttributes(values),
    ScanIndexForward: !range.newestFirst,
    ConsistentRead: range.index === undefined && reading === 'consistent',
  };
}

/**
 * The first `limit` items of a partition, or of an index (always eventual), in the order of its sort key. Fewer come
 * only when there are no more: what DynamoDB cuts at 1 MB is asked for again from there.
 */
export async function query<T>(range: Range, reading: Reading = 'consistent'): Promise<T[]> {
  const input = queryInput(range, reading);
  const found: T[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const Limit = range.limit - found.length;
    const page = await client.send(new QueryCommand({ ...input, Limit, ExclusiveStartKey: from }), inTime());
    found.push(...(page.Items ?? []).map((item) => fromAttributes<T>(item)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined && found.length < range.limit);
  return found;
}
