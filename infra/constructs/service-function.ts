import { Duration, RemovalPolicy, Stack, Tags, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { appendOnly } from '../../shared/table/keys.ts';
import type { Stage } from '../stages.ts';
import { bundleOf } from './bundles.ts';
import { type Need, needsOf, type TableAction } from './function-needs.ts';

/** What functions stand on: made once by the data stack. */
export interface Foundations {
  table: ITable;
  archive: IBucket;
  /** Pictures of members. */
  avatars: IBucket;
  secrets: Record<NonNullable<Need['secrets']>[number], ISecret>;
  /** Wraps the data keys under which personal fields and signing keys are sealed. */
  dataKey: IKey;
}

export interface ServiceFunctionProps {
  /** The file under `functions/`, without its ending: `points/api`. */
  entry: string;
  stage: Stage;
  foundations: Foundations;
}

/** `login-codes/api` → `LoginCodesApi`: the id of a function in its stack. */
export function constructId(entry: string): string {
  return entry
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

const secretSettings = {
  keys: 'KEYS_SECRET',
  sms: 'SMS_SECRET',
  providers: 'PROVIDERS_SECRET',
  firstStaff: 'FIRST_STAFF_SECRET',
} as const;

function settingsOf(need: Need, { entry, stage, foundations }: ServiceFunctionProps): Record<string, string> {
  const secrets = (need.secrets ?? []).map(
    (name) => [secretSettings[name], foundations.secrets[name].secretArn] as const,
  );
  return {
    POWERTOOLS_SERVICE_NAME: entry.split('/')[0] ?? entry,
    POWERTOOLS_LOG_LEVEL: stage.logLevel,
    NODE_OPTIONS: '--enable-source-maps',
    TIME_ZONE: stage.timeZone,
    ISSUER: `points-mall-${stage.name}`,
    ...(need.table && { TABLE_NAME: foundations.table.tableName }),
    ...(need.archives && { ARCHIVE_BUCKET: foundations.archive.bucketName }),
    ...Object.fromEntries(secrets),
    ...(need.pictures && { AVATAR_BUCKET: foundations.avatars.bucketName }),
    ...(need.seals && { DATA_KEY: foundations.dataKey.keyArn }),
    ...(need.secrets?.includes('providers') && stage.providers),
    ...(need.secrets?.includes('sms') && {
      SMS_PROVIDER: stage.sms.provider,
      SMS_ENDPOINT: stage.sms.endpoint,
      ...(stage.sms.provider === 'tencent' && { SMS_APP_ID: stage.sms.appId }),
      SMS_SIGN: stage.sms.sign,
      SMS_LOGIN_TEMPLATE: stage.sms.loginTemplate,
      SMS_CHANGE_TEMPLATE: stage.sms.changeTemplate,
      ...(stage.humanCheck && { HUMAN_CHECK_URL: stage.humanCheck.url }),
    }),
  };
}

/**
 * One function with a role and a log group of its own, holding only what its row in `function-needs.ts` names.
 * Whoever wakes it calls `live`, which a release moves from one version to the next.
 */
export class ServiceFunction extends Construct {
  readonly entry: string;
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    this.entry = props.entry;
    const need = needsOf(props.entry);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroup.grant(role, 'logs:CreateLogStream', 'logs:PutLogEvents');
    this.lambda = new LambdaFunction(this, 'Function', {
      code: bundleOf(this, props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(need.timeoutSeconds ?? 10),
      ...(props.stage.keepsPlaces && need.places !== undefined && { reservedConcurrentExecutions: need.places }),
      description: `functions/${props.entry}.ts`,
      environment: settingsOf(need, props),
      role,
      logGroup: this.logGroup,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: this.lambda.currentVersion });
    Tags.of(this.lambda).add('entry', props.entry);
    this.#allow(need, role, props.foundations);
  }

  #allow(need: Need, role: Role, { table, archive, avatars, secrets, dataKey }: Foundations): void {
    if (need.table) {
      for (const statement of tableStatements(need.table, table)) role.addToPolicy(statement);
      role.addToPolicy(sealLedger(table));
    }
    if (need.archives) allowArchiving(role, archive);
    if (need.seals) role.addToPolicy(sealing(dataKey));
    if (need.pictures) allowPictures(role, avatars, need.pictures);
    for (const name of need.secrets ?? []) {
      role.addToPolicy(
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secrets[name].secretArn] }),
      );
    }
  }
}

/** The named actions on the table; only a query goes to its indexes. */
function tableStatements(actions: readonly TableAction[], { tableArn }: ITable): PolicyStatement[] {
  const named = actions.map((action) => `dynamodb:${action}`);
  const statements = [new PolicyStatement({ actions: named, resources: [tableArn] })];
  if (!actions.includes('Query')) return statements;
  const resources = ['gsi1', 'gsi2'].map((index) => `${tableArn}/index/${index}`);
  return [...statements, new PolicyStatement({ actions: ['dynamodb:Query'], resources })];
}

/** Making and unwrapping data keys, and those for sealing alone. */
function sealing({ keyArn }: IKey): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:EncryptionContext:purpose': 'points-mall/sealing' } },
  });
}

/** What stands in the ledger, in the record of what staff did, what members agreed to, and every data key stays as it is, whatever the code tries. */
function sealLedger(table: ITable): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    resources: [table.tableArn],
    conditions: {
      'ForAnyValue:StringLike': {
        'dynamodb:LeadingKeys': [...appendOnly.map((prefix) => `${prefix}*`), 'CONSENTS#*', 'DATA-KEYS'],
      },
    },
  });
}

/** Objects may be added, and neither read, listed nor deleted; none that is there is written over for good. */
function allowArchiving(role: Role, archive: IBucket): void {
  const reason = 'Each batch of the stream is an object of its own, named by its place in the stream';
  allowObjects(role, archive, { prefix: 'appended', actions: ['s3:PutObject'], reason });
}

/** Pictures by their two prefixes: what was sent in is only read, what was checked is written, shown and deleted. */
function allowPictures(role: Role, avatars: IBucket, how: NonNullable<Need['pictures']>): void {
  const reason = 'The picture of each member is an object of its own behind one of two prefixes';
  if (how === 'show') return allowObjects(role, avatars, { prefix: 'avatars', actions: ['s3:GetObject'], reason });
  if (how === 'erase' || how === 'export') {
    const made = how === 'export' ? ['s3:PutObject', 's3:GetObject'] : [];
    allowObjects(role, avatars, { prefix: 'exports', actions: [...made, 's3:DeleteObject'], reason });
    const shown = how === 'export' ? ['s3:GetObject'] : [];
    return allowObjects(role, avatars, { prefix: 'avatars', actions: [...shown, 's3:DeleteObject'], reason });
  }
  const takesIn = how === 'keep';
  if (takesIn) allowObjects(role, avatars, { prefix: 'incoming', actions: ['s3:PutObject', 's3:GetObject'], reason });
  const reads = takesIn ? [] : ['s3:GetObject'];
  const actions = [...reads, 's3:PutObject', 's3:DeleteObject'];
  allowObjects(role, avatars, { prefix: 'avatars', actions, reason });
  // S3 says that an object is not there only to who may list; others are told that they may not.
  role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [avatars.bucketArn] }));
}

/** Named actions on the objects behind a prefix, with the reason why they cannot be named one by one. */
function allowObjects(
  role: Role,
  bucket: IBucket,
  { prefix, actions, reason }: { prefix: string; actions: string[]; reason: string },
): void {
  role.addToPolicy(new PolicyStatement({ actions, resources: [bucket.arnForObjects(`${prefix}/*`)] }));
  // The finding is named by what the role's stack imports, so the name is that of the export.
  const home = Stack.of(bucket);
  const imported = home.resolve(home.exportValue(bucket.bucketArn)) as { 'Fn::ImportValue': string };
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${imported['Fn::ImportValue']}/${prefix}/*]`,
    reason,
  });
}
