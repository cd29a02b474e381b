import { Validations } from 'aws-cdk-lib';
import {
  type HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Contract, Row } from '../../shared/http/contract.ts';

/** Who answers for each kind of caller. */
export type Authorizers = Record<Exclude<Row['auth'], 'none'>, IHttpRouteAuthorizer>;

/** One integration for the function and one route for each row, with the authorizer that the row's `auth` asks for. */
export function addRoutes(
  api: HttpApi,
  contract: Contract,
  lambda: IFunction,
  authorizers: Authorizers,
): HttpLambdaIntegration {
  const integration = new HttpLambdaIntegration(`${contract.name}-integration`, lambda, {
    scopePermissionToRoute: false,
  });
  for (const row of Object.values(contract.rows)) {
    const routes = api.addRoutes({
      path: row.path,
      methods: [HttpMethod[row.method]],
      integration,
      authorizer: row.auth === 'none' ? new HttpNoneAuthorizer() : authorizers[row.auth],
    });
    if (row.auth === 'none') for (const route of routes) acknowledgeOpen(route, `${row.summary.en}: open by contract`);
  }
  return integration;
}

/** A route that anybody may call says why. */
export function acknowledgeOpen(route: HttpRoute, reason: string): void {
  Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason });
}
