import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** API Gateway's event (payload 2.0) with what our authorizers put into it. */
export type ApiEvent = APIGatewayProxyEventV2 & {
  requestContext: { authorizer?: { lambda?: Record<string, unknown> | null } };
};
