import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { tableShape } from '../../shared/table/keys.ts';
import type { Foundations } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';

type Generate = NonNullable<SecretProps['generateSecretString']>;

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** What must outlive every deployment: the table, its archive, the pictures of members, and the key and secrets that all hangs on. */
export class DataStack extends Stack {
  readonly foundations: Foundations;
  readonly table: ITable;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: props.stage.deletionProtection });
    this.table = this.#restored(this.#table(props.stage), props.stage);
    const secrets = this.#secrets();
    this.foundations = {
      table: this.table,
      archive: this.#archive(props.stage),
      avatars: this.#avatars(),
      secrets,
      dataKey: this.#dataKey(),
    };
    this.#outputs();
  }

  /** What an operator's commands go by (docs/RUNBOOK.md). */
  #outputs(): void {
    const { table, archive, secrets } = this.foundations;
    const say = (name: string, value: string, description: string) => new CfnOutput(this, name, { value, description });
    say('TableName', table.tableName, 'Where all of it lies');
    say('ArchiveName', archive.bucketName, 'The bucket of what was appended, for the audit');
    say(
      'OperatorSecretName',
      secrets.firstStaff.secretName,
      'Makes the first staff client, once; fill in what providers gave',
    );
    say('KeysSecretName', secrets.keys.secretName, 'What invites the first owner of the staff is derived from it');
  }

  /** What a restore has made stands in for the table, whose exports stay until nobody imports them any more. */
  #restored(own: Table, { restored }: Stage): ITable {
    if (!restored) return own;
    for (const value of [own.tableName, own.tableArn, own.tableStreamArn]) this.exportValue(value);
    const { tableName, streamArn: tableStreamArn } = restored;
    return Table.fromTableAttributes(this, 'Restored', { tableName, tableStreamArn });
  }

  #table(stage: Stage): Table {
    const table = new Table(this, 'Table', {
      partitionKey: string(tableShape.pk),
      sortKey: string(tableShape.sk),
      encryption: TableEncryption.AWS_MANAGED,
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: tableShape.ttl,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: stage.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const indexName of ['gsi1', 'gsi2'] as const) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: string(tableShape[indexName].pk),
        sortKey: string(tableShape[indexName].sk),
        projectionType: ProjectionType.ALL,
      });
    }
    return table;
  }

  /** A second copy of what is appended to the table, which nobody changes or deletes as long as the stage says. */
  #archive({ archive: { days, lock } }: Stage): Bucket {
    const kept = Duration.days(days);
    const archive = new Bucket(this, 'Archive', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock === 'COMPLIANCE' ? ObjectLockRetention.compliance(kept) : ObjectLockRetention.governance(kept),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(archive).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'One function adds objects and its log names each; nobody else of the mall may do anything with them',
    });
    return archive;
  }

  /** Pictures of members, shown by links that expire; what browsers send in and nobody has checked, and what members exported, goes after a day. */
  #avatars(): Bucket {
    const avatars = new Bucket(this, 'Avatars', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: ['incoming/', 'exports/'].map((prefix) => ({ prefix, expiration: Duration.days(1) })),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(avatars).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Two functions use it and log what they do; a log of who looks at pictures would be one more personal record',
    });
    return avatars;
  }

  #secrets(): Foundations['secrets'] {
    const random: Generate = { passwordLength: 64, excludePunctuation: true };
    const operator: Generate = {
      secretStringTemplate: JSON.stringify({
        clientId: 'first-staff',
        secretId: 'fill-me-in',
        secretKey: 'fill-me-in',
        wechatSecret: 'fill-me-in',
        wechatWebSecret: 'fill-me-in',
        qqSecret: 'fill-me-in',
        alipayPrivateKey: 'fill-me-in',
      }),
      generateStringKey: 'clientSecret',
      passwordLength: 64,
      excludePunctuation: true,
    };
    const sms = this.#secret('SmsSecret', operator, {
      description: 'The operator’s: clientSecret makes the first staff client, once; fill in what providers gave',
      unrotated: 'The providers give their parts out, and the other part is dead after its first use',
    });
    return {
      keys: this.#secret('KeysSecret', random, {
        description: 'Derives ids, digests and cursors: it never changes',
        unrotated: 'Ids and look-up digests hang on it for ever: under another nobody would be found',
      }),
      sms,
      // One secret for all: what an operator fetches once, and what they fill in, is theirs, and a secret is $0.40.
      firstStaff: sms,
      providers: sms,
    };
  }

  /** KMS changes what is behind it every year by itself, and goes on unwrapping what was wrapped before. */
  #dataKey(): Key {
    return new Key(this, 'DataKey', {
      description: 'Wraps the data keys of sealed fields: without it nothing personal can be read again',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #secret(id: string, generateSecretString: Generate, about: { description: string; unrotated: string }): Secret {
    const { description, unrotated: reason } = about;
    const secret = new Secret(this, id, { description, generateSecretString, removalPolicy: RemovalPolicy.RETAIN });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions::AwsSolutions-SMG4', reason });
    return secret;
  }
}
