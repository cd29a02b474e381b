import { Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { calendar, type DateName } from '../../shared/calendar.ts';
import { deadLetters } from '../constructs/dead-letters.ts';
import { releaseEach } from '../constructs/releases.ts';
import { constructId, type Foundations, ServiceFunction } from '../constructs/service-function.ts';
import type { WakeUp } from '../constructs/wake-ups.ts';
import type { Stage } from '../stages.ts';

export interface CalendarStackProps extends StackProps {
  stage: Stage;
  foundations: Foundations;
  wakeUps: readonly WakeUp[];
}

/** A schedule for each date of `shared/calendar.ts` that a function is named after, in the programme's zone. */
export class CalendarStack extends Stack {
  readonly functions: ServiceFunction[] = [];
  /** What wakes on which date. */
  readonly dated: { date: DateName; of: ServiceFunction }[] = [];
  readonly deadLetters: Queue;
  readonly schedules: ScheduleGroup;
  readonly #props: CalendarStackProps;

  constructor(scope: Construct, id: string, props: CalendarStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.deadLetters = deadLetters(this, 'CalendarDeadLetters');
    this.schedules = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: id });
    for (const wakeUp of props.wakeUps) {
      if (wakeUp.by === 'date') this.#wake(wakeUp.entry, wakeUp.date);
    }
    releaseEach(this, props.stage, this.functions);
  }

  #wake(entry: string, date: DateName): void {
    const { stage, foundations } = this.#props;
    const made = new ServiceFunction(this, constructId(entry), { entry, stage, foundations });
    this.functions.push(made);
    this.dated.push({ date, of: made });
    new EventInvokeConfig(made.live, 'Retries', {
      function: made.lambda,
      qualifier: made.live.aliasName,
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.deadLetters),
    });
    new Schedule(this, `${constructId(entry)}Schedule`, {
      scheduleGroup: this.schedules,
      scheduleName: entry.replace('/', '-'),
      description: calendar[date].says,
      schedule: ScheduleExpression.expression(`cron(${calendar[date].cron})`, TimeZone.of(stage.timeZone)),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(made.live, {
        input: ScheduleTargetInput.fromObject({ scheduledAt: ContextAttribute.scheduledTime }),
        retryAttempts: 5,
        maxEventAge: Duration.hours(6),
        deadLetterQueue: this.deadLetters,
      }),
    });
  }
}
