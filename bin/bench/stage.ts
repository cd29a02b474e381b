import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireJava, startDynamoDbLocal } from '../../infra/local/dynamodb-local.ts';
import type { Request } from '../../infra/local/http-event.ts';
import { serve } from '../../infra/local/http-server.ts';
import { openKms } from '../../infra/local/kms.ts';
import { getSecretValue } from '../../infra/local/secrets.ts';
import { openTables } from '../../infra/local/tables.ts';
import { tableShape } from '../../shared/table/keys.ts';

const TABLE = 'bench';
const NOWHERE = 'http://127.0.0.1:9';
const RealDate = Date;

/** Where the bench plays: a table of its own, and a clock that stands where it was put. */
export interface Stage {
  clock(at: string): void;
  stop(): Promise<void>;
}

/** Replaces `Date` by one that stands still where it was put. */
export function movableDate(): (at: string) => void {
  let instant = RealDate.now();
  const now = () => instant;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget): Date =>
      Reflect.construct(target, given.length === 0 ? [instant] : given, newTarget) as Date,
    get: (target, property): unknown => (property === 'now' ? now : Reflect.get(target, property)),
  });
  return (at) => {
    instant = RealDate.parse(at);
  };
}

/** Nothing of the caller's own AWS is used: what is not ours finds a closed door. */
function surroundings(dynamodb: string, keepers: string): Record<string, string> {
  return {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: keepers,
    AWS_ENDPOINT_URL_KMS: keepers,
    TABLE_NAME: TABLE,
    KEYS_SECRET: 'keys',
    DATA_KEY: DATA_KEY.arn,
    TIME_ZONE: 'Asia/Shanghai',
    ISSUER: 'points-mall-bench',
    POWERTOOLS_LOG_LEVEL: 'ERROR',
  };
}

function tableOf(name: string) {
  const { pk, sk, gsi1, gsi2 } = tableShape;
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  const index = (IndexName: string, keys: { pk: string; sk: string }) => ({
    IndexName,
    KeySchema: schema(keys.pk, keys.sk),
    Projection: { ProjectionType: 'ALL' },
  });
  const properties = {
    AttributeDefinitions: [pk, sk, gsi1.pk, gsi1.sk, gsi2.pk, gsi2.sk].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: schema(pk, sk),
    GlobalSecondaryIndexes: [index('gsi1', gsi1), index('gsi2', gsi2)],
  };
  return { type: 'AWS::DynamoDB::Table', name, arn: name, ref: name, properties };
}

const DATA_KEY = { type: 'AWS::KMS::Key', name: 'DataKey', arn: 'key/DataKey', ref: 'DataKey', properties: {} };

/** The services beside the table that the product asks: one keeps the secrets, one wraps data keys. */
function startKeepers(folder: string) {
  const secrets = { keys: randomBytes(32).toString('hex') };
  const kms = openKms([DATA_KEY], folder);
  const answer = async (request: Request) => {
    const asked = JSON.parse(request.body.toString()) as object;
    const [service = '', operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const answered = service === 'TrentService' ? kms(operation, asked) : getSecretValue(secrets, asked);
    const { status, body } = answered ?? { status: 400, body: {} };
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    return { statusCode: status, headers, cookies: [], body: Buffer.from(JSON.stringify(body)) };
  };
  return serve({ port: 0, maxBodyBytes: 1_000_000, answer, complain: (line) => console.error(line) });
}

/** Sets the stage: DynamoDB Local in memory, a table, the secrets and the data key, and a clock. */
export async function openStage(): Promise<Stage> {
  await requireJava();
  const folder = mkdtempSync(join(tmpdir(), 'points-mall-bench-'));
  const dynamodb = await startDynamoDbLocal(undefined, join(folder, 'dynamodb.log'));
  const keepers = await startKeepers(folder);
  Object.assign(process.env, surroundings(dynamodb.endpoint, keepers.url));
  const stop = async () => {
    await keepers.stop();
    await dynamodb.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await openTables([tableOf(TABLE)], dynamodb.endpoint, false);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { clock: movableDate(), stop };
}
