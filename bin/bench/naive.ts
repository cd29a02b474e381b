import { randomUUID } from 'node:crypto';
import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { client, fromAttributes, tableName, toAttributes } from '../../shared/table/client.ts';

/*
 * The design that one writes first: a record for each request, a row with the balance, a row for each lot, and an
 * entry for each movement, all in one transaction. Correct, and executed here for real; only what it costs is of
 * interest.
 */

interface Row {
  pk: string;
  sk: string;
}

interface Balance extends Row {
  points: number;
  version: number;
}

interface Lot extends Row {
  left: number;
}

/** One account's part in a movement: points out of its lots, or into a new one. */
export interface Side {
  account: string;
  kind: string;
  take?: number;
  give?: { lastDay: string; amount: number };
}

export const accountKey = (account: string) => `NAIVE#${account}`;

/** The item at this key, read consistently. */
export async function read<T>(key: Row): Promise<T | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName(), Key: toAttributes({ ...key }), ConsistentRead: true }),
  );
  return Item && fromAttributes<T>(Item);
}

/** A put that is refused where something stands. */
export function insert(item: Row & Record<string, unknown>): TransactWriteItem {
  return {
    Put: { TableName: tableName(), Item: toAttributes(item), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/** A put that is refused unless the number there is still what it was. */
export function replace(item: Row & Record<string, unknown>, field: string, was: number): TransactWriteItem {
  return {
    Put: {
      TableName: tableName(),
      Item: toAttributes(item),
      ConditionExpression: '#field = :was',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: toAttributes({ ':was': was }),
    },
  };
}

/** So many rows at once: the emulator is slow with a whole megabyte. */
const A_PAGE = 2_000;

/** The days between which lots are looked for, and how many points of them are enough. */
export interface Wanted {
  from: string;
  to?: string;
  enough?: number;
}

/** Sends one put by itself. */
export async function write({ Put }: TransactWriteItem): Promise<void> {
  if (Put) await client.send(new PutItemCommand(Put));
}

/** The lots of an account with something in them, earliest last day first. */
export async function lotsOf(
  account: string,
  { from, to = '~', enough = Number.POSITIVE_INFINITY }: Wanted,
): Promise<Lot[]> {
  const lots: Lot[] = [];
  let start: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName(),
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: toAttributes({
          ':pk': accountKey(account),
          ':from': `LOT#${from}`,
          ':to': `LOT#${to}#~`,
        }),
        ConsistentRead: true,
        ExclusiveStartKey: start,
        Limit: A_PAGE,
      }),
    );
    lots.push(...(page.Items ?? []).map((item) => fromAttributes<Lot>(item)).filter(({ left }) => left > 0));
    start = page.LastEvaluatedKey;
  } while (start && lots.reduce((sum, { left }) => sum + left, 0) < enough);
  return lots;
}

function takeFrom(lots: readonly Lot[], amount: number): TransactWriteItem[] {
  let wanted = amount;
  const writes: TransactWriteItem[] = [];
  for (const lot of lots) {
    const part = Math.min(wanted, lot.left);
    if (part > 0) writes.push(replace({ ...lot, left: lot.left - part }, 'left', lot.left));
    wanted -= part;
  }
  if (wanted > 0) throw new Error('The naive account has too little.');
  return writes;
}

async function sideOf({ account, kind, take = 0, give }: Side, today: string): Promise<TransactWriteItem[]> {
  const pk = accountKey(account);
  const balance = await read<Balance>({ pk, sk: 'BALANCE' });
  const lots = take > 0 ? takeFrom(await lotsOf(account, { from: today, enough: take }), take) : [];
  const points = (balance?.points ?? 0) + (give?.amount ?? 0) - take;
  const version = (balance?.version ?? 0) + 1;
  const next = { pk, sk: 'BALANCE', points, version };
  const id = randomUUID();
  return [
    balance ? replace(next, 'version', balance.version) : insert(next),
    ...lots,
    ...(give ? [insert({ pk, sk: `LOT#${give.lastDay}#${id}`, left: give.amount, of: give.amount })] : []),
    insert({ pk, sk: `ENTRY#${today}#${id}`, kind, amount: give?.amount ?? take, pointsAfter: points }),
  ];
}

/** Moves points once for this key: every side, and the documents that belong to it, in one transaction. */
export async function post(
  key: string,
  today: string,
  sides: readonly Side[],
  documents: readonly TransactWriteItem[] = [],
): Promise<void> {
  const idempotency = { pk: `NAIVE-REQUEST#${key}`, sk: 'REQUEST' };
  if (await read(idempotency)) return;
  const moved: TransactWriteItem[] = [];
  for (const side of sides) moved.push(...(await sideOf(side, today)));
  const record = insert({ ...idempotency, request: key, answer: 'done' });
  await client.send(new TransactWriteItemsCommand({ TransactItems: [record, ...documents, ...moved] }));
}

/** An account with so many points in one lot. */
export async function naiveAccount(points: number, today: string, lastDay: string): Promise<string> {
  const account = randomUUID();
  await post(randomUUID(), today, [{ account, kind: 'EARN', give: { lastDay, amount: points } }]);
  return account;
}

/** What can be spent today: the sum of the lots that have not lapsed, for the balance row does not know the day. */
export async function naiveBalance(account: string, today: string): Promise<number> {
  return (await lotsOf(account, { from: today })).reduce((sum, { left }) => sum + left, 0);
}
