/** Where this machine pretends to be. */
export const place = { partition: 'aws', region: 'local', account: '000000000000', suffix: 'localhost' } as const;

function arn(service: string, path: string, account: string = place.account): string {
  return `arn:${place.partition}:${service}:${place.region}:${account}:${path}`;
}

/** Another property of the same resource, resolved. */
type Own = (property: string) => string;

interface ResourceType {
  /** What `Ref` gives, and what each attribute is, by the local name of the resource. */
  ref: (name: string, own: Own) => string;
  attributes: Record<string, (name: string) => string>;
}

const named = (attributes: ResourceType['attributes'] = {}): ResourceType => ({ ref: (name) => name, attributes });

/** Every resource type that runs here. */
export const runs: Record<string, ResourceType> = {
  'AWS::DynamoDB::Table': named({
    Arn: (name) => arn('dynamodb', `table/${name}`),
    StreamArn: (name) => arn('dynamodb', `table/${name}/stream/local`),
  }),
  'AWS::SecretsManager::Secret': { ref: (name) => arn('secretsmanager', `secret:${name}-local0`), attributes: {} },
  'AWS::Lambda::Function': named({ Arn: (name) => arn('lambda', `function:${name}`) }),
  'AWS::Lambda::Version': named({ Version: () => '1' }),
  'AWS::Lambda::Alias': {
    ref: (_, own) => `${arn('lambda', `function:${own('FunctionName')}`)}:${own('Name')}`,
    attributes: {},
  },
  'AWS::Lambda::EventSourceMapping': named(),
  'AWS::Lambda::EventInvokeConfig': named(),
  'AWS::ApiGatewayV2::Api': named({ ApiEndpoint: (name) => `http://${name}.${place.suffix}` }),
  'AWS::ApiGatewayV2::Integration': named(),
  'AWS::ApiGatewayV2::Route': named(),
  'AWS::ApiGatewayV2::Authorizer': named({ AuthorizerId: (name) => name }),
  'AWS::ApiGatewayV2::Stage': named(),
  'AWS::Events::EventBus': named({ Arn: (name) => arn('events', `event-bus/${name}`), Name: (name) => name }),
  'AWS::Events::Rule': named({ Arn: (name) => arn('events', `rule/${name}`) }),
  'AWS::SQS::Queue': {
    ref: (name) => `http://sqs.${place.suffix}/${place.account}/${name}`,
    attributes: { Arn: (name) => arn('sqs', name), QueueName: (name) => name },
  },
  'AWS::Scheduler::Schedule': named({ Arn: (name) => arn('scheduler', `schedule/default/${name}`) }),
};

/** The name of the function in its ARN, or in that of an alias of it. */
export function functionName(functionArn: string): string {
  return functionArn.split(':')[6] ?? functionArn;
}

/**
 * Every resource type that has nothing to do on one machine: permissions, logs, what only the cloud looks at, and how
 * a new version takes over from the old, for here there is never but one.
 */
export const inert: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
]);
