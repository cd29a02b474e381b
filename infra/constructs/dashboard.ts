import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { ApiStack } from '../stacks/api.ts';
import type { CalendarStack } from '../stacks/calendar.ts';
import type { EventsStack } from '../stacks/events.ts';
import { highest, p99, sum } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

/** What is looked at. */
export interface Watched {
  table: ITable;
  api: ApiStack;
  events: EventsStack;
  calendar: CalendarStack;
}

const HALF = 12;

function graph(title: string, left: IMetric[], right: IMetric[] = []): IWidget {
  return new GraphWidget({ title, left, right, width: HALF, height: 6 });
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `## ${text}`, width: 2 * HALF, height: 1 });
}

function functionGraphs(functions: readonly ServiceFunction[]): IWidget[] {
  const each = (metric: (one: ServiceFunction) => IMetric) => functions.map(metric);
  return [
    graph(
      'Failed (left), throttled (right)',
      each(({ lambda, entry: label }) => lambda.metricErrors({ ...sum, label })),
      each(({ lambda, entry: label }) => lambda.metricThrottles({ ...sum, label })),
    ),
    graph(
      'Duration, p99',
      each(({ lambda, entry: label }) => lambda.metricDuration({ ...p99, label })),
    ),
  ];
}

function apiGraphs({ api }: ApiStack): IWidget[] {
  return [
    graph('Requests', [api.metricCount(sum)], [api.metricClientError(sum), api.metricServerError(sum)]),
    graph('Latency', [api.metricLatency({ ...sum, statistic: 'p50' }), api.metricLatency(p99)]),
  ];
}

function tableGraphs({ table }: Watched): IWidget[] {
  const units = [table.metricConsumedWriteCapacityUnits(sum), table.metricConsumedReadCapacityUnits(sum)];
  const trouble = ['ReadThrottleEvents', 'WriteThrottleEvents', 'TransactionConflict'];
  const latency = [Operation.GET_ITEM, Operation.QUERY, Operation.PUT_ITEM, Operation.TRANSACT_WRITE_ITEMS];
  return [
    graph(
      'Units (left), throttles and conflicts (right)',
      units,
      trouble.map((name) => table.metric(name, sum)),
    ),
    graph(
      'Latency, p99',
      latency.map((Operation) =>
        table.metric('SuccessfulRequestLatency', {
          ...p99,
          label: Operation,
          dimensionsMap: { TableName: table.tableName, Operation },
        }),
      ),
    ),
  ];
}

/** One dashboard with a part for each stack: a second would cost as much again. */
export function dashboard(scope: Construct, watched: Watched): Dashboard {
  const { api, events, calendar } = watched;
  const waiting = [events, calendar].map(({ deadLetters }) =>
    deadLetters.metricApproximateNumberOfMessagesVisible({ ...highest, label: deadLetters.node.id }),
  );
  const ages = events.functions
    .filter(({ entry }) => entry.endsWith('/on-table-change'))
    .map(({ lambda, entry: label }) => lambda.metric('IteratorAge', { ...highest, label }));
  const made = new Dashboard(scope, 'Dashboard');
  made.addWidgets(heading('API'), ...apiGraphs(api), ...functionGraphs(api.functions));
  made.addWidgets(heading('Events'), ...functionGraphs(events.functions));
  made.addWidgets(heading('Calendar'), ...functionGraphs(calendar.functions));
  made.addWidgets(
    heading('Left behind'),
    graph('Age of the oldest change (left), dead letters (right)', ages, waiting),
    graph('Schedules: target errors, dropped', [
      calendar.schedules.metricTargetErrors(sum),
      calendar.schedules.metricDropped(sum),
    ]),
  );
  made.addWidgets(heading('Table'), ...tableGraphs(watched));
  return made;
}
