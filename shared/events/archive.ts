import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { AttributeValue, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { iso } from '../platform/clock.ts';
import { logger, logStep } from '../platform/logger.ts';
import { setting } from '../platform/settings.ts';
import { appendOnly, keyName } from '../table/keys.ts';

type Image = Record<string, AttributeValue>;

const client = new S3Client({ maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000 } });

const keyOf = ({ dynamodb }: DynamoDBRecord) => ({ pk: dynamodb?.Keys?.pk?.S ?? '', sk: dynamodb?.Keys?.sk?.S ?? '' });

const standsForEver = (record: DynamoDBRecord): boolean =>
  appendOnly.some((prefix) => keyOf(record).pk.startsWith(prefix));

/** One change as DynamoDB's own exports write it: an item in full, or what became of one that should never change. */
function lineOf({ eventName, dynamodb = {} }: DynamoDBRecord): object {
  const { ApproximateCreationDateTime: at = 0, Keys, NewImage, OldImage } = dynamodb;
  if (eventName === 'INSERT') return { Item: NewImage };
  return { Metadata: { WriteTimestampMicros: String(at * 1_000_000) }, Keys, OldImage, NewImage };
}

/** Whether the change can be archived: its place in the stream names the object, its images are the line. */
function isWhole({ eventName, dynamodb }: DynamoDBRecord): boolean {
  const { ApproximateCreationDateTime: at, Keys, NewImage, OldImage } = dynamodb ?? {};
  const images: Record<string, (Image | undefined)[]> = {
    INSERT: [NewImage],
    MODIFY: [OldImage, NewImage],
    REMOVE: [OldImage],
  };
  const own = images[eventName ?? ''];
  return at !== undefined && !!Keys?.pk?.S && !!Keys.sk?.S && !!own?.every((image) => image !== undefined);
}

/** The same records make the same object under the same name, whenever they come. */
function objectOf(records: readonly DynamoDBRecord[]): { Key: string; Body: Buffer } {
  const place = (record: DynamoDBRecord | undefined): string => record?.dynamodb?.SequenceNumber ?? '';
  const day = iso((records[0]?.dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000).slice(0, 10);
  const lines = records.map((record) => `${JSON.stringify(lineOf(record))}\n`);
  return {
    Key: `appended/${day.replaceAll('-', '/')}/${place(records[0])}-${place(records.at(-1))}.json.gz`,
    Body: gzipSync(lines.join('')),
  };
}

/** Writes the object unless it is there: then it was written by a try whose answer was lost. */
async function keep(records: readonly DynamoDBRecord[]): Promise<void> {
  const object = objectOf(records);
  const Bucket = setting('ARCHIVE_BUCKET');
  const more = { ContentType: 'application/gzip', ChecksumAlgorithm: 'SHA256', IfNoneMatch: '*' } as const;
  try {
    await client.send(new PutObjectCommand({ Bucket, ...object, ...more }));
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.name === 'PreconditionFailed')) throw error;
  }
  logStep('archived', { object: object.Key, items: records.length });
}

function complain(records: readonly DynamoDBRecord[]): void {
  for (const { eventName, eventID: eventId, ...record } of records) {
    if (eventName !== 'INSERT')
      logger.error('what stands for ever was changed', { eventName, eventId, key: keyName(keyOf(record)) });
  }
}

/**
 * Copies what is appended to the ledger and to the record of what staff do out of the table's stream, an object for
 * each batch. From a change on that cannot be read, Lambda sends them again.
 */
export async function archive({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const placeless = Records.find(({ dynamodb }) => !dynamodb?.SequenceNumber);
  if (placeless) throw new Error('A change without a place in the stream.');
  const broken = Records.findIndex((record) => !record.dynamodb?.Keys || (standsForEver(record) && !isWhole(record)));
  const readable = (broken < 0 ? Records : Records.slice(0, broken)).filter(standsForEver);
  if (readable.length > 0) await keep(readable);
  complain(readable);
  if (broken < 0) return { batchItemFailures: [] };
  const itemIdentifier = Records[broken]?.dynamodb?.SequenceNumber ?? '';
  logger.error('a change that cannot be archived', { eventId: Records[broken]?.eventID });
  return { batchItemFailures: [{ itemIdentifier }] };
}
