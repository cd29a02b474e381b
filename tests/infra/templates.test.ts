import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNeeds } from '../../infra/constructs/function-needs.ts';
import { constructId } from '../../infra/constructs/service-function.ts';
import { wakeUps } from '../../infra/constructs/wake-ups.ts';
import type { Stack } from '../../infra/local/assembly.ts';
import { type Resource, readResources } from '../../infra/local/resources.ts';
import { stageNamed, stages } from '../../infra/stages.ts';
import { calendar } from '../../shared/calendar.ts';
import { contracts } from '../../shared/contracts.ts';
import { synthesized } from '../support/synthesized.ts';

let stacks: Stack[];
let resources: Resource[];

beforeAll(() => {
  ({ stacks } = synthesized(stages.dev));
  resources = readResources(stacks);
});

function properties(type: string): Record<string, unknown>[] {
  return resources.filter((resource) => resource.type === type).map((resource) => resource.properties);
}

function raw(type: string): Record<string, unknown>[] {
  const all = stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}));
  return all.filter((resource) => resource.Type === type).map((resource) => resource.Properties ?? {});
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
}

const statementsOf = (document: unknown): Statement[] => (document as { Statement: Statement[] }).Statement;

const buckets = () =>
  stacks
    .flatMap(({ template }) => Object.values(template.Resources ?? {}))
    .filter(({ Type }) => Type === 'AWS::S3::Bucket');

/** A bucket that is kept, encrypted, and closed to the public. */
const closed = {
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  },
};

/** What each policy that speaks of the bucket allows, and behind which prefix. */
function toBucket(name: string): string[][] {
  const said = raw('AWS::IAM::Policy').map(({ PolicyDocument }) =>
    statementsOf(PolicyDocument)
      .filter(({ Resource }) => JSON.stringify(Resource).includes(`FnGetAtt${name}`))
      .map(
        ({ Action, Resource }) =>
          `${String(Action)} to ${
            JSON.stringify(Resource)
              .match(/\/\w+\/\*/g)
              ?.join() ?? 'all'
          }`,
      ),
  );
  return said.filter((one) => one.length > 0);
}

describe('the template', () => {
  it('is four stacks of a stage', () => {
    const names = ['PointsMall-dev-Api', 'PointsMall-dev-Calendar', 'PointsMall-dev-Data', 'PointsMall-dev-Events'];
    expect(stacks.map(({ name }) => name).toSorted()).toEqual(names);
  });

  it('has one route for each row, with the authorizer that the row asks for, and one for everything else', () => {
    const authorizerOf = { none: undefined, member: 'clients', partner: 'clients', staff: 'staff' };
    const wanted = contracts.flatMap(({ rows }) =>
      Object.values(rows).map(({ method, path, auth }) => [`${method} ${path}`, authorizerOf[auth]]),
    );
    const names = new Map(
      resources
        .filter(({ type }) => type === 'AWS::ApiGatewayV2::Authorizer')
        .map(({ ref, properties: { Name } }) => [ref, Name]),
    );
    const routes = properties('AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizerId }) => [
      RouteKey,
      names.get(String(AuthorizerId)),
    ]);
    const byKey = (pairs: unknown[][]) =>
      pairs.toSorted((one, other) => String(one[0]).localeCompare(String(other[0])));
    expect(byKey(routes)).toEqual(byKey([...wanted, ['$default', undefined]]));
  });

  it('has one integration for each function with routes, and each route leads to that of its contract', () => {
    const integrations = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration');
    expect(integrations).toHaveLength(contracts.length);
    const functionOf = new Map(
      integrations.map(({ ref, properties: { IntegrationUri } }) => [`integrations/${ref}`, String(IntegrationUri)]),
    );
    const leadsTo = new Map(
      properties('AWS::ApiGatewayV2::Route').map(({ RouteKey, Target }) => [RouteKey, functionOf.get(String(Target))]),
    );
    for (const { name, rows } of contracts)
      for (const { method, path } of Object.values(rows))
        expect(leadsTo.get(`${method} ${path}`)).toMatch(new RegExp(`:${constructId(`${name}/api`)}:live$`));
  });

  it('lets nobody in but the gateway, the bus and the calendar, and opens nothing to the public', () => {
    const callers = raw('AWS::Lambda::Permission').map(({ Principal }) => Principal);
    expect(new Set(callers)).toEqual(new Set(['apigateway.amazonaws.com', 'events.amazonaws.com']));
    const types = stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}).map(({ Type }) => Type));
    expect(types.filter((type) => /^AWS::(Lambda::Url|CloudFront::|EC2::|ECR::)/.test(type))).toEqual([]);
    const policies = [...raw('AWS::SQS::QueuePolicy'), ...raw('AWS::S3::BucketPolicy')].flatMap(({ PolicyDocument }) =>
      statementsOf(PolicyDocument),
    );
    const open = policies.filter(
      ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('*'),
    );
    expect(policies.length).toBeGreaterThan(2);
    expect(open).toEqual([]);
  });

  it('keeps the table: retained, protected, restorable for 35 days', () => {
    const table = stacks
      .flatMap(({ template }) => Object.values(template.Resources ?? {}))
      .find(({ Type }) => Type === 'AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'expiresAtEpoch', Enabled: true },
      },
    });
    expect(table?.Properties).not.toHaveProperty('TableName');
  });

  it('keeps the archive: locked, in versions, closed to the public, encrypted, over TLS alone, retained', () => {
    const [archive, ...others] = buckets().filter(({ Properties }) => Properties?.['ObjectLockEnabled']);
    expect(archive).toMatchObject({
      ...closed,
      Properties: {
        ...closed.Properties,
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Days: 1, Mode: 'GOVERNANCE' } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    expect(others).toEqual([]);
  });

  it('keeps the pictures of members alike, but for what nobody has checked and what was exported, which goes after a day', () => {
    const [avatars, ...others] = buckets().filter(({ Properties }) => !Properties?.['ObjectLockEnabled']);
    const goes = { ExpirationInDays: 1, Status: 'Enabled' };
    const Rules = [
      { ...goes, Prefix: 'incoming/' },
      { ...goes, Prefix: 'exports/' },
    ];
    expect(avatars).toMatchObject({
      ...closed,
      Properties: { ...closed.Properties, LifecycleConfiguration: { Rules } },
    });
    expect(others).toEqual([]);
  });

  it('names no bucket, and lets nobody in but over TLS', () => {
    expect(buckets().filter(({ Properties }) => 'BucketName' in (Properties ?? {}))).toEqual([]);
    const policies = raw('AWS::S3::BucketPolicy').flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
    expect(policies).toHaveLength(buckets().length);
    for (const policy of policies)
      expect(policy).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  it('lets one function add to the archive, and nobody do anything else with it', () => {
    expect(toBucket('Archive')).toEqual([['s3:PutObject to /appended/*']]);
  });

  it('lets one function show pictures, one take them in, check and delete them, one export, one hand on, and three delete, each behind its prefix', () => {
    expect(toBucket('Avatars').toSorted((one, other) => one.length - other.length)).toEqual([
      ['s3:GetObject to /avatars/*'],
      ['s3:DeleteObject to /avatars/*,/exports/*'],
      ['s3:DeleteObject to /avatars/*,/exports/*'],
      ['s3:DeleteObject,s3:GetObject,s3:PutObject to /exports/*', 's3:DeleteObject,s3:GetObject to /avatars/*'],
      ['s3:DeleteObject,s3:GetObject,s3:PutObject to /avatars/*', 's3:ListBucket to all'],
      [
        's3:GetObject,s3:PutObject to /incoming/*',
        's3:DeleteObject,s3:PutObject to /avatars/*',
        's3:ListBucket to all',
      ],
    ]);
  });

  it('gives every function a role and a log group of its own', () => {
    const functions = raw('AWS::Lambda::Function');
    const own = (name: string) => new Set(functions.map((one) => JSON.stringify(one[name]))).size;
    expect(functions.length).toBeGreaterThan(10);
    expect(own('Role')).toBe(functions.length);
    expect(own('LoggingConfig')).toBe(functions.length);
    expect(raw('AWS::IAM::Role').every((role) => role['ManagedPolicyArns'] === undefined)).toBe(true);
  });

  it('keeps the secrets and the key of sealed fields when their stack goes', () => {
    const all = stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}));
    const secrets = all.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');
    const keys = all.filter(({ Type }) => Type === 'AWS::KMS::Key');
    expect(secrets.length).toBeGreaterThan(1);
    expect(keys).toMatchObject([{ Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 } }]);
    for (const secret of [...secrets, ...keys])
      expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('allows no action by a star, no table scan, and no resource by a star but the one that knows none', () => {
    const allowed = raw('AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
      .filter(({ Effect }) => Effect === 'Allow');
    const actions = allowed.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => action.includes('*') || action === 'dynamodb:Scan')).toEqual([]);
    const prefixes = /\/(appended|avatars|exports|incoming)\/\*/g;
    const wide = allowed.filter(({ Resource }) => JSON.stringify(Resource).replaceAll(prefixes, '').includes('*'));
    // One for each reader of the stream
    expect(wide).toEqual([1, 2].map(() => ({ Effect: 'Allow', Action: 'dynamodb:ListStreams', Resource: '*' })));
  });

  it('denies every function that writes to touch what stands in the ledger or in the record of staff', () => {
    const documents = raw('AWS::IAM::Policy').map(({ PolicyDocument }) => JSON.stringify(PolicyDocument));
    const writers = documents.filter((document) => document.includes('dynamodb:PutItem'));
    expect(writers.length).toBeGreaterThan(5);
    expect(writers.filter((document) => !document.includes('"LEDGER#*","AUDIT#*"'))).toEqual([]);
  });

  it('writes no partition by hand', () => {
    expect(JSON.stringify(stacks.map(({ template }) => template))).not.toContain('arn:aws:');
  });

  it('retries the stream a bounded number of times, answers in parts, and keeps what fails', () => {
    expect(properties('AWS::Lambda::EventSourceMapping')).toEqual([
      expect.objectContaining({
        FunctionName: 'AnnouncerOnTableChange:live',
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        MaximumRetryAttempts: 10,
      }),
      expect.objectContaining({
        FunctionName: 'ArchiveOnTableChange:live',
        BatchSize: 1_000,
        MaximumBatchingWindowInSeconds: 60,
        MaximumRetryAttempts: 100,
      }),
    ]);
    for (const mapping of properties('AWS::Lambda::EventSourceMapping'))
      expect(mapping).toMatchObject({
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: 86_400,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        StartingPosition: 'TRIM_HORIZON',
        DestinationConfig: { OnFailure: { Destination: expect.stringContaining('EventDeadLetters') } },
      });
  });

  it('gives every function that no caller waits for retries and dead letters', () => {
    const woken = [
      ...properties('AWS::Events::Rule').flatMap(({ Targets }) => (Targets as { Arn: string }[]).map(({ Arn }) => Arn)),
      ...properties('AWS::Scheduler::Schedule').map(({ Target }) => (Target as { Arn: string }).Arn),
    ];
    const configs = properties('AWS::Lambda::EventInvokeConfig') as { FunctionName: string; Qualifier: string }[];
    for (const arn of woken) {
      const own = configs.filter(({ FunctionName, Qualifier }) => arn.endsWith(`:${FunctionName}:${Qualifier}`));
      expect(own).toEqual([
        expect.objectContaining({
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: expect.any(Number),
          DestinationConfig: { OnFailure: { Destination: expect.stringContaining('DeadLetters') } },
        }),
      ]);
    }
    expect(woken.length).toBeGreaterThan(1);
  });

  it('gives every rule retries and dead letters', () => {
    const targets = properties('AWS::Events::Rule').flatMap(({ Targets }) => Targets as object[]);
    const retried = {
      RetryPolicy: { MaximumRetryAttempts: 8, MaximumEventAgeInSeconds: 7_200 },
      DeadLetterConfig: { Arn: expect.any(String) },
    };
    for (const target of targets) expect(target).toMatchObject(retried);
    expect(targets.length).toBeGreaterThan(0);
  });

  it('says zone and retries on every schedule', () => {
    const schedule = (ScheduleExpression: string): unknown =>
      expect.objectContaining({
        GroupName: 'PointsMall-dev-Calendar',
        ScheduleExpression,
        ScheduleExpressionTimezone: 'Asia/Shanghai',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: expect.objectContaining({
          Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
          RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 21_600 },
          DeadLetterConfig: { Arn: expect.stringContaining('CalendarDeadLetters') },
        }),
      });
    const all = Object.values(calendar).map(({ cron }) => schedule(`cron(${cron})`));
    expect(properties('AWS::Scheduler::Schedule')).toEqual(all);
  });

  it('lets only what erases a member, or follows their merge, take items away', () => {
    const may = Object.keys(functionNeeds).filter((entry) => functionNeeds[entry]?.table?.includes('DeleteItem'));
    expect(may).toEqual(['approvals/api', 'privacy/api', 'orders/on-member-merged', 'privacy/on-member-erased']);
  });

  it('tells secrets only to those who need them', () => {
    const told = (name: string) =>
      properties('AWS::Lambda::Function')
        .filter(({ Environment }) => name in ((Environment as { Variables: object }).Variables ?? {}))
        .map(({ Description }) => String(Description))
        .toSorted();
    const files = (entries: string[]) => entries.map((entry) => `functions/${entry}.ts`).toSorted();
    expect(told('DATA_KEY')).toEqual(files(Object.keys(functionNeeds).filter((entry) => functionNeeds[entry]?.seals)));
    expect(told('AVATAR_BUCKET')).toEqual(
      files([
        'approvals/api',
        'avatars/api',
        'orders/on-member-merged',
        'privacy/api',
        'privacy/on-member-erased',
        'profiles/api',
      ]),
    );
    expect(told('FIRST_STAFF_SECRET')).toEqual(files(['partners/api']));
    expect(told('PROVIDERS_SECRET')).toEqual(files(['identities/api']));
    expect(told('SMS_SECRET')).toEqual(files(['auth/on-member-identity-changed', 'login-codes/api']));
    expect(told('EVENT_BUS')).toEqual(files(['announcer/on-table-change']));
    expect(told('ARCHIVE_BUCKET')).toEqual(files(['archive/on-table-change']));
  });
});

describe('names under functions/', () => {
  function folderWith(file: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'points-mall-names-'));
    mkdirSync(join(folder, 'points'));
    writeFileSync(join(folder, 'points', file), '');
    return folder;
  }

  it.each([
    ['on-table-change.ts', { by: 'table' }],
    ['on-points-lot-opened.ts', { by: 'event', event: 'points.lot_opened' }],
    ['on-day-end.ts', { by: 'date', date: 'day-end' }],
  ])('%s wakes by what it is named after', (file, wakeUp) => {
    const folder = folderWith(file);
    expect(wakeUps(folder)).toEqual([{ entry: `points/${file.replace('.ts', '')}`, ...wakeUp }]);
    rmSync(folder, { recursive: true });
  });

  it('a name that is neither event nor date stops the synthesis and says what to do', () => {
    const folder = folderWith('on-full-moon.ts');
    expect(() => wakeUps(folder)).toThrow(
      /functions\/points\/on-full-moon\.ts wakes on nothing: name it on-<event>\.ts/,
    );
    rmSync(folder, { recursive: true });
  });

  it('a file that is neither routes nor a wake-up stops it too', () => {
    const folder = folderWith('helper.ts');
    expect(() => wakeUps(folder)).toThrow(/functions\/points\/helper\.ts wakes on nothing: name it api\.ts/);
    rmSync(folder, { recursive: true });
  });

  it('an unknown stage is refused with the ones that exist', () => {
    expect(() => stageNamed('prod')).toThrow(`-c stage=${Object.keys(stages).join(' | ')}`);
  });
});
