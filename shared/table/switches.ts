import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { now } from '../platform/clock.ts';
import { tableName, toAttributes } from './client.ts';
import { keys } from './keys.ts';

/** Of its own and short of patience: to ask about a switch must not hold up what it is asked for. */
export const switchClient = new DynamoDBClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
});

/** What is switched off. */
export async function readOff(): Promise<readonly string[]> {
  const { Item } = await switchClient.send(
    new GetItemCommand({ TableName: tableName(), Key: toAttributes({ ...keys.switches() }) }),
  );
  return Item?.['off']?.SS ?? [];
}

/** Switches off or on, and says what is off now; to say it twice changes nothing. */
export async function turn(name: string, to: 'on' | 'off', why: string): Promise<readonly string[]> {
  const { Attributes } = await switchClient.send(
    new UpdateItemCommand({
      TableName: tableName(),
      Key: toAttributes({ ...keys.switches() }),
      UpdateExpression: `SET #type = :type, v = :v, why = :why, #at = :at ${to === 'off' ? 'ADD' : 'DELETE'} #off :name`,
      ExpressionAttributeNames: { '#type': 'type', '#at': 'at', '#off': 'off' },
      ExpressionAttributeValues: {
        ...toAttributes({ ':type': 'switches', ':v': 1, ':why': why, ':at': now() }),
        ':name': { SS: [name] },
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes?.['off']?.SS ?? [];
}
