import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { DataFolder, State } from '../../infra/local/data-folder.ts';
import type { Functions } from '../../infra/local/functions.ts';
import { startHeartbeat } from '../../infra/local/heartbeat.ts';
import type { Resource } from '../../infra/local/resources.ts';
import { openStreams, type Streams } from '../../infra/local/streams.ts';
import { createStreamed, writeNumbers } from '../support/streamed.ts';

const [QUICK, SLOW] = ['Quick:live', 'Slow:live'];

let table: string;
let state: State;
/** The numbers that each function was given, a list for each batch. */
let given: Record<string, string[][]>;
/** What a function does before it has done its work. */
let first: Record<string, () => Promise<void>>;
let streams: Streams;

const mapping = (name: string, seconds: number): Resource => ({
  type: 'AWS::Lambda::EventSourceMapping',
  name,
  arn: '',
  ref: name,
  properties: {
    EventSourceArn: `arn:aws:dynamodb:local:000000000000:table/${table}/stream/local`,
    FunctionName: name,
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: seconds,
    MaximumRetryAttempts: 0,
  },
});

function open(): Streams {
  const invoke: Functions['invoke'] = async (name, event) => {
    await first[name]?.();
    const { Records } = event as { Records: { dynamodb: { Keys: { pk: { S: string } } } }[] };
    (given[name] ??= []).push(Records.map(({ dynamodb }) => dynamodb.Keys.pk.S));
    return { failed: false, value: null };
  };
  const folder: DataFolder = { path: '', state, save: () => {}, unlock: () => {} };
  return openStreams({
    resources: [mapping(QUICK, 0), mapping(SLOW, 3_600)],
    endpoint: inject('dynamodb'),
    folder,
    functions: { names: [], sources: [], environment: {}, invoke, replace: () => {}, stop: async () => {} },
    queues: { urls: [], send: () => {}, list: () => [], of: () => undefined, remove: () => {} },
    now: () => 7,
  });
}

const write = (...numbers: number[]) => writeNumbers(table, ...numbers);

beforeEach(async () => {
  table = `streams-${randomUUID()}`;
  [given, first] = [{}, {}];
  state = { clock: { offset: 0 }, checkpoints: {}, deadLetters: [], inbox: [] };
  await createStreamed(table);
  streams = open();
});
afterEach(() => streams.stop());

/** One turn of each reader, as the heartbeat gives them. */
const beat = () => Promise.all(streams.readers.map((read) => read()));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const texts = (numbers: number[]) => numbers.map(String);

describe('the readers of a stream', () => {
  it('each wait for more as long as their own window is open, and a drain waits for none', async () => {
    await write(1, 2);
    await beat();
    await write(3);
    await beat();
    expect(given).toEqual({ [QUICK]: [['1', '2'], ['3']] });
    expect(state.newestWriteAt).toBe(7);
    expect(await streams.pump()).toBe(3);
    expect(given[SLOW]).toEqual([['1', '2', '3']]);
    expect(await streams.pump()).toBe(0);
  });

  it('send a batch as soon as it is full', async () => {
    await write(...range(1, 12));
    await beat();
    expect(given[SLOW]).toEqual([texts(range(1, 10))]);
    await streams.pump();
    expect(given[SLOW]?.slice(1)).toEqual([['11', '12']]);
  });

  it('have a place of their own, which outlives a start', async () => {
    await write(1);
    await streams.pump();
    await write(2, 3);
    await beat();
    streams.stop();
    streams = open();
    await write(4);
    await streams.pump();
    expect(given[QUICK]?.flat()).toEqual(['1', '2', '3', '4']);
    expect(given[SLOW]).toEqual([['1'], ['2', '3', '4']]);
  });

  it('go on while another is slow, and after another has failed', async () => {
    const stuck = Promise.withResolvers<void>();
    first[SLOW] = () => stuck.promise;
    await write(1);
    const drained = streams.pump();
    await write(2);
    const heartbeat = startHeartbeat(streams.readers, () => {});
    await expect.poll(() => given[QUICK]?.flat()).toEqual(['1', '2']);
    expect(given[SLOW]).toBeUndefined();
    stuck.reject(new Error('out of order'));
    await expect(drained).rejects.toThrow('out of order');
    await heartbeat.stop();
    first = {};
    await write(3);
    await streams.pump();
    expect(given[QUICK]?.flat()).toEqual(['1', '2', '3']);
    expect(given[SLOW]?.flat()).toEqual(['1', '2', '3']);
  });
});

describe('the heartbeat', () => {
  it('complains of a failing beat once, and of the next failure again', async () => {
    const told: string[] = [];
    const failures = ['one', 'one', undefined, 'one', 'other'].values();
    let beats = 0;
    const failing = async () => {
      beats += 1;
      const failure = failures.next().value;
      if (failure) throw new Error(failure);
    };
    const heartbeat = startHeartbeat([failing], (line) => told.push(line));
    await expect.poll(() => beats, { timeout: 10_000 }).toBeGreaterThan(5);
    await heartbeat.stop();
    expect(told).toEqual(['one', 'one', 'other']);
  });
});
