import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { asynchronous } from '../../infra/local/asynchronous.ts';
import { clockWord } from '../../infra/local/clock.ts';
import { throttled } from '../../infra/local/concurrency.ts';
import { type Functions, startFunctions } from '../../infra/local/functions.ts';
import { openGateway } from '../../infra/local/gateway.ts';
import type { Resource } from '../../infra/local/resources.ts';
import { deliver } from '../../infra/local/stream-delivery.ts';

const folder = mkdtempSync(join(tmpdir(), 'points-mall-concurrency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const running: Functions[] = [];
afterEach(async () => void (await Promise.all(running.splice(0).map((functions) => functions.stop()))));

const resource = (type: string, name: string, properties: object): Resource =>
  ({ type: `AWS::${type}`, name, arn: `arn:${name}`, ref: name, properties }) as Resource;

mkdirSync(join(folder, 'asset.slow'));
writeFileSync(
  join(folder, 'asset.slow/index.mjs'),
  'export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return { statusCode: 200, body: "done" }; };',
);

const isThrottled = ({ failed }: { failed: unknown }) => failed === 'throttled';

/** Functions `one`, which may have places of its own, and `other`; and the API before `one`. */
function opened({ reserved, account }: { reserved?: number; account?: number }) {
  const properties = { Code: { S3Key: 'slow.zip' }, Handler: 'index.handler' };
  const resources = [
    resource('Lambda::Function', 'one', { ...properties, ReservedConcurrentExecutions: reserved }),
    resource('Lambda::Function', 'other', properties),
    resource('ApiGatewayV2::Api', 'Api', {}),
    resource('ApiGatewayV2::Integration', 'Do', { IntegrationUri: 'one', PayloadFormatVersion: '2.0' }),
    resource('ApiGatewayV2::Route', 'GET /', { ApiId: 'Api', RouteKey: 'GET /', Target: 'integrations/Do' }),
  ];
  const functions = startFunctions({
    resources,
    cdkOut: folder,
    log: { write: () => {} },
    clock: clockWord({ offset: 0 }),
    environment: {},
    addresses: {},
    complain: () => {},
    ...(account !== undefined && { concurrency: account }),
  });
  running.push(functions);
  const gateway = openGateway(resources, functions, () => 0);
  const times = (count: number, name: string) =>
    Promise.all(Array.from({ length: count }, () => functions.invoke(name, {})));
  const get = async () => {
    const request = {
      id: 'id=',
      method: 'GET',
      path: '/',
      query: '',
      sourceIp: '',
      headers: {},
      body: Buffer.from(''),
    };
    const { reply, error } = await gateway.answer(request);
    return { status: reply.statusCode, headers: reply.headers, text: reply.body.toString(), error };
  };
  return { times, get };
}

describe('a call beyond the concurrency', () => {
  it('that the template reserves for the function is throttled at once, and others are not; later there is room', async () => {
    const { times } = opened({ reserved: 2 });
    const [own, others] = await Promise.all([times(5, 'one'), times(5, 'other')]);
    expect([own.filter(isThrottled).length, others.filter(isThrottled).length]).toEqual([3, 0]);
    expect(own.find(isThrottled)).toEqual(throttled);
    expect((await times(2, 'one')).filter(isThrottled)).toEqual([]);
  });

  it('of the account is throttled, whichever function it is; more than run wait, and no more than there are places', async () => {
    const { times } = opened({ account: 8 });
    const all = (await Promise.all([times(6, 'one'), times(6, 'other')])).flat();
    expect(all.filter(isThrottled)).toHaveLength(4);
  });

  it('takes from the others what is reserved for one', async () => {
    const { times } = opened({ reserved: 3, account: 5 });
    expect((await times(5, 'other')).filter(isThrottled)).toHaveLength(3);
  });

  it('is answered 503 by the gateway as API Gateway does, without Retry-After', async () => {
    const { get } = opened({ reserved: 1 });
    const answers = await Promise.all([get(), get(), get()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 503, 503]);
    expect(answers.find(({ status }) => status === 503)).toEqual({
      status: 503,
      headers: { 'content-type': 'application/json', 'apigw-requestid': 'id=' },
      text: '{"message":"Service Unavailable"}',
      error: 'TooManyRequestsException: Rate Exceeded.',
    });
  });
});

describe('what no caller waits for', () => {
  const lettingIn = (after: number) => {
    let calls = 0;
    const invoke: Functions['invoke'] = async () => (calls++ < after ? throttled : { failed: false, value: null });
    return { invoke, count: () => calls };
  };
  const dead: unknown[] = [];
  const queues = { send: (_: string, body: unknown) => void dead.push(body) };
  afterEach(() => void dead.splice(0));
  const config = (seconds: number) => [
    resource('Lambda::EventInvokeConfig', 'Retries', {
      FunctionName: 'f',
      Qualifier: 'live',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: seconds,
      DestinationConfig: { OnFailure: { Destination: 'dead' } },
    }),
  ];

  it('waits for a place, which counts as no try, and is done', async () => {
    const { invoke, count } = lettingIn(4);
    await asynchronous(config(600), { invoke }, queues)('arn:f:live', {});
    expect([count(), dead]).toEqual([5, []]);
  });

  it('is a dead letter when it has grown too old', async () => {
    const { invoke } = lettingIn(Number.POSITIVE_INFINITY);
    await asynchronous(config(0), { invoke }, queues)('arn:f:live', { n: 1 });
    expect(dead).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'EventAgeExceeded' }) as object,
        requestPayload: { n: 1 },
      }),
    ]);
  });

  it('takes no more than ten places of a function at once, however much there is', async () => {
    let [now, most] = [0, 0];
    const invoke: Functions['invoke'] = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { failed: false, value: null };
    };
    const hand = asynchronous(config(600), { invoke }, queues);
    await Promise.all(Array.from({ length: 200 }, () => hand('arn:f:live', {})));
    expect([most, dead]).toEqual([10, []]);
  });

  it('waits in the stream, and the batch counts as not tried', async () => {
    const { invoke, count } = lettingIn(3);
    const mapping = {
      EventSourceArn: 'arn:aws:dynamodb:local:000000000000:table/T/stream/1',
      FunctionName: 'f',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'dead' } },
    };
    const records = [{ eventID: '1', dynamodb: { SequenceNumber: '1' } }];
    await deliver(records, 's', { streamArn: 'stream', mapping, functions: { invoke }, queues });
    expect([count(), dead]).toEqual([4, []]);
  });
});
