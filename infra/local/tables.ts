import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { messageOf, Refusal } from './refusal.ts';
import { place } from './resource-types.ts';
import { ofType, type Resource } from './resources.ts';

interface TableProperties {
  AttributeDefinitions: CreateTableCommandInput['AttributeDefinitions'];
  KeySchema: CreateTableCommandInput['KeySchema'];
  GlobalSecondaryIndexes?: NonNullable<CreateTableCommandInput['GlobalSecondaryIndexes']>;
  StreamSpecification?: { StreamViewType: 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY' };
  TimeToLiveSpecification?: { AttributeName: string; Enabled: boolean };
}

/** Where and as whom the runtime itself speaks to DynamoDB. */
export function connection(endpoint: string) {
  return { endpoint, region: place.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** Waits until DynamoDB answers; one that answers with a failure of its own has a damaged file. */
async function whenAnswering(client: DynamoDBClient, endpoint: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (thrown) {
      const refused =
        thrown instanceof Error &&
        /ECONNREFUSED|ECONNRESET|socket hang up/.test(
          `${thrown.name} ${thrown.message} ${String((thrown as { code?: unknown }).code)}`,
        );
      if (!refused && performance.now() > deadline - 15_000)
        throw new Refusal(
          `DynamoDB at ${endpoint} answers with a failure (${messageOf(thrown)}): its file may be damaged; start with --fresh, or put a good copy back.`,
        );
      if (performance.now() > deadline)
        throw new Refusal(
          `DynamoDB at ${endpoint} does not answer: look into logs/dynamodb.log in the data folder, or correct --dynamodb.`,
        );
      await sleep(100);
    }
  }
}

function shapeOf(table: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'> | TableProperties): string {
  const keys = (schema: TableProperties['KeySchema']) =>
    (schema ?? []).map(({ AttributeName }) => AttributeName).join('/');
  const indexes = (table.GlobalSecondaryIndexes ?? []).map((index) => `${index.IndexName}:${keys(index.KeySchema)}`);
  return [keys(table.KeySchema), ...indexes.toSorted()].join(' ');
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'ResourceNotFoundException') return undefined;
    throw thrown;
  }
}

async function create(client: DynamoDBClient, { name, properties }: Resource<TableProperties>): Promise<void> {
  const { StreamSpecification: stream, TimeToLiveSpecification: ttl } = properties;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType },
    }),
  );
  if (ttl) await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: ttl }));
}

/** Makes the template's tables where they are absent; one of another shape is refused. True if a table is new. */
export async function openTables(resources: readonly Resource[], endpoint: string, fresh: boolean): Promise<boolean> {
  const client = new DynamoDBClient({ ...connection(endpoint), maxAttempts: 1 });
  try {
    await whenAnswering(client, endpoint, performance.now() + 20_000);
    let created = false;
    for (const table of ofType<TableProperties>(resources, 'AWS::DynamoDB::Table')) {
      let known = await describe(client, table.name);
      if (known && fresh) {
        await client.send(new DeleteTableCommand({ TableName: table.name }));
        known = undefined;
      }
      if (known && shapeOf(known) !== shapeOf(table.properties)) {
        throw new Refusal(
          `The table ${table.name} has other keys or indexes than the template: start with --fresh to begin anew.`,
        );
      }
      if (!known) await create(client, table);
      created ||= !known;
    }
    return created;
  } finally {
    client.destroy();
  }
}
