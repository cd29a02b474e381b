import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, inject, vi } from 'vitest';
import { openAlipay } from '../../infra/local/alipay.ts';
import type { DataFolder, Message } from '../../infra/local/data-folder.ts';
import { answerAsDouble } from '../../infra/local/doubles.ts';
import type { Request } from '../../infra/local/http-event.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import { type Kms, openKms } from '../../infra/local/kms.ts';
import { discoveryAt, openOidc } from '../../infra/local/oidc.ts';
import { alipayKey } from '../../infra/local/providers.ts';
import { openQq } from '../../infra/local/qq.ts';
import { openS3, type S3 } from '../../infra/local/s3.ts';
import { smsTemplates } from '../../infra/local/sms.ts';
import { openWechat } from '../../infra/local/wechat.ts';
import { currentDataKey } from '../../shared/keyring/data-keys.ts';
import { createClient } from '../../shared/partners/partners.ts';
import { SCOPES } from '../../shared/partners/rules.ts';
import { get } from '../../shared/table/client.ts';
import { keys, tableShape } from '../../shared/table/keys.ts';

export const ZONE = 'Asia/Shanghai';

const SMS = { secretId: 'test-id', secretKey: 'test-key' };
const PROVIDERS = {
  wechatSecret: 'wechat-test',
  wechatWebSecret: 'wechat-web-test',
  qqSecret: 'qq-test',
  alipayPrivateKey: alipayKey(),
  oidcSecret: 'oidc: test',
};
/** The issuer of OpenID Connect, and as whom it knows us. */
export const OIDC = { issuer: 'https://id.test', clientId: 'mall', redirectUri: 'https://mall.test/oidc' };
/** By what functions call them; a test may put another value in. */
export const SECRETS = {
  keys: randomBytes(32).toString('hex'),
  sms: JSON.stringify(SMS),
  providers: JSON.stringify(PROVIDERS),
  'first-staff': JSON.stringify({ clientId: 'first-staff', clientSecret: randomBytes(32).toString('hex') }),
  'revoked-sms': JSON.stringify({ ...SMS, secretKey: 'revoked' }),
};

const DATA_KEY = { type: 'AWS::KMS::Key', name: 'DataKey', arn: 'key/DataKey', ref: 'DataKey', properties: {} };

const AVATARS = { type: 'AWS::S3::Bucket', name: 'Avatars', arn: '', ref: 'avatars', properties: {} };

/** What was "sent" by SMS, newest last. */
export const inbox: Message[] = [];

/** One event as PutEvents brought it. */
export interface Put {
  EventBusName: string;
  Source: string;
  DetailType: string;
  Time: number;
  Detail: string;
}

/** The bus: what was put on it, oldest first, and which events it does not take. */
export const bus: { events: Put[]; refuses: (put: Put) => boolean } = { events: [], refuses: () => false };

function putEvents({ Entries = [] }: { Entries?: object[] }): object {
  const answers = (Entries as Put[]).map((put) => {
    if (bus.refuses(put)) return { ErrorCode: 'InternalFailure', ErrorMessage: 'Try again' };
    bus.events.push(put);
    return { EventId: randomUUID() };
  });
  return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
}

/** Makes a table like the template's in the shared emulator. */
export async function createTable(name: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint: inject('dynamodb') });
  const { pk, sk, gsi1, gsi2 } = tableShape;
  const text = [pk, sk, gsi1.pk, gsi1.sk, gsi2.pk, gsi2.sk];
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const index = (IndexName: string, keys: { pk: string; sk: string }) => ({
    IndexName,
    KeySchema: schema(keys.pk, keys.sk),
    Projection: { ProjectionType: 'ALL' as const },
  });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: text.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: schema(pk, sk),
      GlobalSecondaryIndexes: [index('gsi1', gsi1), index('gsi2', gsi2)],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  client.destroy();
}

/** The local doubles of what functions speak to, for functions that run inside a test. */
async function startDoubles(kms: Kms, s3: S3): Promise<HttpServer> {
  const folder = { state: { inbox }, save: () => {} } as unknown as DataFolder;
  const sms = { secret: SMS, templates: smsTemplates('login', 'change'), folder, now: () => Date.now() };
  const now = () => Date.now();
  const apps = { 'wx-test': 'wechat-test', 'wx-other': 'wechat-test', 'wx-web': 'wechat-web-test' };
  const providers = [
    openWechat({ apps, now }),
    openQq({ appId: 'qq-app', secret: PROVIDERS.qqSecret, redirectUri: 'https://mall.test/qq', now }),
    openAlipay({ appId: 'ali-app', privateKey: PROVIDERS.alipayPrivateKey, now }),
    openOidc({ ...OIDC, secret: PROVIDERS.oidcSecret, now }),
  ];
  const answer = async (request: Request) =>
    answerAsDouble(request, { bus: { putEvents }, secrets: SECRETS, sms, kms, s3, providers });
  return serve({ port: 0, maxBodyBytes: 3_000_000, answer, complain: (line) => console.error(line) });
}

/** The tills that tests call as; their minutes have no end, because the clock of a test stands still. */
export async function openTills(): Promise<void> {
  for (const clientId of ['till-1', 'till-2']) {
    const till = { clientId, kind: 'partner', name: 'Till', grants: SCOPES, requestsPerMinute: 600_000 } as const;
    await untilDone(async () => {
      if (!(await get(keys.client(clientId)))) await createClient(till);
    });
  }
}

/** The first calls take longer than others, and on a busy machine longer than a call may: that is no test's time. */
async function untilDone(act: () => Promise<unknown>, tries = 5): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (tries === 1) throw error;
    await untilDone(act, tries - 1);
  }
}

interface MallOptions {
  at?: string;
  /** How to get to the table that listens here: straight, unless somebody stands between. */
  way?: (table: string) => Promise<string>;
}

/**
 * A mall of this test file's own: a table in the shared emulator, the doubles, and a clock that stands at `at` and
 * is moved by `clock`.
 */
export function openMall({ at = '2026-11-23T04:00:00.000Z', way = async (table) => table }: MallOptions = {}): void {
  let doubles: HttpServer;
  let keyFolder: string;
  beforeAll(async () => {
    const table = `mall-${randomUUID()}`;
    await createTable(table);
    keyFolder = mkdtempSync(join(tmpdir(), 'points-mall-keys-'));
    const s3 = openS3({ resources: [AVATARS], folder: keyFolder, secret: 'test', now: () => Date.now() });
    doubles = await startDoubles(openKms([DATA_KEY], keyFolder), s3);
    vi.stubEnv('TABLE_NAME', table);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', await way(inject('dynamodb')));
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', doubles.url);
    vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', doubles.url);
    vi.stubEnv('KEYS_SECRET', 'keys');
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', doubles.url);
    vi.stubEnv('DATA_KEY', DATA_KEY.arn);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', doubles.url);
    vi.stubEnv('AVATAR_BUCKET', AVATARS.ref);
    vi.stubEnv('SMS_SECRET', 'sms');
    vi.stubEnv('PROVIDERS_SECRET', 'providers');
    vi.stubEnv('WECHAT_ENDPOINT', doubles.url);
    vi.stubEnv('WECHAT_APP_ID', 'wx-test');
    vi.stubEnv('WECHAT_WEB_APP_ID', 'wx-web');
    vi.stubEnv('QQ_ENDPOINT', doubles.url);
    vi.stubEnv('QQ_APP_ID', 'qq-app');
    vi.stubEnv('QQ_REDIRECT_URI', 'https://mall.test/qq');
    vi.stubEnv('ALIPAY_ENDPOINT', doubles.url);
    vi.stubEnv('ALIPAY_APP_ID', 'ali-app');
    vi.stubEnv('OIDC_ISSUER', OIDC.issuer);
    vi.stubEnv('OIDC_DISCOVERY', discoveryAt(doubles.url));
    vi.stubEnv('OIDC_CLIENT_ID', OIDC.clientId);
    vi.stubEnv('OIDC_REDIRECT_URI', OIDC.redirectUri);
    vi.stubEnv('FIRST_STAFF_SECRET', 'first-staff');
    vi.stubEnv('SMS_PROVIDER', 'tencent');
    vi.stubEnv('SMS_ENDPOINT', doubles.url);
    vi.stubEnv('SMS_APP_ID', '1400000000');
    vi.stubEnv('SMS_SIGN', '积分商城');
    vi.stubEnv('SMS_LOGIN_TEMPLATE', 'login');
    vi.stubEnv('SMS_CHANGE_TEMPLATE', 'change');
    vi.stubEnv('EVENT_BUS', 'bus');
    vi.stubEnv('TIME_ZONE', ZONE);
    vi.stubEnv('ISSUER', 'points-mall-test');
    clock(at);
    await untilDone(() => get(keys.programme(0)));
    // Whoever first seals in a month makes its key: not a test that counts what a refusal leaves.
    await untilDone(currentDataKey);
    await openTills();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await doubles.stop();
    rmSync(keyFolder, { recursive: true, force: true });
  });
}

/** Moves the clock; only `Date` is faked, so that waiting still takes its time. */
export function clock(at: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(at) });
}
