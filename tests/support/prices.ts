import type { Stack } from '../../infra/local/assembly.ts';

/** When the list prices below were written down, for us-east-1, without any free tier, in cents a month. */
export const PRICED_ON = '2026-11-25';

const ALARM_METRIC = 10;
const EACH: Record<string, number> = {
  'AWS::CloudWatch::Dashboard': 300,
  'AWS::KMS::Key': 100,
  // One custom metric
  'AWS::Logs::MetricFilter': 30,
  'AWS::SecretsManager::Secret': 40,
};

/** What is billed by use alone, or never. */
const FREE =
  /^AWS::(CDK::Metadata|IAM::|ApiGatewayV2::|Lambda::|CodeDeploy::|Logs::(LogGroup|ResourcePolicy)$|Events::|SQS::|SNS::|Scheduler::|DynamoDB::Table$|S3::)/;

function priceOf({ Type, Properties = {} }: { Type: string; Properties?: Record<string, unknown> }): number {
  if (Type === 'AWS::CloudWatch::Alarm') {
    const metrics = (Properties['Metrics'] as object[] | undefined)?.filter((metric) => 'MetricStat' in metric);
    return ALARM_METRIC * (metrics?.length ?? 1);
  }
  const each = EACH[Type];
  if (each !== undefined) return each;
  if (FREE.test(Type)) return 0;
  throw new Error(`What does ${Type} cost while idle? Write its price down in tests/support/prices.ts.`);
}

/** What the stacks cost a month with an empty table and no caller, in cents. */
export function idleCost(stacks: readonly Stack[]): { total: number; items: Record<string, number> } {
  const items: Record<string, number> = {};
  for (const resource of stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}))) {
    const price = priceOf(resource);
    if (price > 0) items[resource.Type] = (items[resource.Type] ?? 0) + price;
  }
  return { total: Object.values(items).reduce((all, price) => all + price, 0), items };
}
