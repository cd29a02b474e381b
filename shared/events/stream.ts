import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { fromAttributes, type Item } from '../table/client.ts';

/** An item as it is now and as it was, from a record of the table's stream. Binaries stay base64 text. */
export function imagesOf({ dynamodb }: DynamoDBRecord): { item: Item | undefined; before: Item | undefined } {
  const read = (image: unknown) =>
    image === undefined ? undefined : fromAttributes<Item>(image as Record<string, AttributeValue>);
  return { item: read(dynamodb?.NewImage), before: read(dynamodb?.OldImage) };
}
