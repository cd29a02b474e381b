import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { tableShape } from '../../shared/table/keys.ts';
import type { Foundations } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** What must outlive every deployment: the table and the secrets that ids, tokens and sealed fields hang on. */
export class DataStack extends Stack {
  readonly foundations: Foundations;
  readonly table: Table;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: props.stage.deletionProtection });
    this.table = this.#table(props.stage);
    this.foundations = { table: this.table, secrets: this.#secrets() };
  }

  #table(stage: Stage): Table {
    const table = new Table(this, 'Table', {
      partitionKey: string(tableShape.pk),
      sortKey: string(tableShape.sk),
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

  #secrets(): Foundations['secrets'] {
    const random: SecretProps['generateSecretString'] = { passwordLength: 64, excludePunctuation: true };
    return {
      keys: this.#secret('KeysSecret', 'Derives ids, digests, cursors and sealed fields: it never changes', random),
      signing: this.#secret('SigningSecret', 'Derives the key pair that signs access tokens', random),
      sms: this.#secret(
        'SmsSecret',
        'The SMS provider’s secretId and secretKey: fill them in after the first deployment',
        {
          secretStringTemplate: JSON.stringify({ secretId: 'fill-me-in' }),
          generateStringKey: 'secretKey',
          passwordLength: 32,
          excludePunctuation: true,
        },
      ),
    };
  }

  #secret(id: string, description: string, generateSecretString: SecretProps['generateSecretString']): Secret {
    return new Secret(this, id, { description, generateSecretString, removalPolicy: RemovalPolicy.RETAIN });
  }
}
