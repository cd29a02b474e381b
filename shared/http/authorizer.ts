import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import type { AuthorizerContext } from './caller.ts';
import { type Audience, type IsRevoked, readToken } from './tokens.ts';

export interface Authorization {
  isAuthorized: true;
  context: AuthorizerContext;
}

/**
 * An authorizer for these audiences. It always lets the request through, with a principal or a problem, because an
 * HTTP API cannot shape its own refusals: the function behind it answers the 401 or 403. It never decides by route,
 * so its answer may be cached by token. Where it cannot be told what was revoked, nobody passes: it fails, and a failure
 * is not cached.
 */
export function authorizerFor(audiences: readonly Audience[], isRevoked: IsRevoked) {
  return async (event: APIGatewayRequestAuthorizerEventV2): Promise<Authorization> => {
    const given: unknown = event.identitySource?.[0];
    const [scheme, token, ...rest] = typeof given === 'string' ? given.split(' ') : [];
    if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
      return { isAuthorized: true, context: { problem: 'auth.token_invalid' } };
    }
    return { isAuthorized: true, context: await readToken(token, audiences, isRevoked) };
  };
}
