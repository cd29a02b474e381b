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
import { Refusal } from './refusal.ts';
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
  /**
   * Delivers everything that is in the streams now; the number of records. Never two at a time. Without `hurry` a batch
   * waits for more as long as its window is open.
   */
  pump(hurry: boolean): Promise<number>;
  stop(): void;
}

interface Reader extends Omit<Delivery, 'streamArn'> {
  client: DynamoDBStreamsClient;
  tableName: string;
  folder: DataFolder;
  now: () => number;
  /** Since when the batch of a shard waits for more. */
  waiting: Map<string, number>;
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
  return shards;
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

/** Stream records are dated to the second, and by the emulator to the minute. */
const DATED_TO_MS = 1_000;

/** Whether a batch that is not full yet may wait for more, as the mapping's window says. */
function mayGrow({ mapping, waiting }: Reader, shardId: string, records: readonly _Record[]): boolean {
  const { BatchSize = 100, MaximumBatchingWindowInSeconds = 0 } = mapping;
  const since = waiting.get(shardId) ?? performance.now();
  waiting.set(shardId, since);
  return records.length < BatchSize && performance.now() - since < MaximumBatchingWindowInSeconds * 1_000;
}

interface Read {
  count: number;
  /** Whether more is there that was left for later. */
  left: boolean;
}

/** Reads to the end, or to what was written after this began: under traffic there is no end. */
async function readShard(reader: Reader, StreamArn: string, shardId: string, hurry: boolean): Promise<Read> {
  const begun = Date.now();
  const { BatchSize = 100 } = reader.mapping;
  let iterator = await iteratorOf(reader, StreamArn, shardId, reader.folder.state.checkpoints[StreamArn]?.[shardId]);
  let count = 0;
  while (iterator) {
    const { Records = [], NextShardIterator } = await reader.client.send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit: BatchSize }),
    );
    const last = Records.at(-1);
    if (!last) return { count, left: false };
    if (!hurry && mayGrow(reader, shardId, Records)) return { count, left: true };
    reader.waiting.delete(shardId);
    await deliver(Records, shardId, { ...reader, streamArn: StreamArn });
    remember(reader, StreamArn, shardId, last);
    count += Records.length;
    const writtenAt = last.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
    if (writtenAt > begun + DATED_TO_MS) return { count, left: true };
    iterator = NextShardIterator;
  }
  return { count, left: false };
}

/** Shards side by side, so that none waits for another's poison; what a shard was split into only after the shard. */
async function readStream(reader: Reader, hurry: boolean): Promise<number> {
  const arn = await streamOf(reader);
  if (!arn) return 0;
  const shards = await shardsOf(reader, arn);
  async function readFrom({ ShardId = '' }: Shard): Promise<number> {
    const { count, left } = await readShard(reader, arn ?? '', ShardId, hurry);
    const next = left ? [] : shards.filter(({ ParentShardId }) => ParentShardId === ShardId);
    const counts = await Promise.all(next.map(readFrom));
    return counts.reduce((sum, one) => sum + one, count);
  }
  const known = new Set(shards.map(({ ShardId }) => ShardId));
  const counts = await Promise.all(shards.filter(({ ParentShardId }) => !known.has(ParentShardId)).map(readFrom));
  return counts.reduce((sum, one) => sum + one, 0);
}

const UNKNOWN = ['FilterCriteria', 'ParallelizationFactor', 'TumblingWindowInSeconds', 'ScalingConfig'];

/** What a mapping may say and this machine does not do is refused by name. */
function readMapping({ name, properties }: Resource<MappingProperties>): MappingProperties {
  const unknown = UNKNOWN.find((property) => property in properties);
  if (unknown)
    throw new Refusal(
      `The event source mapping ${name} has ${unknown}, which does not run here: teach it in infra/local/streams.ts.`,
    );
  return properties;
}

/** What is not answered is asked again: a reading that hangs would be the last one. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** The tables' streams, read shard by shard in order, at least once, from where the data folder says we are. */
export function openStreams({ resources, endpoint, folder, functions, queues, now }: StreamsOptions): Streams {
  const client = new DynamoDBStreamsClient({ ...connection(endpoint), requestHandler });
  const readers = ofType<MappingProperties>(resources, 'AWS::Lambda::EventSourceMapping').map((resource): Reader => {
    const mapping = readMapping(resource);
    const tableName = /table\/([^/]+)\/stream/.exec(mapping.EventSourceArn)?.[1] ?? '';
    return { client, tableName, mapping, functions, queues, folder, now, waiting: new Map() };
  });
  let under = Promise.resolve(0);
  async function pumpNow(hurry: boolean): Promise<number> {
    let count = 0;
    for (const reader of readers) count += await readStream(reader, hurry);
    return count;
  }
  return {
    pump(hurry) {
      const turn = (): Promise<number> => pumpNow(hurry);
      under = under.then(turn, turn);
      return under;
    },
    stop: () => client.destroy(),
  };
}
