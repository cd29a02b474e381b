/** Where this machine pretends to be. */
export const place = { partition: 'aws', region: 'local', account: '000000000000', suffix: 'localhost' } as const;

/** The ARN of a thing here. */
export function arnOf(service: string, path: string, account: string = place.account): string {
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
    Arn: (name) => arnOf('dynamodb', `table/${name}`),
    StreamArn: (name) => arnOf('dynamodb', `table/${name}/stream/local`),
  }),
  'AWS::S3::Bucket': {
    ref: (name) => name.toLowerCase(),
    attributes: { Arn: (name) => `arn:${place.partition}:s3:::${name.toLowerCase()}` },
  },
  'AWS::KMS::Key': named({ Arn: (name) => arnOf('kms', `key/${name}`), KeyId: (name) => name }),
  'AWS::KMS::Alias': { ref: (_, own) => own('AliasName'), attributes: {} },
  'AWS::SSM::Parameter': { ref: (name, own) => own('Name') || name, attributes: {} },
  'AWS::SecretsManager::Secret': { ref: (name) => arnOf('secretsmanager', `secret:${name}-local0`), attributes: {} },
  'AWS::Lambda::Function': named({ Arn: (name) => arnOf('lambda', `function:${name}`) }),
  'AWS::Lambda::Version': named({ Version: () => '1' }),
  'AWS::Lambda::Alias': {
    ref: (_, own) => `${arnOf('lambda', `function:${own('FunctionName')}`)}:${own('Name')}`,
    attributes: {},
  },
  'AWS::Lambda::EventSourceMapping': named(),
  'AWS::Lambda::EventInvokeConfig': named(),
  'AWS::ApiGatewayV2::Api': named({ ApiEndpoint: (name) => `http://${name}.${place.suffix}` }),
  'AWS::ApiGatewayV2::Integration': named(),
  'AWS::ApiGatewayV2::Route': named(),
  'AWS::ApiGatewayV2::Authorizer': named({ AuthorizerId: (name) => name }),
  'AWS::ApiGatewayV2::Stage': named(),
  'AWS::Events::EventBus': named({ Arn: (name) => arnOf('events', `event-bus/${name}`), Name: (name) => name }),
  'AWS::Events::Rule': named({ Arn: (name) => arnOf('events', `rule/${name}`) }),
  'AWS::SQS::Queue': {
    ref: (name) => `http://sqs.${place.suffix}/${place.account}/${name}`,
    attributes: { Arn: (name) => arnOf('sqs', name), QueueName: (name) => name },
  },
  'AWS::Scheduler::Schedule': named({ Arn: (name) => arnOf('scheduler', `schedule/default/${name}`) }),
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
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
]);
