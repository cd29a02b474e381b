import type { DynamoDBRecord } from 'aws-lambda';
import { fromAttributes, type Item } from '../table/client.ts';
import { type Key, keyName } from '../table/keys.ts';

type Attributes = Parameters<typeof fromAttributes>[0];

/** An item as it is now and as it was, from a record of the table's stream. Binaries stay base64 text. */
export function imagesOf({ dynamodb }: DynamoDBRecord): { item: Item | undefined; before: Item | undefined } {
  const read = (image: unknown) => (image === undefined ? undefined : fromAttributes<Item>(image as Attributes));
  return { item: read(dynamodb?.NewImage), before: read(dynamodb?.OldImage) };
}

/** Which item a record speaks of, in one word, and when it changed: in epoch seconds, by DynamoDB's own clock. */
export function changeOf({ dynamodb }: DynamoDBRecord): { key: string; changedAt: number | undefined } {
  const { pk = '', sk = '' } = fromAttributes<Partial<Key>>((dynamodb?.Keys ?? dynamodb?.NewImage ?? {}) as Attributes);
  return { key: keyName({ pk, sk }), changedAt: dynamodb?.ApproximateCreationDateTime };
}
