import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../shared/table/keys.ts';
import { connection } from './tables.ts';

/** Whether somebody has come by the secret of the first owner and has enrolled: then it is dead. */
export async function hasFirstOwner({ table, dynamodb }: { table: string; dynamodb: string }): Promise<boolean> {
  const client = new DynamoDBClient(connection(dynamodb));
  const { pk, sk } = keys.firstOwner();
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }));
  client.destroy();
  return Item?.['enrolled']?.N === '1';
}
