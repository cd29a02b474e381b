import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Where docs/RUNBOOK.md says what an alarm means, where to look and what to do. */
export type Anchor =
  | 'release-rolled-back'
  | 'function-errors'
  | 'function-throttled'
  | 'function-slow'
  | 'api-5xx'
  | 'api-4xx'
  | 'code-budget'
  | 'staff-logins'
  | 'stream-behind'
  | 'archive-behind'
  | 'ledger-touched'
  | 'dead-letters'
  | 'schedule-failed'
  | 'day-end-missing'
  | 'table-throttled'
  | 'table-errors'
  | 'table-conflicts';

/** One alarm: it goes off when the metric was over `over` in as many periods running as `times` says. */
export interface AlarmRow {
  says: string;
  runbook: Anchor;
  metric: IMetric;
  over: number;
  times?: number;
}

function describe(says: string, runbook: Anchor, owner: string): string {
  return `${says} Owner: ${owner}. What to do: docs/RUNBOOK.md#${runbook}`;
}

/** An alarm whose description names its owner and its section of the runbook; silence is no news. */
export function alarm(
  scope: Construct,
  id: string,
  { says, runbook, metric, over, times = 1 }: AlarmRow,
  owner: string,
) {
  return new Alarm(scope, id, {
    alarmDescription: describe(says, runbook, owner),
    metric,
    threshold: over,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: times,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** An alarm that goes off when nothing at all was counted in so many hours: here silence is the news. */
export function alarmOfSilence(
  scope: Construct,
  id: string,
  { says, runbook, metric, hours }: Pick<AlarmRow, 'says' | 'runbook' | 'metric'> & { hours: number },
  owner: string,
) {
  return new Alarm(scope, id, {
    alarmDescription: describe(says, runbook, owner),
    metric,
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: hours,
    treatMissingData: TreatMissingData.BREACHING,
  });
}

/** How often this happened, of so many, in percent; fewer than 20 tell nothing. */
export function share(part: IMetric, whole: IMetric, period = Duration.minutes(5)): MathExpression {
  return new MathExpression({
    expression: 'IF(whole >= 20, 100 * part / whole, 0)',
    usingMetrics: { part, whole },
    period,
  });
}

/** Several counts as one number. */
export function total(metrics: readonly IMetric[], period = Duration.minutes(5)): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = Object.keys(named)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics: named, period });
}

/** The statistics that alarms and the dashboard go by. */
export const sum = { statistic: Stats.SUM, period: Duration.minutes(5) };
export const p99 = { statistic: Stats.p(99), period: Duration.minutes(5) };
export const highest = { statistic: Stats.MAXIMUM, period: Duration.minutes(5) };
