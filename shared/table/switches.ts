import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
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
