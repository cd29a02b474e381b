import { Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventInvokeConfig, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type EventName, eventSource } from '../../shared/events.ts';
import { deadLetters } from '../constructs/dead-letters.ts';
import { needsOf } from '../constructs/function-needs.ts';
import { releaseEach } from '../constructs/releases.ts';
import { constructId, type Foundations, ServiceFunction } from '../constructs/service-function.ts';
import type { WakeUp } from '../constructs/wake-ups.ts';
import type { Stage } from '../stages.ts';

export interface EventsStackProps extends StackProps {
  stage: Stage;
  foundations: Foundations;
  table: ITable;
  wakeUps: readonly WakeUp[];
}

/** The stream with its two readers (the announcer turns it into events), the bus, and a rule for each reaction. */
export class EventsStack extends Stack {
  readonly functions: ServiceFunction[] = [];
  readonly deadLetters: Queue;
  readonly #props: EventsStackProps;
  readonly #bus: EventBus;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.#bus = new EventBus(this, 'EventBus', { description: 'What happened at Points Mall' });
    this.deadLetters = deadLetters(this, 'EventDeadLetters');
    for (const wakeUp of props.wakeUps) {
      if (wakeUp.by === 'table') this.#follow(wakeUp.entry);
      if (wakeUp.by === 'event') this.#react(wakeUp.entry, wakeUp.event);
    }
    releaseEach(this, props.stage, this.functions);
  }

  #function(entry: string): ServiceFunction {
    const { stage, foundations } = this.#props;
    const made = new ServiceFunction(this, constructId(entry), { entry, stage, foundations });
    this.functions.push(made);
    return made;
  }

  #mayAnnounce(lambda: ServiceFunction['lambda']): void {
    lambda.addEnvironment('EVENT_BUS', this.#bus.eventBusName);
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.#bus.eventBusArn] }));
  }

  /** A reader of the stream; DynamoDB allows two. One is quick, the other makes few objects and waits out an outage. */
  #follow(entry: string): void {
    const { lambda, live } = this.#function(entry);
    const { announces, archives } = needsOf(entry);
    if (announces) this.#mayAnnounce(lambda);
    const pace = archives
      ? { batchSize: 1_000, maxBatchingWindow: Duration.seconds(60), retryAttempts: 100 }
      : { batchSize: 100, maxBatchingWindow: Duration.seconds(1), retryAttempts: 10 };
    live.addEventSource(
      new DynamoEventSource(this.#props.table, {
        ...pace,
        startingPosition: StartingPosition.TRIM_HORIZON,
        bisectBatchOnError: true,
        maxRecordAge: Duration.days(1),
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.deadLetters),
      }),
    );
    if (lambda.role)
      Validations.of(lambda.role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'dynamodb:ListStreams, which an event source mapping needs, knows no resource',
      });
  }

  /** The rule retries what could not be handed over; the function's own failures are Lambda's to retry. */
  #react(entry: string, event: EventName | 'every'): void {
    const { lambda, live } = this.#function(entry);
    new EventInvokeConfig(live, 'Retries', {
      function: lambda,
      qualifier: live.aliasName,
      retryAttempts: 2,
      maxEventAge: Duration.hours(2),
      onFailure: new SqsDestination(this.deadLetters),
    });
    const target = new LambdaTarget(live, {
      retryAttempts: 8,
      maxEventAge: Duration.hours(2),
      deadLetterQueue: this.deadLetters,
    });
    new Rule(this, `${constructId(entry)}Rule`, {
      eventBus: this.#bus,
      description: `${event === 'every' ? 'every event' : event} wakes functions/${entry}.ts`,
      eventPattern: { source: [eventSource], ...(event !== 'every' && { detailType: [event] }) },
      targets: [target],
    });
  }
}
