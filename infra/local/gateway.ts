import { type Authorizers, openAuthorizers, type Verdict } from './authorizers.ts';
import { type CorsConfiguration, openCors } from './cors.ts';
import type { Functions } from './functions.ts';
import { baseEvent, bodyOf, ownReply, type Reply, type Request, replyOf } from './http-event.ts';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';
import { type Match, routeTable } from './route-table.ts';
import { openThrottle } from './throttle.ts';
import type { Outcome } from './worker-pool.ts';

interface RouteProperties {
  ApiId: string;
  RouteKey: string;
  Target: string;
  AuthorizationType?: string;
  AuthorizerId?: string;
}

interface Target {
  functionArn: string;
  authorizerId: string | undefined;
  /** How long the gateway waits for the function. */
  patienceMs: number;
}

interface IntegrationProperties {
  IntegrationUri: string;
  PayloadFormatVersion?: string;
  TimeoutInMillis?: number;
}

/** What a request came to: the answer, and what the access log says beside it. */
export interface Served {
  reply: Reply;
  routeKey: string;
  error?: string;
}

export interface Gateway {
  answer(request: Request): Promise<Served>;
  forgetVerdicts(): void;
}

/** API Gateway takes no larger request. */
export const MAX_BODY_BYTES = 10 * 1_024 * 1_024;
/** A function takes no larger event and gives no larger answer. */
const MAX_EVENT_BYTES = 6 * 1_024 * 1_024;
const MAX_ANSWER_BYTES = 6_291_556;
/** An HTTP API waits no longer, whatever the function may. */
const LONGEST_PATIENCE_MS = 30_000;

function targetOf({ properties }: Resource<RouteProperties>, resources: readonly Resource[]): Target {
  const integrations = ofType<IntegrationProperties>(resources, 'AWS::ApiGatewayV2::Integration');
  const integration = integrations.find(({ ref }) => properties.Target === `integrations/${ref}`);
  if (integration?.properties.PayloadFormatVersion !== '2.0') {
    throw new Refusal(
      `The route ${properties.RouteKey} does not lead to a function in payload format 2.0, the only kind that runs here.`,
    );
  }
  const type = properties.AuthorizationType ?? 'NONE';
  if (type !== 'NONE' && type !== 'CUSTOM')
    throw new Refusal(`The route ${properties.RouteKey} is authorized by ${type}, which does not run here.`);
  const { IntegrationUri, TimeoutInMillis: patienceMs = LONGEST_PATIENCE_MS } = integration.properties;
  return { functionArn: IntegrationUri, authorizerId: properties.AuthorizerId, patienceMs };
}

async function authorizerContext(
  authorizers: Authorizers,
  target: Target,
  request: Request,
  event: object,
): Promise<Verdict | undefined> {
  if (!target.authorizerId) return undefined;
  return authorizers.judge(target.authorizerId, request, event);
}

/** Undefined when the function has not answered in time; it goes on by itself, and nobody hears of it. */
async function withPatience(call: Promise<Outcome>, ms: number): Promise<Outcome | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([call, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A function's own end, by time-out or error, is a 500; a 503 is the gateway's own patience, or that there is no place to run. */
function replyTo(outcome: Outcome | undefined): Omit<Served, 'routeKey'> {
  if (!outcome) return { reply: ownReply(503, 'Service Unavailable'), error: 'the gateway waited no longer' };
  if (outcome.failed === 'throttled') return { reply: ownReply(503, 'Service Unavailable'), error: outcome.message };
  if (outcome.failed) return { reply: ownReply(500, 'Internal Server Error'), error: outcome.message };
  if (Buffer.byteLength(JSON.stringify(outcome.value)) > MAX_ANSWER_BYTES)
    return { reply: ownReply(500, 'Internal Server Error'), error: 'the answer is larger than 6 MB' };
  return { reply: replyOf(outcome.value) };
}

/** Every answer says by which id it is found in the log. */
function marked(served: Served, { id }: Request): Served {
  const headers = { ...served.reply.headers, 'apigw-requestid': id };
  return { ...served, reply: { ...served.reply, headers } };
}

/** The template's HTTP API: finds the route, asks its authorizer, calls its function, and shapes the answer. */
export function openGateway(resources: readonly Resource[], functions: Functions, now: () => number): Gateway {
  const [api, ...others] = ofType<{ CorsConfiguration?: CorsConfiguration }>(resources, 'AWS::ApiGatewayV2::Api');
  if (!api || others.length > 0) throw new Refusal('The template must have one HTTP API, no more and no fewer.');
  const cors = openCors(api.properties.CorsConfiguration);
  const mayPass = openThrottle(resources);
  const authorizers = openAuthorizers(resources, functions);
  const routes = ofType<RouteProperties>(resources, 'AWS::ApiGatewayV2::Route');
  const find = routeTable(
    routes.map((route) => ({ routeKey: route.properties.RouteKey, target: targetOf(route, resources) })),
  );

  async function call(request: Request, { routeKey, target, parameters }: Match<Target>): Promise<Served> {
    if (!mayPass(routeKey)) return { routeKey, reply: ownReply(429, 'Too Many Requests') };
    const event = baseEvent(request, routeKey, parameters, api?.name ?? '', now());
    const verdict = await authorizerContext(authorizers, target, request, event);
    if (verdict && 'refusal' in verdict) return { routeKey, reply: verdict.refusal };
    const requestContext = { ...event.requestContext, ...(verdict && { authorizer: { lambda: verdict.context } }) };
    const whole = { ...event, requestContext, ...bodyOf(request) };
    if (Buffer.byteLength(JSON.stringify(whole)) > MAX_EVENT_BYTES)
      return { routeKey, reply: ownReply(413, 'Request Entity Too Large') };
    const outcome = await withPatience(functions.invoke(target.functionArn, whole), target.patienceMs);
    return { routeKey, ...replyTo(outcome) };
  }

  async function answer(request: Request): Promise<Served> {
    if (request.body.length > MAX_BODY_BYTES) return { routeKey: '', reply: ownReply(413, 'Request Entity Too Large') };
    const match = find(request.method, request.path);
    return match ? call(request, match) : { routeKey: '', reply: ownReply(404, 'Not Found') };
  }

  return {
    async answer(request) {
      const preflight = cors.preflight(request);
      if (preflight) return marked({ routeKey: '', reply: preflight }, request);
      const served = await answer(request).catch((thrown: unknown): Served => {
        if (thrown instanceof URIError) return { routeKey: '', reply: ownReply(400, 'Bad Request') };
        throw thrown;
      });
      return marked({ ...served, reply: cors.shape(request, served.reply) }, request);
    },
    forgetVerdicts: () => authorizers.forget(),
  };
}
