import { describe, expect, it } from 'vitest';
import type { Functions } from '../../infra/local/functions.ts';
import type { Queues } from '../../infra/local/queues.ts';
import { deliver, type MappingProperties } from '../../infra/local/stream-delivery.ts';

type Handler = (numbers: string[]) => unknown;

const recordsOf = (count: number): Parameters<typeof deliver>[0] =>
  Array.from({ length: count }, (_, i) => ({ eventID: String(i + 1), dynamodb: { SequenceNumber: String(i + 1) } }));

/** Delivers so many records to a handler, and tells each batch it was given and what became a dead letter. */
async function delivered(count: number, handler: Handler, more: Partial<MappingProperties> = {}) {
  const batches: string[][] = [];
  const dead: { start: string; end: string; size: number }[] = [];
  const invoke: Functions['invoke'] = async (_, event) => {
    const { Records } = event as { Records: { dynamodb: { SequenceNumber: string } }[] };
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    batches.push(numbers);
    try {
      return { failed: false, value: handler(numbers) };
    } catch {
      return { failed: 'error', message: 'poison', error: { errorType: 'Error', errorMessage: 'poison' } };
    }
  };
  const send: Queues['send'] = (_, body) => {
    const { DDBStreamBatchInfo: info } = body as {
      DDBStreamBatchInfo: { startSequenceNumber: string; endSequenceNumber: string; batchSize: number };
    };
    dead.push({ start: info.startSequenceNumber, end: info.endSequenceNumber, size: info.batchSize });
  };
  const mapping: MappingProperties = {
    EventSourceArn: 'arn:aws:dynamodb:local:000000000000:table/T/stream/1',
    FunctionName: 'announcer',
    MaximumRetryAttempts: 2,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: 'dead' } },
    ...more,
  };
  await deliver(recordsOf(count), 'shard', { streamArn: 'stream', mapping, functions: { invoke }, queues: { send } });
  return { batches, dead };
}

const numbersUpTo = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

describe('a batch of the stream', () => {
  it('that is taken is given once', async () => {
    const { batches, dead } = await delivered(5, () => ({ batchItemFailures: [] }));
    expect([batches, dead]).toEqual([[numbersUpTo(5)], []]);
  });

  it('of which the function names the first that failed is given again from there', async () => {
    let failed = false;
    const { batches, dead } = await delivered(5, (numbers) => {
      if (failed || !numbers.includes('3')) return { batchItemFailures: [] };
      failed = true;
      return { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] };
    });
    expect(batches[0]).toEqual(numbersUpTo(5));
    expect(batches.slice(1).flat()).toEqual(['3', '4', '5']);
    expect(dead).toEqual([]);
  });

  it('with a poison record loses that one alone, as a dead letter, and all others are done in order', async () => {
    const done: string[] = [];
    const { dead } = await delivered(8, (numbers) => {
      if (numbers.includes('6')) throw new Error('poison');
      done.push(...numbers);
      return { batchItemFailures: [] };
    });
    expect(done).toEqual(['1', '2', '3', '4', '5', '7', '8']);
    expect(dead).toEqual([{ start: '6', end: '6', size: 1 }]);
  });

  it('with a poison record that the function names by itself loses that one alone, too', async () => {
    const done = new Set<string>();
    const { dead } = await delivered(8, (numbers) => {
      for (const number of numbers) {
        if (number === '6') return { batchItemFailures: [{ itemIdentifier: '6' }] };
        done.add(number);
      }
      return { batchItemFailures: [] };
    });
    expect([...done]).toEqual(['1', '2', '3', '4', '5', '7', '8']);
    expect(dead).toEqual([{ start: '6', end: '6', size: 1 }]);
  });

  it('is tried as often as the template says, and no more', async () => {
    const { batches, dead } = await delivered(1, () => {
      throw new Error('poison');
    });
    expect([batches.length, dead.length]).toEqual([3, 1]);
  });

  it('is lost whole where the template neither bisects nor takes partial answers', async () => {
    const always = () => {
      throw new Error('poison');
    };
    const { dead } = await delivered(4, always, { BisectBatchOnFunctionError: false, FunctionResponseTypes: [] });
    expect(dead).toEqual([{ start: '1', end: '4', size: 4 }]);
  });

  it('of which an unknown record is named has failed whole', async () => {
    let calls = 0;
    const { batches } = await delivered(1, () => ({
      batchItemFailures: calls++ === 0 ? [{ itemIdentifier: 'nobody' }] : [],
    }));
    expect(batches).toEqual([['1'], ['1']]);
  });
});
