import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { contracts } from '../../shared/contracts.ts';
import { alarm, sum } from '../constructs/alarms.ts';
import { type Authorizers, acknowledgeOpen, addRoutes } from '../constructs/http-routes.ts';
import { Releases } from '../constructs/releases.ts';
import { constructId, type Foundations, ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';

export interface ApiStackProps extends StackProps {
  stage: Stage;
  foundations: Foundations;
}

/** The HTTP API: a function for each contract, a route for each row, two authorizers, and the front door for the rest. */
export class ApiStack extends Stack {
  readonly api: HttpApi;
  readonly functions: ServiceFunction[] = [];
  readonly #props: ApiStackProps;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.api = new HttpApi(this, 'HttpApi', {
      apiName: id,
      createDefaultStage: false,
      ...(props.stage.pages && { corsPreflight: { ...corsPreflight, allowOrigins: [...props.stage.pages] } }),
    });
    this.#stage();
    this.#routes();
    this.#releases();
    new CfnOutput(this, 'ApiUrl', { value: this.api.apiEndpoint, description: 'Where the API answers' });
  }

  #function(entry: string): ServiceFunction {
    const { stage, foundations } = this.#props;
    const made = new ServiceFunction(this, constructId(entry), { entry, stage, foundations });
    this.functions.push(made);
    return made;
  }

  /** What a caller sees decides over a release: a function that cannot start is a 5xx of the API, too. */
  #releases(): void {
    const { stage } = this.#props;
    const says =
      'The API answered 5xx several times within a minute while a release may be under way: it is rolled back.';
    const metric = this.api.metricServerError({ ...sum, period: Duration.minutes(1) });
    const alarms = stage.watch
      ? [alarm(this, 'ReleaseAlarm', { says, runbook: 'release-rolled-back', metric, over: 4 }, stage.watch.owner)]
      : [];
    new Releases(this, 'Releases', { stage, functions: this.functions.map((of) => ({ of, alarms })) });
  }

  #routes(): void {
    const authorizers = this.#authorizers();
    for (const contract of contracts) {
      const { live } = this.#function(`${contract.name}/api`);
      const integration = addRoutes(this.api, contract, live, authorizers);
      if (contract.name === 'front-door') {
        const route = { httpApi: this.api, routeKey: HttpRouteKey.DEFAULT, integration };
        acknowledgeOpen(new HttpRoute(this, 'EverythingElse', route), 'It only answers 404 and 405');
      }
    }
  }

  #authorizers(): Authorizers {
    const clients = this.#authorizer('clients');
    return { member: clients, partner: clients, staff: this.#authorizer('staff') };
  }

  #authorizer(name: 'clients' | 'staff'): HttpLambdaAuthorizer {
    return new HttpLambdaAuthorizer(`${name}-authorizer`, this.#function(`authorizer/${name}`).live, {
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

/** What a page of another origin may send, and what it may read of the answer. */
const corsPreflight = {
  allowMethods: [
    CorsHttpMethod.GET,
    CorsHttpMethod.POST,
    CorsHttpMethod.PUT,
    CorsHttpMethod.PATCH,
    CorsHttpMethod.DELETE,
  ],
  allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
  exposeHeaders: ['allow', 'apigw-requestid', 'idempotency-replayed', 'retry-after'],
  maxAge: Duration.hours(1),
};

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
