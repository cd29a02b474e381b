import { setTimeout as sleep } from 'node:timers/promises';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { arnOf } from './resource-types.ts';
import { lambdaRecord } from './stream-event.ts';
import type { Outcome } from './worker-pool.ts';

export interface MappingProperties {
  EventSourceArn: string;
  FunctionName: string;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  MaximumRetryAttempts?: number;
  MaximumRecordAgeInSeconds?: number;
  BisectBatchOnFunctionError?: boolean;
  FunctionResponseTypes?: string[];
  DestinationConfig?: { OnFailure?: { Destination: string } };
}

export interface Delivery {
  /** Where the records can be read again; the mapping knows the stream by its name in the template. */
  streamArn: string;
  mapping: MappingProperties;
  functions: Pick<Functions, 'invoke'>;
  queues: Pick<Queues, 'send'>;
}

/** Between the tries of one batch; Lambda waits longer, and nobody here has that much time. */
const LONGEST_PAUSE_MS = 250;

const sequenceOf = (record: _Record): string => record.dynamodb?.SequenceNumber ?? '';

/** Waits for a place to run, no longer than a record may be old: that there is none is no failure of the batch. */
async function invokeWhenThereIsRoom(event: object, { mapping, functions }: Delivery): Promise<Outcome> {
  const until = performance.now() + (mapping.MaximumRecordAgeInSeconds ?? 86_400) * 1_000;
  for (;;) {
    const outcome = await functions.invoke(mapping.FunctionName, event);
    if (outcome.failed !== 'throttled' || performance.now() >= until) return outcome;
    await sleep(LONGEST_PAUSE_MS);
  }
}

/** How many of the records, from the first on, are done: all, none, or those before the first that the function names. */
async function doneOf(records: readonly _Record[], delivery: Delivery): Promise<number> {
  const { mapping } = delivery;
  const event = { Records: records.map((record) => lambdaRecord(record, mapping.EventSourceArn)) };
  const outcome = await invokeWhenThereIsRoom(event, delivery);
  if (outcome.failed) return 0;
  if (!mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return records.length;
  const answer = outcome.value as { batchItemFailures?: { itemIdentifier?: string }[] } | null;
  const failures = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    records.findIndex((record) => sequenceOf(record) === itemIdentifier),
  );
  return failures.length === 0 ? records.length : Math.max(0, Math.min(...failures));
}

/** A mapping may name its function by less than its ARN; a dead letter does not. */
function wholeArn(name: string): string {
  return name.startsWith('arn:') ? name : arnOf('lambda', `function:${name}`);
}

function giveUp(records: readonly _Record[], shardId: string, { mapping, queues, streamArn }: Delivery): void {
  const [first, last] = [records[0], records.at(-1)];
  const queue = mapping.DestinationConfig?.OnFailure?.Destination;
  if (!queue || !first || !last) return;
  queues.send(queue, {
    requestContext: { functionArn: wholeArn(mapping.FunctionName), condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      batchSize: records.length,
      streamArn,
    },
  });
}

/** Hands the records over in order until each is done or has become a dead letter, as the event source mapping says. */
export async function deliver(records: readonly _Record[], shardId: string, delivery: Delivery): Promise<void> {
  const retries = Math.max(0, delivery.mapping.MaximumRetryAttempts ?? 10);
  let left = records;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    const done = await doneOf(left, delivery);
    left = left.slice(done);
    if (left.length === 0) return;
    if (done > 0) attempt = 0;
    if (delivery.mapping.BisectBatchOnFunctionError && left.length > 1) {
      const middle = Math.ceil(left.length / 2);
      await deliver(left.slice(0, middle), shardId, delivery);
      left = left.slice(middle);
      attempt = -1;
      continue;
    }
    if (attempt >= retries) return giveUp(left, shardId, delivery);
    await sleep(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** attempt));
  }
}
