import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpRoute, HttpRouteKey, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { contracts } from '../../shared/contracts.ts';
import { type Authorizers, addRoutes } from '../constructs/http-routes.ts';
import { constructId, type Foundations, ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';

export interface ApiStackProps extends StackProps {
  stage: Stage;
  foundations: Foundations;
}

/** The HTTP API: a function for each contract, a route for each row, two authorizers, and the front door for the rest. */
export class ApiStack extends Stack {
  readonly api: HttpApi;
  readonly #props: ApiStackProps;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.api = new HttpApi(this, 'HttpApi', { apiName: id, createDefaultStage: false });
    this.#stage();
    this.#routes();
    new CfnOutput(this, 'ApiUrl', { value: this.api.apiEndpoint, description: 'Where the API answers' });
  }

  #function(entry: string): ServiceFunction {
    const { stage, foundations } = this.#props;
    return new ServiceFunction(this, constructId(entry), { entry, stage, foundations });
  }

  #routes(): void {
    const authorizers = this.#authorizers();
    for (const contract of contracts) {
      const { lambda } = this.#function(`${contract.name}/api`);
      const integration = addRoutes(this.api, contract, lambda, authorizers);
      if (contract.name === 'front-door') {
        new HttpRoute(this, 'EverythingElse', { httpApi: this.api, routeKey: HttpRouteKey.DEFAULT, integration });
      }
    }
  }

  #authorizers(): Authorizers {
    const clients = this.#authorizer('clients');
    return { member: clients, partner: clients, staff: this.#authorizer('staff') };
  }

  #authorizer(name: 'clients' | 'staff'): HttpLambdaAuthorizer {
    return new HttpLambdaAuthorizer(`${name}-authorizer`, this.#function(`authorizer/${name}`).lambda, {
      authorizerName: name,
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(30),
    });
  }

  #stage(): void {
    const { stage } = this.#props;
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: stage.throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: accessLogFormat },
    });
  }
}

/** No query string and no headers: a cursor or a token never reaches the log. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    sourceIp: '$context.identity.sourceIp',
    routeKey: '$context.routeKey',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    error: '$context.integrationErrorMessage',
  }),
);
