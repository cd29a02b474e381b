import { readFileSync } from 'node:fs';
import { App, Stack as CdkStack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { readResources } from '../../infra/local/resources.ts';
import { stages } from '../../infra/stages.ts';
import { idleCost } from '../support/prices.ts';
import { type Raw, type Synthesized, synthesized } from '../support/synthesized.ts';

const checks = (app: App) => new AwsSolutionsChecks(app);
const runbook = readFileSync(new URL('../../docs/RUNBOOK.md', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const owner = stages.production.watch?.owner ?? 'nobody';

/** What staging runs on here: a table that a restore has made. */
const restored = {
  tableName: 'mall-restored',
  streamArn: 'arn:aws-cn:dynamodb:cn-north-1:000000000000:table/mall-restored/stream/2026',
};

let production: Synthesized;
let staging: Synthesized;
let dev: Synthesized;

// One at a time: each has the time that a busy machine may need.
beforeAll(() => void (production = synthesized(stages.production, { checks })));
beforeAll(() => void (dev = synthesized(stages.dev)));
beforeAll(() => {
  const own = { watch: { owner, email: 'mall@example.com' }, pages: ['https://mall.example.com'], restored };
  staging = synthesized({ ...stages.staging, ...own });
});

const text = (value: unknown): string => JSON.stringify(value);
const values = (all: Record<string, Raw>): Raw['Properties'][] => Object.values(all).map((one) => one.Properties);
const alarms = (of = production): Raw['Properties'][] => values(of.raw('AWS::CloudWatch::Alarm'));

/** The alarms that look at this metric, alone or in a sum. */
const watching = (metric: string) =>
  alarms().filter((alarm) => text([alarm['MetricName'], alarm['Metrics']]).includes(`"${metric}"`));

describe('the checks of AwsSolutions', () => {
  it('find nothing that is not acknowledged', () => {
    expect(production.stacks).toHaveLength(5);
  });

  it('are really asked: an open queue is found', () => {
    const app = new App();
    const { stack } = new Queue(new CdkStack(app, 'Planted'), 'Open');
    Validations.of(stack).addPlugins(checks(app));
    expect(() => app.synth()).toThrow('AwsSolutions-SQS4');
  });

  it('are acknowledged with a reason each, and only where it is known', () => {
    const given = production.app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>));
    expect(given.filter(([, reason]) => reason.length < 20)).toEqual([]);
    const objects = ['Archive/appended', 'Avatars/avatars', 'Avatars/exports', 'Avatars/incoming'].map(
      (of) => `IAM5[Resource::${of}/*]`,
    );
    const rules = ['APIG4', 'IAM5[Resource::*]', ...objects, 'S1', 'SMG4', 'SQS3'];
    const known = rules.map((id) => `AwsSolutions::AwsSolutions-${id}`);
    const ids = given.map(([id]) =>
      id.replace(/Resource::.+FnGetAtt(Archive|Avatars)[\dA-F]{8}\w+\//, 'Resource::$1/'),
    );
    expect([...new Set(ids)].toSorted()).toEqual(known);
  });
});

describe('places', () => {
  it('are kept for who reads tokens, and nobody else, but in dev, whose account may be new', () => {
    const kept = (of: Synthesized) =>
      values(of.raw('AWS::Lambda::Function')).flatMap(({ Description, ReservedConcurrentExecutions: places }) =>
        places === undefined ? [] : [[String(Description), places] as const],
      );
    const authorizers = { 'functions/authorizer/clients.ts': 200, 'functions/authorizer/staff.ts': 50 };
    expect([production, staging, dev].map((of) => Object.fromEntries(kept(of)))).toEqual([
      authorizers,
      authorizers,
      {},
    ]);
  });
});

describe('pages of other origins', () => {
  it('may call a stage that names them, and dev, which names all', () => {
    const cors = (of: Synthesized) => values(of.raw('AWS::ApiGatewayV2::Api')).map((api) => api['CorsConfiguration']);
    expect(cors(dev)).toMatchObject([{ AllowOrigins: ['*'] }]);
    expect(cors(staging)).toMatchObject([{ AllowOrigins: ['https://mall.example.com'] }]);
    expect(cors(production)).toEqual([undefined]);
    expect(text([cors(dev), cors(staging)])).not.toContain('AllowCredentials');
  });
});

describe('the alarms', () => {
  it('each name their owner and a section of the runbook that exists', () => {
    const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    const named = alarms().map(
      ({ AlarmDescription }) => /docs\/RUNBOOK\.md#(\S+)$/.exec(String(AlarmDescription))?.[1],
    );
    expect(named.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([]);
    expect(alarms().filter(({ AlarmDescription }) => !String(AlarmDescription).includes(`Owner: ${owner}.`))).toEqual(
      [],
    );
    const sections = /^## Alarms$(.+?)^## /ms.exec(runbook)?.[1] ?? '';
    const described = [...sections.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
    expect(described).toHaveLength(new Set(described).size);
    expect(new Set(described)).toEqual(new Set(named));
  });

  it.each(['Errors', 'Duration'])('watch the %s of every function', (metric) => {
    const functions = Object.keys(production.raw('AWS::Lambda::Function'));
    const watched = text(watching(metric).map(({ Dimensions }) => Dimensions));
    expect(functions.filter((id) => !watched.includes(id))).toEqual([]);
  });

  it('watch once, for every function of the region, whether one is refused a place to run', () => {
    const watched = watching('Throttles').map(({ Namespace, Dimensions, Threshold }) => [
      Namespace,
      Dimensions,
      Threshold,
    ]);
    expect(watched).toEqual([['AWS/Lambda', undefined, 0]]);
  });

  it('go off at 80 % of each function’s own time-out', () => {
    const thresholdOf = new Map(watching('Duration').map((one) => [text(one['Dimensions']), one['Threshold']]));
    for (const [id, { Properties }] of Object.entries(production.raw('AWS::Lambda::Function'))) {
      const [, threshold] = [...thresholdOf].find(([dimensions]) => dimensions.includes(id)) ?? [];
      expect(threshold, id).toBe(Number(Properties['Timeout']) * 800);
    }
  });

  it('watch every queue, the stream, the schedules, the API and the table', () => {
    const queues = Object.keys(production.raw('AWS::SQS::Queue'));
    const watched = text(watching('ApproximateNumberOfMessagesVisible'));
    expect(queues.filter((id) => !watched.includes(id))).toEqual([]);
    const others = ['IteratorAge', 'TargetErrorCount', 'InvocationDroppedCount', '5xx', '4xx'];
    const table = ['ReadThrottleEvents', 'WriteThrottleEvents', 'SystemErrors', 'TransactionConflict'];
    expect([...others, ...table].filter((metric) => watching(metric).length === 0)).toEqual([]);
  });

  it('watch how far behind each reader of the stream is, each by its own bound', () => {
    const boundOf = (name: string) =>
      watching('IteratorAge').flatMap(({ Threshold, Dimensions }) =>
        text(Dimensions).includes(name) ? Threshold : [],
      );
    expect(boundOf('AnnouncerOnTableChange')).toEqual([300_000]);
    expect(boundOf('ArchiveOnTableChange')).toEqual([900_000]);
    const [dashboard] = values(production.raw('AWS::CloudWatch::Dashboard'));
    expect(text(dashboard).match(/archive\/on-table-change/g)?.length).toBeGreaterThan(3);
  });

  it('go off when the archiver says that something was changed that stands for ever', () => {
    const filters = values(production.raw('AWS::Logs::MetricFilter')).map(({ FilterPattern }) => FilterPattern);
    expect(filters).toContain('{ $.message = "what stands for ever was changed" }');
    expect(watching('ledger touched')).toEqual([expect.objectContaining({ Threshold: 0 })]);
  });

  it.each([50, 80, 100])('go off when %i percent of the codes of a day are sent', (level) => {
    const filters = values(production.raw('AWS::Logs::MetricFilter')).map(({ FilterPattern }) => FilterPattern);
    expect(filters).toContain(`{ $.message = "${level} % of the day's codes are sent" }`);
    expect(watching(`codes at ${level}`)).toEqual([expect.objectContaining({ Threshold: 0 })]);
  });

  it('go off when many log-ins of staff fail', () => {
    const filters = values(production.raw('AWS::Logs::MetricFilter')).map(({ FilterPattern }) => FilterPattern);
    expect(filters).toContain('{ $.message = "many log-ins of staff fail" }');
    expect(watching('staff log-ins fail')).toEqual([expect.objectContaining({ Threshold: 0 })]);
  });

  it('miss the day end when none of the last 30 hours has seen the line that it logs', () => {
    const filters = values(production.raw('AWS::Logs::MetricFilter')).map(({ FilterPattern }) => FilterPattern);
    expect(filters).toContain('{ $.message = "a day has ended" }');
    expect(watching('day-end done')).toEqual([
      expect.objectContaining({
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 30,
        Period: 3_600,
        Threshold: 1,
        TreatMissingData: 'breaching',
      }),
    ]);
  });

  it('go to one encrypted topic, and from there to whom the stage names', () => {
    const silent = alarms().filter(({ AlarmActions }) => AlarmActions === undefined);
    expect(silent.every(({ AlarmDescription }) => String(AlarmDescription).endsWith('#release-rolled-back'))).toBe(
      true,
    );
    expect(
      new Set(
        alarms()
          .flatMap(({ AlarmActions }) => (AlarmActions as unknown[]) ?? [])
          .map(text),
      ).size,
    ).toBe(1);
    expect(values(production.raw('AWS::SNS::Topic'))).toEqual([
      expect.objectContaining({ KmsMasterKeyId: expect.anything() }),
    ]);
    expect(production.raw('AWS::SNS::Subscription')).toEqual({});
    expect(values(staging.raw('AWS::SNS::Subscription'))).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'mall@example.com' }),
    ]);
  });

  it('warn at synthesis where they reach nobody', () => {
    const warned = ({ app }: Synthesized) =>
      app.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning'));
    expect(warned(production).map(({ data }) => String(data))).toEqual([expect.stringContaining('set watch.email')]);
    expect([...warned(staging), ...warned(dev)]).toEqual([]);
  });

  it('are not there in dev', () => {
    expect(alarms(dev)).toEqual([]);
    expect(dev.stacks.map(({ name }) => name)).not.toContain('PointsMall-dev-Watch');
  });
});

describe('what it costs while nothing happens', () => {
  it.each(['dev', 'production'] as const)('%s stays below its bound', (name) => {
    const of = name === 'dev' ? dev : production;
    const cost = idleCost(of.stacks);
    expect(cost.items['AWS::SecretsManager::Secret']).toBeGreaterThan(40);
    expect(cost.total).toBeLessThanOrEqual({ dev: 200, production: 2_000 }[name]);
  });

  it('is what the papers say', () => {
    const [small, large] = [dev, production].map(({ stacks: of }) => `$${(idleCost(of).total / 100).toFixed(2)}`);
    expect(runbook).toContain(`| **together** | **${small}** (bound $2) | **${large}** (bound $20) |`);
    expect(readme).toContain(`dev ${small} a month with nothing happening, production ${large}`);
  });

  it('counts an alarm as often as it has metrics', () => {
    const metric = { MetricStat: {} };
    const template = {
      Resources: {
        Plain: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
        Sum: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a + b' }, metric, metric] } },
      },
    };
    expect(idleCost([{ name: 'Planted', template }]).total).toBe(30);
  });

  it('refuses to guess the price of a type that it does not know', () => {
    const template = { Resources: { Dear: { Type: 'AWS::EC2::NatGateway' } } };
    expect(() => idleCost([{ name: 'Planted', template }])).toThrow('AWS::EC2::NatGateway');
  });
});

describe('releases', () => {
  it('move an alias of every function, as the stage says, and back when its alarms go off', () => {
    const aliases = production.raw('AWS::Lambda::Alias');
    expect(Object.keys(aliases).length).toBe(Object.keys(production.raw('AWS::Lambda::Function')).length);
    for (const { UpdatePolicy } of Object.values(aliases))
      expect(UpdatePolicy).toMatchObject({ CodeDeployLambdaAliasUpdate: { DeploymentGroupName: expect.anything() } });
    for (const group of values(production.raw('AWS::CodeDeploy::DeploymentGroup')))
      expect(group).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
        AlarmConfiguration: { Enabled: true, Alarms: [{ Name: expect.anything() }] },
        AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
      });
  });

  it('are all at once in dev, and go back when they fail', () => {
    for (const group of values(dev.raw('AWS::CodeDeploy::DeploymentGroup')))
      expect(group).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
        AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_FAILURE']) },
      });
  });

  it('leave nobody who calls a function past its alias', () => {
    const callers = {
      'AWS::ApiGatewayV2::Integration': 'IntegrationUri',
      'AWS::ApiGatewayV2::Authorizer': 'AuthorizerUri',
      'AWS::Lambda::EventSourceMapping': 'FunctionName',
      'AWS::Lambda::Permission': 'FunctionName',
      'AWS::Events::Rule': 'Targets',
      'AWS::Scheduler::Schedule': 'Target',
    };
    const targets = Object.entries(callers).flatMap(([type, property]) =>
      values(production.raw(type)).map((properties) => text(properties[property])),
    );
    const aliases = Object.keys(production.raw('AWS::Lambda::Alias'));
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !aliases.some((alias) => target.includes(`{"Ref":"${alias}"}`)))).toEqual([]);
    for (const config of values(production.raw('AWS::Lambda::EventInvokeConfig')))
      expect(config).toMatchObject({ Qualifier: 'live' });
  });
});

describe('the archive', () => {
  const lockOf = (of: Synthesized) =>
    values(of.raw('AWS::S3::Bucket')).flatMap((bucket) => bucket['ObjectLockConfiguration'] ?? []);
  it.each([
    ['staging', { Days: 7, Mode: 'GOVERNANCE' }],
    ['production', { Days: 3 * 366, Mode: 'COMPLIANCE' }],
  ])('is locked in %s as the stage says', (name, DefaultRetention) => {
    expect(lockOf(name === 'staging' ? staging : production)).toEqual([
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
    ]);
  });
});

describe('every stage', () => {
  it('reads as a whole on this machine', () => {
    for (const { stacks } of [dev, staging, production]) expect(readResources(stacks).length).toBeGreaterThan(50);
  });

  it('keeps every stack well under CloudFormation’s 500 resources', () => {
    for (const { name, template } of production.stacks)
      expect(Object.keys(template.Resources ?? {}).length, name).toBeLessThan(350);
  });

  it('synthesizes for AWS China, with no partition by hand and nothing that is missing there', () => {
    const china = synthesized(stages.production, { env: { account: '000000000000', region: 'cn-north-1' } });
    const whole = text(china.stacks.map(({ template }) => template));
    expect(whole.match(/arn:aws:|amazonaws\.com\.cn\.cn/g)).toBeNull();
    const types = china.stacks.flatMap(({ template }) =>
      Object.values(template.Resources ?? {}).map(({ Type }) => Type),
    );
    const missing = /^AWS::(Cognito|CloudFront|XRay|Amplify|AppRunner)::|^AWS::Lambda::Url$/;
    expect(types.filter((type) => missing.test(type))).toEqual([]);
    expect(whole).not.toMatch(/"TracingConfig"|"Protocol":"sms"|"RedrivePolicy"/);
  });
});

describe('a restored table', () => {
  it('is what every function, the stream and the alarms go by', () => {
    const told = values(staging.raw('AWS::Lambda::Function'))
      .map(({ Environment }) => (Environment as { Variables: Record<string, unknown> }).Variables['TABLE_NAME'])
      .filter(Boolean);
    expect(new Set(told)).toEqual(new Set([restored.tableName]));
    const streams = values(staging.raw('AWS::Lambda::EventSourceMapping')).map(({ EventSourceArn }) => EventSourceArn);
    expect(streams).toEqual([restored.streamArn, restored.streamArn]);
    const conflicts = values(staging.raw('AWS::CloudWatch::Alarm')).find(
      ({ MetricName }) => MetricName === 'TransactionConflict',
    );
    expect(conflicts?.['Dimensions']).toEqual([{ Name: 'TableName', Value: restored.tableName }]);
  });

  it('leaves the table that it stands in for where it is, with what other stacks still import', () => {
    const data = staging.stacks.find(({ name }) => name === 'PointsMall-staging-Data');
    expect(Object.values(data?.template.Resources ?? {}).map(({ Type }) => Type)).toContain('AWS::DynamoDB::Table');
    const outputs = data?.template.Outputs ?? {};
    expect(Object.keys(outputs).filter((name) => /^Exports.*Table/.test(name))).toHaveLength(3);
    expect(outputs['TableName']?.Value).toBe(restored.tableName);
  });
});
