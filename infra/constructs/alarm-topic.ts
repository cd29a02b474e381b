import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** The topic that alarms go to: encrypted with a key of its own, because Amazon's key for SNS is closed to CloudWatch. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: { email: string | undefined }) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'Encrypts what alarms say on its way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    key.addToResourcePolicy(this.#cloudWatchMay(['kms:Decrypt', 'kms:GenerateDataKey'], '*'));
    this.topic.addToResourcePolicy(this.#cloudWatchMay(['sns:Publish'], this.topic.topicArn));
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** In the policy of a key, `*` is the key. */
  #cloudWatchMay(actions: NonNullable<PolicyStatementProps['actions']>, resource: string): PolicyStatement {
    return new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }
}
