import { Annotations, CrossStackReferences, Duration, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { calendar, type DateRow } from '../../shared/calendar.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { type AlarmRow, alarm, alarmOfSilence, highest, p99, share, sum, total } from '../constructs/alarms.ts';
import { dashboard, type Watched } from '../constructs/dashboard.ts';
import { needsOf } from '../constructs/function-needs.ts';
import { countLines } from '../constructs/log-lines.ts';
import type { ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';

export interface WatchStackProps extends StackProps, Watched {
  watch: NonNullable<Stage['watch']>;
}

/** A day, and six hours more: what is done at midnight has not been done by six. */
const UNTIL_SIX = 30;

/** The operations that functions use on the table, as CloudWatch calls them. */
export const operations = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.QUERY,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.TRANSACT_WRITE_ITEMS,
];

/** Everything that tells a person that something is wrong: alarms, one topic that sends them, one dashboard. */
export class WatchStack extends Stack {
  readonly #props: WatchStackProps;
  readonly #topic: AlarmTopic;

  constructor(scope: Construct, id: string, props: WatchStackProps) {
    super(scope, id, props);
    this.#props = props;
    // A function that goes must not be held back by an alarm that still names it.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    this.#topic = new AlarmTopic(this, 'Topic', { email: props.watch.email });
    if (!props.watch.email) {
      const says = 'The alarms reach nobody: set watch.email of this stage in infra/stages.ts.';
      Annotations.of(this).addWarningV2('points-mall:alarms-reach-nobody', says);
    }
    const { api, events, calendar: dates } = props;
    for (const of of [...api.functions, ...events.functions, ...dates.functions]) this.#function(of);
    this.#places();
    this.#api();
    this.#codes();
    this.#logins();
    this.#events();
    this.#calendar();
    this.#table();
    dashboard(this, props);
  }

  #alarm(id: string, row: AlarmRow): void {
    this.#tell(alarm(this, id, row, this.#props.watch.owner));
  }

  #tell(made: Alarm): void {
    made.addAlarmAction(new SnsAction(this.#topic.topic));
    made.addOkAction(new SnsAction(this.#topic.topic));
  }

  #function({ entry, lambda, node }: ServiceFunction): void {
    const name = `functions/${entry}.ts`;
    const timeoutMs = (lambda.timeout ?? Duration.seconds(3)).toMilliseconds();
    this.#alarm(`${node.id}Errors`, {
      says: `${name} crashed or ran out of time.`,
      runbook: 'function-errors',
      metric: lambda.metricErrors(sum),
      over: 0,
    });
    this.#alarm(`${node.id}Slow`, {
      says: `One in a hundred calls of ${name} took over 80 % of its time-out.`,
      runbook: 'function-slow',
      metric: lambda.metricDuration(p99),
      over: timeoutMs * 0.8,
      times: 3,
    });
  }

  /** Places to run are the account's, so they are watched for all functions of the region at once. */
  #places(): void {
    this.#alarm('Throttles', {
      says: 'A function was refused a place to run.',
      runbook: 'function-throttled',
      metric: LambdaFunction.metricAllThrottles(sum),
      over: 0,
    });
  }

  #api(): void {
    const { api } = this.#props.api;
    const count = api.metricCount(sum);
    this.#alarm('Api5xx', {
      says: 'Over 1 % of requests were answered 5xx.',
      runbook: 'api-5xx',
      metric: share(api.metricServerError(sum), count),
      over: 1,
      times: 2,
    });
    this.#alarm('Api4xx', {
      says: 'Over half of the requests were answered 4xx.',
      runbook: 'api-4xx',
      metric: share(api.metricClientError(sum), count),
      over: 50,
      times: 3,
    });
  }

  /** Counts the lines that are logged as the codes of a day are spent (shared/auth/budgets.ts). */
  #codes(): void {
    const of = this.#props.api.functions.find(({ entry }) => entry === 'login-codes/api');
    if (!of) return;
    for (const level of [50, 80, 100]) {
      const says = `${level} % of the day's codes are sent`;
      const lines = countLines(this, `CodesAt${level}Lines`, of, { says, metricName: `codes at ${level}` });
      const metric = lines.metric(sum);
      this.#alarm(`CodesAt${level}`, { says: `${says}.`, runbook: 'code-budget', metric, over: 0 });
    }
  }

  /** Counts the line that is logged as wrong tries of staff to log in add up (shared/staff/tries/tries.ts). */
  #logins(): void {
    const of = this.#props.api.functions.find(({ entry }) => entry === 'staff-sessions/api');
    if (!of) return;
    const line = { says: 'many log-ins of staff fail', metricName: 'staff log-ins fail' };
    this.#alarm('StaffLoginsFail', {
      says: 'Half or more of the wrong log-ins of staff that a day may have were tried.',
      runbook: 'staff-logins',
      metric: countLines(this, 'StaffLoginsFailLines', of, line).metric(sum),
      over: 0,
    });
  }

  #events(): void {
    const { functions, deadLetters } = this.#props.events;
    for (const of of functions) {
      if (needsOf(of.entry).announces) this.#behind('StreamBehind', of, { what: 'become events', minutes: 5 });
      if (needsOf(of.entry).archives) {
        this.#behind('ArchiveBehind', of, { what: 'be archived', minutes: 15 });
        this.#touched(of);
      }
    }
    this.#deadLetters('EventDeadLetters', 'An event', deadLetters.metricApproximateNumberOfMessagesVisible(highest));
  }

  #behind(
    id: 'StreamBehind' | 'ArchiveBehind',
    { lambda }: ServiceFunction,
    { what, minutes }: { what: string; minutes: number },
  ): void {
    this.#alarm(id, {
      says: `Changes of the table have waited over ${minutes} minutes to ${what}.`,
      runbook: id === 'StreamBehind' ? 'stream-behind' : 'archive-behind',
      metric: lambda.metric('IteratorAge', highest),
      over: Duration.minutes(minutes).toMilliseconds(),
      times: 2,
    });
  }

  /** Counts the line that the archiver logs when an item changes or goes that should stand for ever. */
  #touched(of: ServiceFunction): void {
    const line = { says: 'what stands for ever was changed', metricName: 'ledger touched' };
    this.#alarm('LedgerTouched', {
      says: 'An entry of the ledger, or a record of what staff did, was changed or deleted.',
      runbook: 'ledger-touched',
      metric: countLines(this, 'LedgerTouchedLines', of, line).metric(sum),
      over: 0,
    });
  }

  #deadLetters(id: string, what: string, metric: IMetric): void {
    const says = `${what} could not be delivered or was failed by its function to the last try.`;
    this.#alarm(id, { says, runbook: 'dead-letters', metric, over: 0 });
  }

  #calendar(): void {
    const { schedules, deadLetters, dated } = this.#props.calendar;
    this.#alarm('ScheduleFailed', {
      says: 'A schedule struck and could not wake its function.',
      runbook: 'schedule-failed',
      metric: total([schedules.metricTargetErrors(sum), schedules.metricDropped(sum)]),
      over: 0,
    });
    this.#deadLetters('CalendarDeadLetters', 'A date', deadLetters.metricApproximateNumberOfMessagesVisible(highest));
    for (const { date, of } of dated) {
      const { done }: DateRow = calendar[date];
      if (done) this.#finished(date, of, done);
    }
  }

  /** Counts the line that the function logs when it has finished, and waits for it every day. */
  #finished(date: string, of: ServiceFunction, done: string): void {
    const { entry, node } = of;
    const filter = countLines(this, `${node.id}Done`, of, { says: done, metricName: `${date} done` });
    const made = alarmOfSilence(
      this,
      `${node.id}Missing`,
      {
        says: `functions/${entry}.ts has not finished by 06:00.`,
        runbook: 'day-end-missing',
        metric: filter.metric({ statistic: sum.statistic, period: Duration.hours(1) }),
        hours: UNTIL_SIX,
      },
      this.#props.watch.owner,
    );
    this.#tell(made);
  }

  #table(): void {
    const { table } = this.#props;
    this.#alarm('TableThrottled', {
      says: 'The table has refused reads or writes for want of capacity.',
      runbook: 'table-throttled',
      metric: total([table.metric('ReadThrottleEvents', sum), table.metric('WriteThrottleEvents', sum)]),
      over: 10,
      times: 2,
    });
    this.#alarm('TableErrors', {
      says: 'DynamoDB has answered with errors of its own.',
      runbook: 'table-errors',
      metric: table.metricSystemErrorsForOperations({ operations, ...sum }),
      over: 10,
      times: 2,
    });
    this.#alarm('TableConflicts', {
      says: 'Many transactions wanted the same item at once.',
      runbook: 'table-conflicts',
      metric: table.metric('TransactionConflict', sum),
      over: 300,
      times: 2,
    });
  }
}
