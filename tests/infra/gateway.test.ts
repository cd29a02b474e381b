import { beforeEach, describe, expect, it } from 'vitest';
import type { Functions } from '../../infra/local/functions.ts';
import { MAX_BODY_BYTES, openGateway } from '../../infra/local/gateway.ts';
import type { Request } from '../../infra/local/http-event.ts';
import type { Resource } from '../../infra/local/resources.ts';
import { openThrottle } from '../../infra/local/throttle.ts';
import type { Outcome } from '../../infra/local/worker-pool.ts';

type Answerer = (event: Record<string, unknown>) => unknown;

const NEVER = new Promise<never>(() => {});
const resource = (type: string, name: string, properties: object): Resource =>
  ({ type: `AWS::${type}`, name, arn: `arn:${name}`, ref: name, properties }) as Resource;

let calls: string[];
beforeEach(() => (calls = []));

/** An API with one open and one guarded route to one function, and what the template may say beside it. */
function gateway(
  answerers: Record<string, Answerer>,
  {
    api = {},
    stage = {},
    integration = {},
    ttl = 30,
  }: { api?: object; stage?: object; integration?: object; ttl?: number } = {},
) {
  const route = (RouteKey: string, more: object = {}) =>
    resource('ApiGatewayV2::Route', RouteKey, { ApiId: 'Api', RouteKey, Target: 'integrations/Do', ...more });
  const resources = [
    resource('ApiGatewayV2::Api', 'Api', api),
    resource('ApiGatewayV2::Stage', 'Stage', stage),
    resource('ApiGatewayV2::Integration', 'Do', { IntegrationUri: 'do', PayloadFormatVersion: '2.0', ...integration }),
    resource('ApiGatewayV2::Authorizer', 'Guard', {
      AuthorizerUri: 'arn:aws:apigateway:local:lambda:path/2015-03-31/functions/arn:guard/invocations',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: ttl,
    }),
    route('POST /open/{name}'),
    route('GET /open/{name}'),
    route('GET /guarded', { AuthorizationType: 'CUSTOM', AuthorizerId: 'Guard' }),
  ];
  const invoke = async (name: string, event: unknown): Promise<Outcome> => {
    calls.push(name);
    try {
      return { failed: false, value: await answerers[name]?.(event as Record<string, unknown>) };
    } catch (thrown) {
      const message = (thrown as Error).message;
      const failed = message.startsWith('Task timed out') ? 'timeout' : 'error';
      return { failed, message, error: { errorType: 'Error', errorMessage: message } };
    }
  };
  const functions = { invoke } as unknown as Functions;
  const opened = openGateway(resources, functions, () => 0);
  return async (method: string, path: string, headers: Record<string, string> = {}, body = '') => {
    const request: Request = { id: 'id=', method, path, query: '', sourceIp: '', headers, body: Buffer.from(body) };
    const { reply } = await opened.answer(request);
    return { ...reply, text: reply.body.toString() };
  };
}

const ok: Answerer = () => ({ statusCode: 200, headers: {}, body: 'done' });
const guard: Answerer = ({ identitySource }) => ({ isAuthorized: true, context: { who: String(identitySource) } });

describe('the gateway’s own answers are those of API Gateway, byte for byte', () => {
  const large = 'x'.repeat(MAX_BODY_BYTES + 1);
  const fails = (message: string) => () => {
    throw new Error(message);
  };

  it.each<[string, Answerer, string, string, object, string, number, string]>([
    ['a path without a route', ok, 'GET', '/nowhere', {}, '', 404, 'Not Found'],
    ['a path that is badly encoded', ok, 'GET', '/open/%', {}, '', 400, 'Bad Request'],
    ['no token where the route asks for one', ok, 'GET', '/guarded', {}, '', 401, 'Unauthorized'],
    ['an empty token', ok, 'GET', '/guarded', { authorization: '' }, '', 401, 'Unauthorized'],
    ['more than 10 MB', ok, 'POST', '/open/a', {}, large, 413, 'Request Entity Too Large'],
    [
      'an event of more than 6 MB',
      ok,
      'POST',
      '/open/a',
      { 'content-type': 'image/png' },
      'x'.repeat(5_000_000),
      413,
      'Request Entity Too Large',
    ],
    ['a function that fails', fails('no'), 'GET', '/open/a', {}, '', 500, 'Internal Server Error'],
    [
      'a function that is ended by its own time-out',
      fails('Task timed out after 3.00 seconds'),
      'GET',
      '/open/a',
      {},
      '',
      500,
      'Internal Server Error',
    ],
    [
      'an answer of more than 6 MB',
      () => ({ statusCode: 200, body: 'x'.repeat(6_300_000) }),
      'GET',
      '/open/a',
      {},
      '',
      500,
      'Internal Server Error',
    ],
    [
      'a function that outlasts the gateway’s patience',
      () => NEVER,
      'GET',
      '/open/a',
      {},
      '',
      503,
      'Service Unavailable',
    ],
  ])('%s', async (_, handler, method, path, headers, body, status, message) => {
    const send = gateway({ do: handler, 'arn:guard': guard }, { integration: { TimeoutInMillis: 50 } });
    const reply = await send(method, path, headers as Record<string, string>, body);
    expect([reply.statusCode, reply.text]).toEqual([status, `{"message":"${message}"}`]);
    expect(reply.headers).toEqual({ 'content-type': 'application/json', 'apigw-requestid': 'id=' });
  });

  it('403 where the authorizer says no, 500 where it fails, and the function is not asked', async () => {
    const no = gateway({ 'arn:guard': () => ({ isAuthorized: false }) });
    expect((await no('GET', '/guarded', { authorization: 'x' })).text).toBe('{"message":"Forbidden"}');
    const broken = gateway({ 'arn:guard': fails('no') });
    expect((await broken('GET', '/guarded', { authorization: 'x' })).text).toBe('{"message":"Internal Server Error"}');
    expect(calls).toEqual(['arn:guard', 'arn:guard']);
  });

  it('429 for a route whose burst is used up, and others go on', async () => {
    const DefaultRouteSettings = { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 };
    const send = gateway({ do: ok, 'arn:guard': guard }, { stage: { DefaultRouteSettings } });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await send('GET', '/open/a')).statusCode);
    const refused = await send('GET', '/open/b');
    expect([...statuses, refused.text]).toEqual([200, 200, 429, '{"message":"Too Many Requests"}']);
    expect((await send('GET', '/guarded', { authorization: 'x' })).statusCode).toBe(200);
  });
});

describe('a bucket', () => {
  const stage = (properties: object) => [resource('ApiGatewayV2::Stage', 'Stage', properties)];

  it('fills at its rate and never above its burst; a route may have its own', () => {
    let at = 0;
    const settings = {
      DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 },
      RouteSettings: { 'GET /own': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } },
    };
    const mayPass = openThrottle(stage(settings), () => at);
    const passing = (routeKey: string) => Array.from({ length: 5 }, () => mayPass(routeKey)).filter(Boolean).length;
    expect([passing('GET /a'), passing('GET /own')]).toEqual([3, 1]);
    at = 999;
    expect([passing('GET /a'), passing('GET /own')]).toEqual([1, 0]);
    at = 3_600_000;
    expect([passing('GET /a'), passing('GET /own')]).toEqual([3, 1]);
  });

  it('is none where the stage says nothing', () => {
    expect(openThrottle(stage({}), () => 0)('GET /a')).toBe(true);
  });
});

describe('an authorizer’s verdict', () => {
  const asked = () => calls.filter((name) => name === 'arn:guard').length;

  it('is kept by token, and reaches the function', async () => {
    const who: unknown[] = [];
    const tells: Answerer = ({ requestContext }) => {
      who.push((requestContext as { authorizer: unknown }).authorizer);
      return ok({});
    };
    const send = gateway({ do: tells, 'arn:guard': guard });
    for (const authorization of ['a', 'a', 'b', 'a']) await send('GET', '/guarded', { authorization });
    expect(asked()).toBe(2);
    expect(who).toEqual(['a', 'a', 'b', 'a'].map((token) => ({ lambda: { who: token } })));
  });

  it('is asked for each time where the template keeps none', async () => {
    const send = gateway({ do: ok, 'arn:guard': guard }, { ttl: 0 });
    for (const authorization of ['a', 'a']) await send('GET', '/guarded', { authorization });
    expect(asked()).toBe(2);
  });

  it('is not kept when the authorizer failed', async () => {
    let failed = false;
    const onceBroken: Answerer = (event) => {
      if (failed) return guard(event);
      failed = true;
      throw new Error('no');
    };
    const send = gateway({ do: ok, 'arn:guard': onceBroken });
    const statuses = [];
    for (const authorization of ['a', 'a'])
      statuses.push((await send('GET', '/guarded', { authorization })).statusCode);
    expect(statuses).toEqual([500, 200]);
  });
});

describe('CORS', () => {
  const CorsConfiguration = {
    AllowOrigins: ['https://shop.example', 'https://*.mall.example'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization'],
    ExposeHeaders: ['etag'],
    AllowCredentials: true,
    MaxAge: 600,
  };
  const own: Answerer = () => ({
    statusCode: 200,
    headers: { 'access-control-allow-origin': '*', etag: '"1"' },
    body: '',
  });
  const asking = (origin: string) => ({ origin, 'access-control-request-method': 'GET' });

  it.each([['https://shop.example'], ['https://a.mall.example']])(
    'lets %s in, before route and authorizer',
    async (origin) => {
      const send = gateway({ do: own }, { api: { CorsConfiguration } });
      const preflight = await send('OPTIONS', '/guarded', asking(origin));
      expect([preflight.statusCode, preflight.text]).toEqual([204, '']);
      expect(preflight.headers).toEqual({
        'access-control-allow-origin': origin,
        vary: 'Origin',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '600',
        'apigw-requestid': 'id=',
      });
      expect(calls).toEqual([]);
      const { headers } = await send('GET', '/open/a', { origin });
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'etag',
        etag: '"1"',
      });
    },
  );

  it('tells a foreign origin nothing, and drops what the function says of it', async () => {
    const send = gateway({ do: own }, { api: { CorsConfiguration } });
    expect((await send('OPTIONS', '/open/a', asking('https://evil.example'))).headers).toEqual({
      'apigw-requestid': 'id=',
    });
    const { headers } = await send('GET', '/open/a', { origin: 'https://evil.example' });
    expect(headers).toEqual({ etag: '"1"', 'apigw-requestid': 'id=' });
  });

  it('is the function’s own affair where the API says nothing of it', async () => {
    const send = gateway({ do: own });
    expect((await send('OPTIONS', '/open/a', asking('https://shop.example'))).statusCode).toBe(404);
    expect((await send('GET', '/open/a', { origin: 'x' })).headers).toMatchObject({
      'access-control-allow-origin': '*',
    });
  });
});
