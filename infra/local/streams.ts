import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { DataFolder } from './data-folder.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { ofType, type Resource } from './resources.ts';
import { type Delivery, deliver, type MappingProperties } from './stream-delivery.ts';
import { connection } from './tables.ts';

export interface StreamsOptions {
  resources: readonly Resource[];
  endpoint: string;
  folder: DataFolder;
  functions: Functions;
  queues: Queues;
  now: () => number;
}

export interface Streams {
  /** Delivers everything that is in the streams now; the number of records. Never two at a time. */
  pump(): Promise<number>;
  stop(): void;
}

interface Reader extends Delivery {
  client: DynamoDBStreamsClient;
  tableName: string;
  folder: DataFolder;
  now: () => number;
}

function parentsFirst(shards: readonly Shard[]): Shard[] {
  return shards.toSorted((one, other) => (one.ShardId ?? '').localeCompare(other.ShardId ?? ''));
}

async function streamOf({ client, tableName }: Reader): Promise<string | undefined> {
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
  return Streams.at(-1)?.StreamArn;
}

async function shardsOf({ client }: Reader, StreamArn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId: after }),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    after = StreamDescription?.LastEvaluatedShardId;
  } while (after);
  return parentsFirst(shards);
}

/** From behind the checkpoint; from the oldest record where there is none or it has been trimmed away. */
async function iteratorOf(
  { client }: Reader,
  StreamArn: string,
  ShardId: string,
  checkpoint: string | undefined,
): Promise<string | undefined> {
  const oldest = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  if (!checkpoint) return (await client.send(oldest)).ShardIterator;
  try {
    const behind = {
      StreamArn,
      ShardId,
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: checkpoint,
    } as const;
    return (await client.send(new GetShardIteratorCommand(behind))).ShardIterator;
  } catch (thrown) {
    if (thrown instanceof Error && /Trimmed|Validation|ResourceNotFound/.test(thrown.name))
      return (await client.send(oldest)).ShardIterator;
    throw thrown;
  }
}

function remember(reader: Reader, StreamArn: string, shardId: string, last: _Record): void {
  const { state } = reader.folder;
  const shards = (state.checkpoints[StreamArn] ??= {});
  shards[shardId] = last.dynamodb?.SequenceNumber ?? '';
  state.newestWriteAt = Math.max(state.newestWriteAt ?? 0, reader.now());
  reader.folder.save();
}

/** Stream records are dated to the second. */
const DATED_TO_MS = 1_000;

/** Reads to the end, or to what was written after this began: under traffic there is no end. */
async function readShard(reader: Reader, StreamArn: string, shardId: string): Promise<number> {
  const begun = Date.now();
  const { BatchSize = 100 } = reader.mapping;
  let iterator = await iteratorOf(reader, StreamArn, shardId, reader.folder.state.checkpoints[StreamArn]?.[shardId]);
  let count = 0;
  while (iterator) {
    const { Records = [], NextShardIterator } = await reader.client.send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit: BatchSize }),
    );
    const last = Records.at(-1);
    if (!last) return count;
    await deliver(Records, shardId, reader);
    remember(reader, StreamArn, shardId, last);
    count += Records.length;
    const writtenAt = last.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
    if (writtenAt > begun + DATED_TO_MS) return count;
    iterator = NextShardIterator;
  }
  return count;
}

async function readStream(reader: Reader): Promise<number> {
  const arn = await streamOf(reader);
  if (!arn) return 0;
  let count = 0;
  for (const { ShardId } of await shardsOf(reader, arn)) if (ShardId) count += await readShard(reader, arn, ShardId);
  return count;
}

/** The tables' streams, read shard by shard in order, at least once, from where the data folder says we are. */
export function openStreams({ resources, endpoint, folder, functions, queues, now }: StreamsOptions): Streams {
  const client = new DynamoDBStreamsClient(connection(endpoint));
  const readers = ofType<MappingProperties>(resources, 'AWS::Lambda::EventSourceMapping').map(
    ({ properties: mapping }): Reader => {
      const tableName = /table\/([^/]+)\/stream/.exec(mapping.EventSourceArn)?.[1] ?? '';
      return { client, tableName, mapping, functions, queues, folder, now };
    },
  );
  let under = Promise.resolve(0);
  async function pumpNow(): Promise<number> {
    let count = 0;
    for (const reader of readers) count += await readStream(reader);
    return count;
  }
  return {
    pump() {
      under = under.then(pumpNow, pumpNow);
      return under;
    },
    stop: () => client.destroy(),
  };
}
