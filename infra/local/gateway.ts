import { type Authorizers, openAuthorizers, type Verdict } from './authorizers.ts';
import type { Functions } from './functions.ts';
import { baseEvent, bodyOf, ownReply, type Reply, type Request, replyOf } from './http-event.ts';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';
import { routeTable } from './route-table.ts';

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
}

export interface Gateway {
  answer(request: Request): Promise<Reply>;
  forgetVerdicts(): void;
}

/** API Gateway takes no larger request. */
export const MAX_BODY_BYTES = 10 * 1_024 * 1_024;

function targetOf({ properties }: Resource<RouteProperties>, resources: readonly Resource[]): Target {
  const integrations = ofType<{ IntegrationUri: string; PayloadFormatVersion?: string }>(
    resources,
    'AWS::ApiGatewayV2::Integration',
  );
  const integration = integrations.find(({ ref }) => properties.Target === `integrations/${ref}`);
  if (integration?.properties.PayloadFormatVersion !== '2.0') {
    throw new Refusal(
      `The route ${properties.RouteKey} does not lead to a function in payload format 2.0, the only kind that runs here.`,
    );
  }
  const type = properties.AuthorizationType ?? 'NONE';
  if (type !== 'NONE' && type !== 'CUSTOM')
    throw new Refusal(`The route ${properties.RouteKey} is authorized by ${type}, which does not run here.`);
  return { functionArn: integration.properties.IntegrationUri, authorizerId: properties.AuthorizerId };
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

/** The template's HTTP API: finds the route, asks its authorizer, calls its function, and shapes the answer. */
export function openGateway(resources: readonly Resource[], functions: Functions, now: () => number): Gateway {
  const [api, ...others] = ofType(resources, 'AWS::ApiGatewayV2::Api');
  if (!api || others.length > 0) throw new Refusal('The template must have one HTTP API, no more and no fewer.');
  const authorizers = openAuthorizers(resources, functions);
  const routes = ofType<RouteProperties>(resources, 'AWS::ApiGatewayV2::Route');
  const find = routeTable(
    routes.map((route) => ({ routeKey: route.properties.RouteKey, target: targetOf(route, resources) })),
  );

  async function answer(request: Request): Promise<Reply> {
    if (request.body.length > MAX_BODY_BYTES) return ownReply(413, 'Request Entity Too Large');
    const match = find(request.method, request.path);
    if (!match) return ownReply(404, 'Not Found');
    const event = baseEvent(request, match.routeKey, match.parameters, api?.name ?? '', now());
    const verdict = await authorizerContext(authorizers, match.target, request, event);
    if (verdict && 'refusal' in verdict) return verdict.refusal;
    const requestContext = { ...event.requestContext, ...(verdict && { authorizer: { lambda: verdict.context } }) };
    const outcome = await functions.invoke(match.target.functionArn, { ...event, requestContext, ...bodyOf(request) });
    if (outcome.failed === 'timeout') return ownReply(503, 'Service Unavailable');
    if (outcome.failed) return ownReply(500, 'Internal Server Error');
    return replyOf(outcome.value);
  }

  return {
    async answer(request) {
      const reply = await answer(request).catch((thrown: unknown) => {
        if (thrown instanceof URIError) return ownReply(400, 'Bad Request');
        throw thrown;
      });
      return { ...reply, headers: { ...reply.headers, 'apigw-requestid': request.id } };
    },
    forgetVerdicts: () => authorizers.forget(),
  };
}
