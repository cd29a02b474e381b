import { Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { calendar } from '../../shared/calendar.ts';
import { deadLetters } from '../constructs/dead-letters.ts';
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
  constructor(scope: Construct, id: string, props: CalendarStackProps) {
    super(scope, id, props);
    const undelivered = deadLetters(this, 'CalendarDeadLetters');
    for (const wakeUp of props.wakeUps) {
      if (wakeUp.by !== 'date') continue;
      const { entry, date } = wakeUp;
      const { stage, foundations } = props;
      const { lambda } = new ServiceFunction(this, constructId(entry), { entry, stage, foundations });
      lambda.configureAsyncInvoke({
        retryAttempts: 2,
        maxEventAge: Duration.hours(6),
        onFailure: new SqsDestination(undelivered),
      });
      new Schedule(this, `${constructId(entry)}Schedule`, {
        scheduleName: `${id}-${entry.replace('/', '-')}`,
        description: calendar[date].says,
        schedule: ScheduleExpression.expression(`cron(${calendar[date].cron})`, TimeZone.of(stage.timeZone)),
        timeWindow: TimeWindow.off(),
        target: new LambdaInvoke(lambda, {
          input: ScheduleTargetInput.fromObject({ scheduledAt: ContextAttribute.scheduledTime }),
          retryAttempts: 5,
          maxEventAge: Duration.hours(6),
          deadLetterQueue: undelivered,
        }),
      });
    }
  }
}
