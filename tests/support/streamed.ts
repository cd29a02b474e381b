import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';

let client: DynamoDBClient | undefined;
const onlooker = (): DynamoDBClient => (client ??= new DynamoDBClient({ endpoint: inject('dynamodb') }));

/** Makes a table of bare numbers, with a stream, in the shared emulator. */
export async function createStreamed(TableName: string): Promise<void> {
  await onlooker().send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
}

/** Writes these numbers there, one after the other. */
export async function writeNumbers(TableName: string, ...numbers: number[]): Promise<void> {
  for (const number of numbers)
    await onlooker().send(new PutItemCommand({ TableName, Item: { pk: { S: String(number) } } }));
}
