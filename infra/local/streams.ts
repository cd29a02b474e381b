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
import { functionName } from './resource-types.ts';
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
  /** Reads on, one for each function that follows a stream; a batch waits for more as long as its window is open. */
  readers: readonly (() => Promise<number>)[];
  /** Has every reader deliver all that is in its stream now, and wait for no more; the number of records. */
  pump(): Promise<number>;
  stop(): void;
}

interface Reader extends Omit<Delivery, 'streamArn'> {
  client: DynamoDBStreamsClient;
  tableName: string;
  /** The function that follows the stream. */
  name: string;
  folder: DataFolder;
  now: () => number;
  /** By shard, as long as reading can go on from there. */
  tails: Map<string, Tail>;
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

/** Stream records are dated to the second, and by the emulator to the minute. */
const DATED_TO_MS = 1_000;

/** How far the reading of a shard is: what was read and waits to be handed over, and since when. */
interface Tail {
  iterator: string | undefined;
  batch: _Record[];
  since: number;
}

/** A batch is sent when it is full, when its window is over, or in a hurry. */
function mayGrow({ mapping }: Reader, { batch, since }: Tail): boolean {
  const { BatchSize = 100, MaximumBatchingWindowInSeconds = 0 } = mapping;
  return batch.length < BatchSize && performance.now() - since < MaximumBatchingWindowInSeconds * 1_000;
}

/** Reads on until the batch is full, nothing more is there, or only what was written after `begun`. */
async function fill(
  { client, mapping, folder, now }: Reader,
  tail: Tail,
  begun: number,
): Promise<'full' | 'end' | 'later'> {
  const { BatchSize = 100 } = mapping;
  while (tail.iterator && tail.batch.length < BatchSize) {
    const { Records = [], NextShardIterator } = await client.send(
      new GetRecordsCommand({ ShardIterator: tail.iterator, Limit: BatchSize - tail.batch.length }),
    );
    tail.iterator = NextShardIterator;
    const last = Records.at(-1);
    if (!last) return 'end';
    if (tail.batch.length === 0) tail.since = performance.now();
    tail.batch.push(...Records);
    folder.state.newestWriteAt = Math.max(folder.state.newestWriteAt ?? 0, now());
    const writtenAt = last.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
    if (writtenAt > begun + DATED_TO_MS) return 'later';
  }
  return tail.iterator === undefined ? 'end' : 'full';
}

interface Read {
  count: number;
  /** Whether more is there that was left for later. */
  left: boolean;
}

/** Reads to the end, or to what was written after this began: under traffic there is no end. */
async function readShard(reader: Reader, StreamArn: string, shardId: string, hurry: boolean): Promise<Read> {
  const begun = Date.now();
  const { folder, name, tails } = reader;
  const places = ((folder.state.checkpoints[name] ??= {})[StreamArn] ??= {});
  const tail: Tail = tails.get(shardId) ?? {
    iterator: await iteratorOf(reader, StreamArn, shardId, places[shardId]),
    batch: [],
    since: 0,
  };
  // Whatever fails from here on is read again from behind what was handed over.
  tails.delete(shardId);
  let count = 0;
  let until: Awaited<ReturnType<typeof fill>> = 'full';
  while (until === 'full') {
    until = await fill(reader, tail, begun);
    const last = tail.batch.at(-1);
    if (!last) break;
    if (!hurry && mayGrow(reader, tail)) break;
    await deliver(tail.batch, shardId, { ...reader, streamArn: StreamArn });
    places[shardId] = last.dynamodb?.SequenceNumber ?? '';
    folder.save();
    count += tail.batch.length;
    tail.batch = [];
  }
  if (tail.iterator || tail.batch.length > 0) tails.set(shardId, tail);
  return { count, left: tail.batch.length > 0 || until === 'later' };
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

/** Turns of one reader, never two at a time. */
function turns(reader: Reader): (hurry: boolean) => Promise<number> {
  let under: Promise<unknown> = Promise.resolve();
  return (hurry) => {
    const turn = (): Promise<number> => readStream(reader, hurry);
    const next = under.then(turn, turn);
    under = next;
    return next;
  };
}

/** What is not answered is asked again: a reading that hangs would be the last one. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * The tables' streams, read shard by shard in order, at least once. Each function that follows one has a place of its
 * own in it, which the data folder keeps.
 */
export function openStreams({ resources, endpoint, folder, functions, queues, now }: StreamsOptions): Streams {
  const client = new DynamoDBStreamsClient({ ...connection(endpoint), requestHandler });
  const readers = ofType<MappingProperties>(resources, 'AWS::Lambda::EventSourceMapping').map((resource) => {
    const mapping = readMapping(resource);
    const tableName = /table\/([^/]+)\/stream/.exec(mapping.EventSourceArn)?.[1] ?? '';
    const name = functionName(mapping.FunctionName);
    return turns({ client, tableName, name, mapping, functions, queues, folder, now, tails: new Map() });
  });
  return {
    readers: readers.map((turn) => () => turn(false)),
    async pump() {
      const all = await Promise.allSettled(readers.map((turn) => turn(true)));
      const failed = all.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      return all.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
    },
    stop: () => client.destroy(),
  };
}
