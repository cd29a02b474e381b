import type { DynamoDBRecord } from 'aws-lambda';
import { fromAttributes, type Item } from '../table/client.ts';

type Attributes = Parameters<typeof fromAttributes>[0];

/** An item as it is now and as it was, from a record of the table's stream. Binaries stay base64 text. */
export function imagesOf({ dynamodb }: DynamoDBRecord): { item: Item | undefined; before: Item | undefined } {
  const read = (image: unknown) => (image === undefined ? undefined : fromAttributes<Item>(image as Attributes));
  return { item: read(dynamodb?.NewImage), before: read(dynamodb?.OldImage) };
}
