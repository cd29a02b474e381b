import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Refusal } from '../errors.ts';
import { type Limits, type Spent, type Window, windowOf } from '../platform/budget-windows.ts';
import { logger } from '../platform/logger.ts';
import { client, fromAttributes, type Item, inTime, tableName, toAttributes } from './client.ts';
import type { Key } from './keys.ts';

/** What is counted: one item a day, with a count for the day and one for each of its hours. */
export interface Counter {
  key(day: string): Key;
  type: string;
  /** Whose count it is. */
  budget: string;
  /** The attribute that counts the day. */
  total: string;
}

/** Whether it was counted, and how many there were then. */
export interface Counted {
  counted: boolean;
  spent: Spent;
}

/** Counts are kept for two days after theirs. */
const KEPT_MS = 3 * 86_400_000;

const nameOf = (hour: number) => `h${String(hour).padStart(2, '0')}`;

function itemOf({ key, type, budget }: Counter, day: string): Item {
  const expiresAtEpoch = Math.floor((Date.parse(day) + KEPT_MS) / 1_000);
  return { ...key(day), type, v: 1, budget, day, expiresAtEpoch };
}

async function add(counter: Counter, { day, hour }: Window, limits: Limits): Promise<Counted> {
  const { pk, sk, ...fields } = itemOf(counter, day);
  const named = Object.entries(fields);
  const { total } = counter;
  const inHour = nameOf(hour);
  const spentOf = (item: Record<string, unknown>) => ({
    hour: Number(item[inHour] ?? 0),
    day: Number(item[total] ?? 0),
  });
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: tableName(),
        Key: toAttributes({ pk, sk }),
        UpdateExpression: `SET ${named.map((_, i) => `#${i} = :${i}`).join(', ')} ADD #total :one, #hour :one`,
        ConditionExpression:
          '(attribute_not_exists(#total) OR #total < :perDay) AND (attribute_not_exists(#hour) OR #hour < :perHour)',
        ExpressionAttributeNames: {
          ...Object.fromEntries(named.map(([name], i) => [`#${i}`, name])),
          '#total': total,
          '#hour': inHour,
        },
        ExpressionAttributeValues: toAttributes({
          ...Object.fromEntries(named.map(([, value], i) => [`:${i}`, value])),
          ':one': 1,
          ':perHour': limits.hour,
          ':perDay': limits.day,
        }),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      inTime(),
    );
    return { counted: true, spent: spentOf(fromAttributes(Attributes)) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { counted: false, spent: spentOf(fromAttributes(error.Item ?? {})) };
  }
}

/**
 * Counts one in the hour and the day of this instant by one conditional write, if neither is spent. A reply that was lost
 * may count it twice, never not at all; where nobody can count, the caller is told to come again, and `otherwise` is
 * logged.
 */
export async function count(counter: Counter, at: number, limits: Limits, otherwise: string): Promise<Counted> {
  try {
    return await add(counter, windowOf(at), limits);
  } catch (error) {
    logger.error(otherwise, error as Error);
    throw new Refusal('request.busy');
  }
}

/** Takes back one that was counted at this instant. */
export async function countBack({ key, total }: Counter, at: number): Promise<void> {
  const { day, hour } = windowOf(at);
  await client.send(
    new UpdateItemCommand({
      TableName: tableName(),
      Key: toAttributes({ ...key(day) }),
      UpdateExpression: 'ADD #total :less, #hour :less',
      ConditionExpression: '#total > :none AND #hour > :none',
      ExpressionAttributeNames: { '#total': total, '#hour': nameOf(hour) },
      ExpressionAttributeValues: toAttributes({ ':less': -1, ':none': 0 }),
    }),
    inTime(),
  );
}
