import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { vi } from 'vitest';
import { client, fromAttributes, type Item, tableName, toAttributes } from '../../shared/table/client.ts';

type Attributes = Record<string, AttributeValue>;

/** Looks at the table from outside: no trouble of the product's client, nor its time-outs. */
const onlooker = new DynamoDBClient();

const COUNTS = ['request-count', 'sms-budget', 'staff-logins', 'look-ups'];

/** Every item of the table, in no order, but the counts of requests, codes, log-ins and look-ups: they belong to none. */
export async function allItems(): Promise<Item[]> {
  return (await scanned()).filter(({ type }) => !COUNTS.includes(type));
}

/** The counts of requests, codes, log-ins and look-ups. */
export async function counts(): Promise<Item[]> {
  return (await scanned()).filter(({ type }) => COUNTS.includes(type));
}

async function scanned(): Promise<Item[]> {
  const found: Item[] = [];
  let from: Attributes | undefined;
  do {
    const page = await onlooker.send(new ScanCommand({ TableName: tableName(), ExclusiveStartKey: from }));
    found.push(...(page.Items ?? []).map((item) => fromAttributes<Item>(item)));
    from = page.LastEvaluatedKey;
  } while (from);
  return found;
}

/** Writes an item as nobody should: whatever stands there, and whatever it says. */
export async function force(item: Item): Promise<void> {
  await client.send(new PutItemCommand({ TableName: tableName(), Item: toAttributes(item) }));
}

/** Takes an item away as nobody should. */
export async function forceOut({ pk, sk }: Item): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: tableName(), Key: toAttributes({ pk, sk }) }));
}

/** What the stream says of an item that appeared, or that changed from `before`; binaries as Lambda gives them, dated now. */
export function recordOf(sequence: string, item: Item, before?: Item): DynamoDBRecord {
  const image = (given: Item) =>
    JSON.parse(
      JSON.stringify(toAttributes(given), (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ),
    ) as Attributes;
  return {
    eventID: sequence,
    eventName: before ? 'MODIFY' : 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
      Keys: { pk: { S: item.pk }, sk: { S: item.sk } },
      SequenceNumber: sequence,
      NewImage: image(item),
      ...(before && { OldImage: image(before) }),
    },
  } as DynamoDBRecord;
}

const metadata = { $metadata: {}, message: 'injected' };

/** A transaction that was cancelled for these reasons, a write each. */
export const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...metadata, CancellationReasons: codes.map((Code) => ({ Code })) });

/** A single write that met a transaction on its item. */
export const conflicting = () => new TransactionConflictException(metadata);

/** A transaction that was sent before and is still being made. */
export const inProgress = () => new TransactionInProgressException(metadata);

export const throttled = () => new ProvisionedThroughputExceededException(metadata);

/** A count is no write of what is asked, and no transaction is ever on one. */
export const isCount = (command: unknown): boolean =>
  command instanceof UpdateItemCommand &&
  /#REQUESTS$|^(SMS-BUDGET|STAFF-LOGINS|LOOK-UPS)#/.test(command.input.Key?.['pk']?.S ?? '');

const isWrite = (command: unknown) =>
  command instanceof UpdateItemCommand
    ? !isCount(command)
    : [PutItemCommand, TransactWriteItemsCommand].some((kind) => command instanceof kind);

/**
 * Lets the table answer writes (or, with `all`, everything) with what `trouble` says for the n-th of them, counted
 * from 1; where it says nothing the real table answers. Ends with `mockRestore`.
 */
export function trouble(error: (call: number) => Error | undefined, { all = false } = {}) {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let calls = 0;
  const send = async (command: unknown) => {
    if (!all && !isWrite(command)) return real(command);
    calls += 1;
    const thrown = error(calls);
    if (thrown) throw thrown;
    return real(command);
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** The same, but a transaction under another token, as it is sent after ten minutes. */
function anew(command: unknown): unknown {
  if (!(command instanceof TransactWriteItemsCommand)) return command;
  return new TransactWriteItemsCommand({ ...command.input, ClientRequestToken: randomUUID() });
}

/**
 * Sends the first `times` writes twice and answers the second answer: the reply to the first was lost, and the SDK tried
 * again.
 */
export function losingReplies(times = Number.POSITIVE_INFINITY) {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let writes = 0;
  const send = async (command: unknown) => {
    if (isWrite(command)) writes += 1;
    if (!isWrite(command) || writes > times) return real(command);
    await real(command).catch(() => undefined);
    return real(anew(command));
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Makes the first transaction and says that it is still being made: an answer was late, and the SDK tried again. */
export function stillInProgress() {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let isSaid = false;
  const send = async (command: unknown) => {
    const answer = await real(command);
    if (isSaid || !(command instanceof TransactWriteItemsCommand)) return answer;
    isSaid = true;
    throw inProgress();
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Lets something happen before the first write, or the n-th, is sent: what was read for it is old by then. */
export function beforeWrite(happen: () => Promise<void>, n = 1) {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let writes = 0;
  const send = async (command: unknown) => {
    if (isWrite(command)) writes += 1;
    if (isWrite(command) && writes === n) await happen();
    return real(command);
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Lets eventual reads of these items see them as they are here: the table's copies are late. */
export function readingLate(items: readonly Item[]) {
  const late = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown) => {
    const { Key, ConsistentRead = false } = command instanceof GetItemCommand ? command.input : {};
    const old = ConsistentRead ? undefined : late.get(`${Key?.['pk']?.S} ${Key?.['sk']?.S}`);
    return old ? { Item: toAttributes(old) } : real(command);
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Lets eventual queries of a partition see these items alone, and counts them: the table's copies are late. */
export function listingLate(pk: string, items: readonly Item[]): { late: number } {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  const seen = { late: 0 };
  const send = async (command: unknown) => {
    const { ExpressionAttributeValues, ConsistentRead = false } = command instanceof QueryCommand ? command.input : {};
    if (ConsistentRead || ExpressionAttributeValues?.[':pk']?.S !== pk) return real(command);
    seen.late += 1;
    return { Items: items.map((item) => toAttributes(item)) };
  };
  vi.spyOn(client, 'send').mockImplementation(send as never);
  return seen;
}

/** Lets something happen before the n-th read of an item, counted from 1: what was read before is old by then. */
export function beforeRead(n: number, happen: () => Promise<void>) {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let reads = 0;
  const send = async (command: unknown) => {
    if (command instanceof GetItemCommand) reads += 1;
    if (command instanceof GetItemCommand && reads === n) await happen();
    return real(command);
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Lets something happen before the n-th call to the table, counted from 1. */
export function beforeCall(n: number, happen: () => Promise<void>) {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let calls = 0;
  const send = async (command: unknown) => {
    calls += 1;
    if (calls === n) await happen();
    return real(command);
  };
  return vi.spyOn(client, 'send').mockImplementation(send as never);
}

/** Lets the first batches of reads leave over their first key; gives the sizes of all that were asked for. */
export function leavingOver(times: number): readonly number[] {
  const real = client.send.bind(client) as (command: unknown) => Promise<object>;
  const sizes: number[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof BatchGetItemCommand)) return real(command);
    const { [tableName()]: { Keys = [], ...how } = {} } = command.input.RequestItems ?? {};
    sizes.push(Keys.length);
    if (sizes.length > times) return real(command);
    const [first, ...others] = Keys;
    const answer = await real(new BatchGetItemCommand({ RequestItems: { [tableName()]: { ...how, Keys: others } } }));
    return { ...answer, UnprocessedKeys: { [tableName()]: { Keys: [first] } } };
  };
  vi.spyOn(client, 'send').mockImplementation(send as never);
  return sizes;
}

/** Counts how often this partition is asked for, until all is restored. */
export function countingQueries(pk: string): { queries: number } {
  const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  const counted = { queries: 0 };
  const send = async (command: unknown) => {
    if (command instanceof QueryCommand && command.input.ExpressionAttributeValues?.[':pk']?.S === pk)
      counted.queries += 1;
    return real(command);
  };
  vi.spyOn(client, 'send').mockImplementation(send as never);
  return counted;
}
