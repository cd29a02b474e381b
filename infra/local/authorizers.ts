import type { Functions } from './functions.ts';
import { ownReply, type Reply, type Request } from './http-event.ts';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';

interface AuthorizerProperties {
  AuthorizerUri: string;
  AuthorizerPayloadFormatVersion?: string;
  AuthorizerResultTtlInSeconds?: number;
  EnableSimpleResponses?: boolean;
  IdentitySource?: string[];
}

/** The authorizer's verdict: what the function learns, or the gateway's own refusal. */
export type Verdict = { context: Record<string, unknown> } | { refusal: Reply };

export interface Authorizers {
  judge(authorizerId: string, request: Request, event: object): Promise<Verdict>;
  /** Forgets what was decided: the clock was moved, so nothing that was true need still be. */
  forget(): void;
}

function functionArnOf({ name, properties }: Resource<AuthorizerProperties>): string {
  const arn = /functions\/(arn:.+)\/invocations$/.exec(properties.AuthorizerUri)?.[1];
  const known = arn && properties.AuthorizerPayloadFormatVersion === '2.0' && properties.EnableSimpleResponses;
  if (!known)
    throw new Refusal(
      `The authorizer ${name} is not a function with simple responses in format 2.0, the only kind that runs here.`,
    );
  return arn;
}

function headerNames({ name, properties }: Resource<AuthorizerProperties>): string[] {
  return (properties.IdentitySource ?? []).map((source) => {
    const header = /^\$request\.header\.(.+)$/.exec(source)?.[1];
    if (!header)
      throw new Refusal(`The authorizer ${name} looks at ${source}: only headers are identity sources here.`);
    return header.toLowerCase();
  });
}

function verdictOf(value: unknown): Verdict {
  const answer = value as { isAuthorized?: boolean; context?: Record<string, unknown> } | null;
  if (answer?.isAuthorized !== true) return { refusal: ownReply(403, 'Forbidden') };
  return { context: answer.context ?? {} };
}

/** The template's authorizers; verdicts are kept by identity for as long as the template says, in real time. */
export function openAuthorizers(resources: readonly Resource[], functions: Functions): Authorizers {
  const known = ofType<AuthorizerProperties>(resources, 'AWS::ApiGatewayV2::Authorizer').map((resource) => ({
    id: resource.ref,
    functionArn: functionArnOf(resource),
    headers: headerNames(resource),
    ttlMs: (resource.properties.AuthorizerResultTtlInSeconds ?? 0) * 1_000,
  }));
  const byId = new Map(known.map((authorizer) => [authorizer.id, authorizer]));
  const cache = new Map<string, { verdict: Verdict; until: number }>();
  return {
    async judge(authorizerId, request, event) {
      const authorizer = byId.get(authorizerId);
      if (!authorizer)
        throw new Refusal(`A route names the authorizer ${authorizerId}, which the template does not have.`);
      const identitySource = authorizer.headers.map((header) => request.headers[header] ?? '');
      if (identitySource.includes('')) return { refusal: ownReply(401, 'Unauthorized') };
      const key = JSON.stringify([authorizerId, identitySource]);
      const hit = cache.get(key);
      if (hit && hit.until > performance.now()) return hit.verdict;
      const outcome = await functions.invoke(authorizer.functionArn, {
        ...event,
        type: 'REQUEST',
        routeArn: '',
        identitySource,
      });
      if (outcome.failed) return { refusal: ownReply(500, 'Internal Server Error') };
      const verdict = verdictOf(outcome.value);
      if (cache.size > 10_000) cache.clear();
      cache.set(key, { verdict, until: performance.now() + authorizer.ttlMs });
      return verdict;
    },
    forget: () => cache.clear(),
  };
}
