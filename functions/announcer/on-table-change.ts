import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { announce as ofProduct } from '../../shared/catalog/catalog.ts';
import { announce as ofPurchase } from '../../shared/earning/earning.ts';
import { announce as ofReturn } from '../../shared/earning/returns.ts';
import { eventIdOf, send } from '../../shared/events/send.ts';
import { changeOf, imagesOf } from '../../shared/events/stream.ts';
import { type Announcement, isWhole } from '../../shared/events.ts';
import { announceChange as ofIdentityChange, announce as ofMember } from '../../shared/members/members.ts';
import { announce as ofOrder } from '../../shared/orders/orders.ts';
import { announce as ofWebhook } from '../../shared/partners/webhooks/webhooks.ts';
import { logger, logStep } from '../../shared/platform/logger.ts';
import { announce as ofNotice } from '../../shared/points/notices.ts';
import { announce as ofEntry } from '../../shared/points/points.ts';
import { announce as ofErasure } from '../../shared/privacy/privacy.ts';

/** What speaks when it appears. */
const NEW: Record<string, (item: unknown) => Announcement[]> = {
  entry: ofEntry,
  erasure: ofErasure,
  'identity-change': ofIdentityChange,
  notice: ofNotice,
  purchase: ofPurchase,
  return: ofReturn,
};

/** What speaks when it appears and whenever it changes. */
const CHANGED: Record<string, (item: unknown, before: unknown) => Announcement[]> = {
  member: ofMember,
  product: ofProduct,
  order: ofOrder,
  webhook: ofWebhook,
};

function saidBy(record: DynamoDBRecord): Announcement[] {
  const { item, before } = imagesOf(record);
  if (!item) return [];
  return before
    ? (CHANGED[item.type]?.(item, before) ?? [])
    : ((NEW[item.type] ?? CHANGED[item.type])?.(item, before) ?? []);
}

/** What a record says; one that does not say it in whole is not half announced. */
function announcementsOf(record: DynamoDBRecord): Announcement[] {
  if (!record.dynamodb?.SequenceNumber) throw new Error('A change without a place in the stream.');
  const announcements = saidBy(record);
  const broken = announcements.find((one) => !isWhole(one));
  if (broken) throw new Error(`${broken.name} says what cannot be said.`);
  return announcements;
}

/** The announcements of the records in order, up to one that cannot be read: from there on Lambda sends them again. */
function readable(records: readonly DynamoDBRecord[]): { announced: Announcement[][]; failed: boolean } {
  const announced: Announcement[][] = [];
  for (const record of records) {
    try {
      announced.push(announcementsOf(record));
    } catch (error) {
      logger.error('a change that cannot be announced', { error: error as Error, eventId: record.eventID });
      return { announced, failed: true };
    }
  }
  return { announced, failed: false };
}

/** Says which change became which event: the link from a request's writes to what they set off. */
function logAnnounced(records: readonly DynamoDBRecord[], announced: readonly Announcement[][]): void {
  const changes = announced.flatMap((announcements, index) => {
    const record = records[index];
    if (!record || announcements.length === 0) return [];
    const events = announcements.map((one) => ({ name: one.name, eventId: eventIdOf(one) }));
    return [{ ...changeOf(record), events }];
  });
  if (changes.length > 0) logStep('announced', { changes });
}

/** Puts on the bus what the table's changes mean. A record is done when all it says has been taken; the rest comes again. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { announced, failed } = readable(Records);
  const refused = await send(announced);
  logAnnounced(Records, announced.slice(0, refused));
  const first = refused ?? (failed ? announced.length : undefined);
  if (first === undefined) return { batchItemFailures: [] };
  const itemIdentifier = Records[first]?.dynamodb?.SequenceNumber;
  // Lambda takes an answer that names nothing for success.
  if (!itemIdentifier) throw new Error('A change that failed has no place in the stream.');
  return { batchItemFailures: [{ itemIdentifier }] };
}
