import { DynamoDBClient, type DynamoDBClientConfig, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Attribute, type Item, itemOf } from './item.ts';

/** How many parts of a table are read at the same time. */
const SEGMENTS = 4;

/** A table, and how it is reached. */
export interface Table {
  name: string;
  connection: DynamoDBClientConfig;
}

/** Every item of the table, by Scan alone and read consistently; `seen` hears how many there are by now. */
export async function scan({ name, connection }: Table, seen: (items: number) => void): Promise<Item[]> {
  const client = new DynamoDBClient({ maxAttempts: 5, ...connection });
  const items: Item[] = [];
  const readSegment = async (Segment: number) => {
    let from: Record<string, Attribute> | undefined;
    do {
      const input = {
        TableName: name,
        Segment,
        TotalSegments: SEGMENTS,
        ConsistentRead: true,
        ExclusiveStartKey: from,
      };
      const page = await client.send(new ScanCommand(input as never));
      for (const raw of page.Items ?? []) items.push(itemOf(raw));
      from = page.LastEvaluatedKey;
      seen(items.length);
    } while (from);
  };
  try {
    await Promise.all(Array.from({ length: SEGMENTS }, (_, segment) => readSegment(segment)));
    return items;
  } finally {
    client.destroy();
  }
}
