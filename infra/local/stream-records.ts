import { DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { lambdaRecord } from './stream-event.ts';

/** Where a batch lay in the stream, as its dead letter says. */
export interface BatchInfo {
  streamArn: string;
  shardId: string;
  startSequenceNumber: string;
  endSequenceNumber: string;
  batchSize: number;
}

export interface StreamRecords {
  /** The event that the reader of the stream was given for this batch; undefined when the stream has lost it. */
  eventOf(info: BatchInfo): Promise<{ Records: object[] } | undefined>;
  stop(): void;
}

const PAGE = 100;
/** Empty pages come between records; so many of them in a row do not. */
const MOST_EMPTY = 50;

const isGone = (thrown: unknown): boolean =>
  thrown instanceof Error && /TrimmedDataAccess|ResourceNotFound|ExpiredIterator/.test(thrown.name);

/** Reads what a dead letter of the stream's reader only points at, here or in AWS. A stream keeps it for 24 hours. */
export function openStreamRecords(endpoint?: string): StreamRecords {
  const client = new DynamoDBStreamsClient(endpoint === undefined ? {} : { endpoint });

  async function read(info: BatchInfo): Promise<{ Records: object[] } | undefined> {
    const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber, endSequenceNumber } = info;
    const from = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' as const };
    let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand(from));
    const Records: object[] = [];
    for (let empty = 0; iterator !== undefined && empty < MOST_EMPTY; ) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: PAGE }));
      for (const record of page.Records ?? []) {
        Records.push(lambdaRecord(record, StreamArn));
        if (record.dynamodb?.SequenceNumber === endSequenceNumber) return { Records };
      }
      empty = page.Records?.length ? 0 : empty + 1;
      iterator = page.NextShardIterator;
    }
    return undefined;
  }

  return {
    eventOf: (info) =>
      read(info).catch((thrown: unknown) => {
        if (isGone(thrown)) return undefined;
        throw thrown;
      }),
    stop: () => client.destroy(),
  };
}
