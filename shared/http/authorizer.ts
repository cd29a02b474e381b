import type { APIGatewayRequestAuthorizerEventV2, Context } from 'aws-lambda';
import { withinInvocation } from '../platform/deadline.ts';
import { logger } from '../platform/logger.ts';
import type { AuthorizerContext } from './caller.ts';
import { isPassing } from './passing.ts';
import { type Audience, type IsRevoked, readToken } from './tokens.ts';

export interface Authorization {
  isAuthorized: true;
  context: AuthorizerContext;
}

/** What a token comes to. Where the keys or what was revoked cannot be read, nobody passes. */
async function contextOf(
  token: string,
  audiences: readonly Audience[],
  isRevoked: IsRevoked,
): Promise<AuthorizerContext> {
  try {
    return await readToken(token, audiences, isRevoked);
  } catch (error) {
    if (!isPassing(error)) throw error;
    logger.error('a token cannot be checked', error as Error);
    return { problem: 'auth.unavailable' };
  }
}

/**
 * An authorizer for these audiences. It always lets the request through, with a principal or a problem, because an
 * HTTP API cannot shape its own refusals: the function behind it answers the 401, the 403 or the 503. It never decides
 * by route, so its answer may be cached by token.
 */
export function authorizerFor(audiences: readonly Audience[], isRevoked: IsRevoked) {
  return async (
    event: APIGatewayRequestAuthorizerEventV2,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Authorization> => {
    const given: unknown = event.identitySource?.[0];
    const [scheme, token, ...rest] = typeof given === 'string' ? given.split(' ') : [];
    if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
      return { isAuthorized: true, context: { problem: 'auth.token_invalid' } };
    }
    return {
      isAuthorized: true,
      context: await withinInvocation(context, () => contextOf(token, audiences, isRevoked)),
    };
  };
}
