import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { look, redrive, type Tools } from '../../bin/redrive/hand-back.ts';
import { letterOf, whereFrom } from '../../bin/redrive/letters.ts';
import { openDeadLetters } from '../../bin/redrive/queues.ts';
import type { DataFolder, DeadLetter } from '../../infra/local/data-folder.ts';
import { answerAsDouble, type Doubles } from '../../infra/local/doubles.ts';
import type { Functions } from '../../infra/local/functions.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import { answerInvoke } from '../../infra/local/lambda.ts';
import { openQueues } from '../../infra/local/queues.ts';
import type { Resource } from '../../infra/local/resources.ts';
import { openSqs } from '../../infra/local/sqs.ts';

const QUEUE = 'http://sqs.localhost/000000000000/Dead';
const OTHER = 'http://sqs.localhost/000000000000/Other';
const ARN = 'arn:aws:lambda:local:000000000000:function:React';

const state = { deadLetters: [] as DeadLetter[] };
const folder = { state, save: () => {} } as unknown as DataFolder;
const queue = (name: string, ref: string) =>
  ({ type: 'AWS::SQS::Queue', name, arn: `arn:${name}`, ref, properties: {} }) as Resource;
const queues = openQueues([queue('Dead', QUEUE), queue('Other', OTHER)], folder, () => 0);

/** What the function is given, and what it does about it. */
let handed: unknown[] = [];
let react: (event: unknown) => unknown = () => null;
const invoke: Functions['invoke'] = async (_, event) => {
  handed.push(event);
  try {
    return { failed: false, value: react(event) };
  } catch (thrown) {
    const errorMessage = (thrown as Error).message;
    return { failed: 'error', message: errorMessage, error: { errorType: 'Error', errorMessage } };
  }
};

let doubles: HttpServer;
beforeAll(async () => {
  const all = { sqs: openSqs(queues) } as unknown as Doubles;
  doubles = await serve({
    port: 0,
    maxBodyBytes: 1_000_000,
    answer: async (request) =>
      (await answerInvoke(request, { names: ['React'], invoke })) ?? answerAsDouble(request, all),
    complain: (line) => console.error(line),
  });
});
afterAll(() => doubles.stop());
afterEach(() => {
  handed = [];
  react = () => null;
  state.deadLetters = [];
});

type Kept = { Records: object[] } | undefined;

function operator(kept: () => Kept = () => undefined): Tools {
  return {
    letters: openDeadLetters(new SQSClient({ endpoint: doubles.url }), [QUEUE, OTHER]),
    lambda: new LambdaClient({ endpoint: doubles.url, maxAttempts: 1 }),
    streams: { eventOf: async () => kept(), stop: () => {} },
  };
}

const failure = { errorType: 'Error', errorMessage: 'mall.switched_off' };
const failed = (event: unknown, functionArn = `${ARN}:live`) =>
  queues.send('arn:Dead', {
    requestContext: { functionArn, condition: 'RetriesExhausted' },
    requestPayload: event,
    responsePayload: failure,
  });
const batch = { streamArn: 's', shardId: '1', startSequenceNumber: '1', endSequenceNumber: '2', batchSize: 2 };
const fromStream = () =>
  queues.send('arn:Other', {
    requestContext: { functionArn: ARN, condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: batch,
  });

describe('npm run redrive', () => {
  it('hands 60 back, each once, and those that fail again lie there as before, with the reason', async () => {
    for (let n = 0; n < 60; n += 1) failed({ n });
    react = (event) => {
      if ((event as { n: number }).n % 10 === 0) throw new Error('poison');
      return null;
    };
    const fates = await redrive(operator());
    expect(handed).toEqual(Array.from({ length: 60 }, (_, n) => ({ n })));
    const left = fates.filter((fate) => fate.left !== undefined);
    expect(left.map((fate) => fate.left)).toEqual(Array(6).fill('failed again: Error: poison'));
    expect(state.deadLetters.map(({ body }) => (body as { requestPayload: object }).requestPayload)).toEqual(
      [0, 10, 20, 30, 40, 50].map((n) => ({ n })),
    );
    react = () => null;
    handed = [];
    await redrive(operator());
    expect([handed.length, state.deadLetters]).toEqual([6, []]);
  });

  it('hands each back once when three do it at the same time', async () => {
    for (let n = 0; n < 30; n += 1) failed({ n });
    const fates = await Promise.all([redrive(operator()), redrive(operator()), redrive(operator())]);
    expect(fates.flat().length).toBe(30);
    expect(new Set(handed.map((event) => (event as { n: number }).n)).size).toBe(30);
    expect([handed.length, state.deadLetters]).toEqual([30, []]);
  });

  it('shows what lies there, and takes nothing away', async () => {
    failed({ 'detail-type': 'points.lot_opened' });
    fromStream();
    for (let again = 0; again < 2; again += 1) {
      const found = await look(operator());
      expect(found.map((letter) => [whereFrom(letter), letter.reason])).toEqual([
        ['React, points.lot_opened', 'Error: mall.switched_off'],
        ['React, 2 of the stream', 'RetryAttemptsExhausted'],
      ]);
    }
    expect([handed, state.deadLetters.length]).toEqual([[], 2]);
  });

  it('hands back one by its id, and leaves the others', async () => {
    for (let n = 0; n < 12; n += 1) failed({ n });
    const { id } = state.deadLetters[7] as DeadLetter;
    await redrive(operator(), { id });
    expect([handed, state.deadLetters.length]).toEqual([[{ n: 7 }], 11]);
    expect(await redrive(operator(), { id: randomUUID() })).toEqual([]);
    expect((await look(operator())).length).toBe(11);
  });

  it('gives the reader of the stream what lay there, and keeps what it still refuses in part', async () => {
    fromStream();
    react = () => ({ batchItemFailures: [{ itemIdentifier: '2' }] });
    const kept = { Records: [{ n: 1 }, { n: 2 }] };
    expect((await redrive(operator(() => kept)))[0]?.left).toMatch(/^failed again/);
    expect(state.deadLetters).toHaveLength(1);
    react = () => ({ batchItemFailures: [] });
    await redrive(operator(() => kept));
    expect([handed, state.deadLetters]).toEqual([[kept, kept], []]);
  });

  it('leaves what the stream has lost, what names no function of ours, and what it cannot read', async () => {
    fromStream();
    failed({}, 'arn:aws:lambda:local:000000000000:function:Gone:live');
    queues.send('arn:Dead', 'nonsense');
    const left = (await redrive(operator())).map((fate) => fate.left);
    expect(left.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'it has no form that we know, so nobody can be given it',
      expect.stringMatching(/^not handed over: Function not found/),
      'the stream keeps a change for 24 hours and no longer has it',
    ]);
    expect([handed, state.deadLetters.length]).toEqual([[], 3]);
  });
});

describe('a dead letter', () => {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

  it('of a rule or a schedule that could not hand over is the event itself, with its target beside it', () => {
    const MessageAttributes = {
      TARGET_ARN: attribute(`${ARN}:live`),
      ERROR_CODE: attribute('NO_PERMISSIONS'),
      ERROR_MESSAGE: attribute('denied'),
    };
    const Body = JSON.stringify({ scheduledAt: '2026-12-31T16:00:00Z' });
    const letter = letterOf({ MessageId: '1', ReceiptHandle: 'r', Body, MessageAttributes }, QUEUE);
    expect(letter.origin).toEqual({ functionArn: `${ARN}:live`, event: { scheduledAt: '2026-12-31T16:00:00Z' } });
    expect([letter.reason, whereFrom(letter)]).toEqual(['NO_PERMISSIONS: denied', 'React, 2026-12-31T16:00:00Z']);
  });

  it.each([ARN, `${ARN}:$LATEST`, `${ARN}:live`])('of %s goes back to the version that is released', (functionArn) => {
    const Body = JSON.stringify({ requestContext: { functionArn }, requestPayload: { n: 1 } });
    expect(letterOf({ Body }, QUEUE).origin).toEqual({ functionArn: `${ARN}:live`, event: { n: 1 } });
  });
});
