import { Stack } from 'aws-cdk-lib';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** Counts the lines of a function's log that say just this, as a metric of the stack. */
export function countLines(
  scope: Construct,
  id: string,
  { logGroup }: ServiceFunction,
  { says, metricName }: { says: string; metricName: string },
): MetricFilter {
  return new MetricFilter(scope, id, {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.message', '=', says),
    metricNamespace: Stack.of(scope).stackName,
    metricName,
    metricValue: '1',
  });
}
