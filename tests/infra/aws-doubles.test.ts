import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAsDouble, type Doubles } from '../../infra/local/doubles.ts';
import { LOCAL_SECRET } from '../../infra/local/functions.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import { openKms } from '../../infra/local/kms.ts';
import { openParameters } from '../../infra/local/parameters.ts';
import { readResources } from '../../infra/local/resources.ts';
import { openS3 } from '../../infra/local/s3.ts';

const folder = mkdtempSync(join(tmpdir(), 'points-mall-doubles-'));
const resources = readResources([
  {
    name: 'Data',
    template: {
      Resources: {
        Avatars12345678: { Type: 'AWS::S3::Bucket', Properties: { PublicAccessBlockConfiguration: {} } },
        Locked12345678: {
          Type: 'AWS::S3::Bucket',
          Properties: {
            ObjectLockEnabled: true,
            ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
            VersioningConfiguration: { Status: 'Enabled' },
            LifecycleConfiguration: { Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: {} }] },
          },
        },
        FieldKey12345678: { Type: 'AWS::KMS::Key', Properties: {} },
        OtherKey12345678: { Type: 'AWS::KMS::Key', Properties: {} },
        Alias12345678: {
          Type: 'AWS::KMS::Alias',
          Properties: { AliasName: 'alias/fields', TargetKeyId: { 'Fn::GetAtt': ['FieldKey12345678', 'Arn'] } },
        },
        Limit12345678: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/mall/limit', Type: 'String', Value: '7' } },
      },
    },
  },
]);

let clock = Date.now();
let server: HttpServer;
let endpoint: string;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

/** The doubles as after a start: what they know lies in the folder. */
const open = () => ({
  kms: openKms(resources, folder),
  parameters: openParameters(resources, folder),
  s3: openS3({ resources, folder, secret: LOCAL_SECRET, now: () => clock }),
});

beforeAll(async () => {
  const doubles = { bus: {}, secrets: {}, sms: {}, ...open() } as unknown as Doubles;
  const answer = async (request: Parameters<typeof answerAsDouble>[0]) => answerAsDouble(request, doubles);
  server = await serve({ port: 0, maxBodyBytes: 10_000_000, complain: (line) => console.error(line), answer });
  endpoint = server.url;
  options = { endpoint, region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: LOCAL_SECRET } };
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const nameOf = (thrown: unknown): string => (thrown as Error).name;

describe('KMS', () => {
  const EncryptionContext = { member: 'mem_1', field: 'phone' };

  it('wraps a data key that opens under its own context alone, whatever the order', async () => {
    const kms = new KMSClient(options);
    const made = await kms.send(
      new GenerateDataKeyCommand({ KeyId: 'alias/fields', KeySpec: 'AES_256', EncryptionContext }),
    );
    expect(made.Plaintext).toHaveLength(32);
    const open = (CiphertextBlob: Uint8Array | undefined, context?: Record<string, string>) =>
      kms.send(new DecryptCommand({ CiphertextBlob, ...(context && { EncryptionContext: context }) }));
    const opened = await open(made.CiphertextBlob, { field: 'phone', member: 'mem_1' });
    expect(opened.Plaintext).toEqual(made.Plaintext);
    expect(opened.KeyId).toBe('arn:aws:kms:local:000000000000:key/FieldKey');
    const changed = Uint8Array.from(made.CiphertextBlob ?? [], (byte, i) => (i === 80 ? byte ^ 1 : byte));
    for (const failing of [
      open(made.CiphertextBlob, { ...EncryptionContext, member: 'mem_2' }),
      open(made.CiphertextBlob),
      open(changed, EncryptionContext),
    ])
      expect(await failing.catch(nameOf)).toBe('InvalidCiphertextException');
  });

  it('encrypts under the key that is named, and no other opens it; keys outlive a start', async () => {
    const kms = new KMSClient(options);
    const Plaintext = Buffer.from('秘密');
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'FieldKey', Plaintext }));
    const wrong = kms.send(new DecryptCommand({ CiphertextBlob, KeyId: 'OtherKey' }));
    expect(await wrong.catch(nameOf)).toBe('IncorrectKeyException');
    const again = open().kms('Decrypt', { CiphertextBlob: Buffer.from(CiphertextBlob ?? []).toString('base64') });
    expect(again?.body).toMatchObject({ Plaintext: Plaintext.toString('base64') });
    expect(readFileSync(join(folder, 'kms.json'), 'utf8')).toContain('FieldKey');
    const unknown = kms.send(new EncryptCommand({ KeyId: 'nobody', Plaintext }));
    expect(await unknown.catch(nameOf)).toBe('NotFoundException');
  });

  it('has no key of another kind', () => {
    const key = { type: 'AWS::KMS::Key', name: 'Sign', arn: '', ref: '', properties: { KeySpec: 'ECC_NIST_P256' } };
    expect(() => openKms([key], folder)).toThrow('The key Sign is no symmetric key');
  });
});

describe('Systems Manager', () => {
  it('knows the template’s parameters and what was put, one by one, several, and by path in pages', async () => {
    const ssm = new SSMClient(options);
    const first = await ssm.send(new GetParameterCommand({ Name: '/mall/limit' }));
    expect(first.Parameter).toMatchObject({ Value: '7', Type: 'String', Version: 1 });
    await ssm.send(new PutParameterCommand({ Name: '/mall/limit', Value: '8', Overwrite: true }));
    await ssm.send(new PutParameterCommand({ Name: '/mall/deep/a', Value: 'x,y', Type: 'StringList' }));
    await ssm.send(new PutParameterCommand({ Name: '/other', Value: 'z', Type: 'String' }));
    const several = await ssm.send(new GetParametersCommand({ Names: ['/mall/limit', '/none'] }));
    expect([several.Parameters?.[0]?.Value, several.Parameters?.[0]?.Version, several.InvalidParameters]).toEqual([
      '8',
      2,
      ['/none'],
    ]);
    const page = await ssm.send(new GetParametersByPathCommand({ Path: '/mall', Recursive: true, MaxResults: 1 }));
    const next = await ssm.send(
      new GetParametersByPathCommand({ Path: '/mall', Recursive: true, NextToken: page.NextToken }),
    );
    expect([...(page.Parameters ?? []), ...(next.Parameters ?? [])].map(({ Name }) => Name)).toEqual([
      '/mall/deep/a',
      '/mall/limit',
    ]);
    const flat = await ssm.send(new GetParametersByPathCommand({ Path: '/mall' }));
    expect(flat.Parameters?.map(({ Name }) => Name)).toEqual(['/mall/limit']);
    expect(open().parameters('GetParameter', { Name: '/mall/limit' })?.body).toMatchObject({
      Parameter: { Value: '8' },
    });
  });

  it.each([
    [new GetParameterCommand({ Name: '/none' }), 'ParameterNotFound'],
    [new PutParameterCommand({ Name: '/mall/limit', Value: '9' }), 'ParameterAlreadyExists'],
    [new PutParameterCommand({ Name: '/s', Value: '9', Type: 'SecureString' }), 'ValidationException'],
  ])('refuses %#', async (command, name) => {
    expect(await new SSMClient(options).send(command as GetParameterCommand).catch(nameOf)).toBe(name);
  });
});

describe('S3', () => {
  const Bucket = 'avatars';
  const put = (Key: string, Body = 'picture') =>
    new S3Client(options).send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/png', Metadata: { by: 'mem_1' } }),
    );

  it('keeps an object with its type and metadata, over a start, until it is deleted', async () => {
    const s3 = new S3Client(options);
    const Key = 'a/图 片.png';
    const { ETag } = await put(Key);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 7, ContentType: 'image/png', Metadata: { by: 'mem_1' }, ETag });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('picture');
    expect(readdirSync(join(folder, 's3', Bucket)).length).toBeGreaterThan(1);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key })).catch(nameOf)).toBe('NotFound');
    expect(await s3.send(new GetObjectCommand({ Bucket, Key })).catch(nameOf)).toBe('NoSuchKey');
  });

  it('says by name what it does not do, and of what it does not have', async () => {
    const s3 = new S3Client(options);
    expect(await s3.send(new GetObjectCommand({ Bucket: 'nobody', Key: 'a' })).catch(nameOf)).toBe('NoSuchBucket');
    await put('a');
    const copy = new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
    expect(await s3.send(copy).catch(nameOf)).toBe('NotImplemented');
    const opened = (properties: object) => () => {
      const bucket = { type: 'AWS::S3::Bucket', name: 'B', arn: '', ref: 'b', properties: { ...properties } };
      return openS3({ resources: [bucket], folder, secret: '', now: () => 0 });
    };
    expect(opened({ VersioningConfiguration: {} })).toThrow('The bucket B has VersioningConfiguration');
    expect(opened({ WebsiteConfiguration: {} })).toThrow('The bucket B has WebsiteConfiguration');
    expect(opened({ LifecycleConfiguration: { Rules: [{ Transitions: [] }] } })).toThrow('has Transitions');
    const LifecycleConfiguration = { Rules: [{ ExpirationInDays: 1 }] };
    expect(opened({ ObjectLockEnabled: true, LifecycleConfiguration })).toThrow(
      'has ExpirationInDays of a locked object',
    );
  });

  it('lists what is there in the order of the keys, by prefix and in pages', async () => {
    const s3 = new S3Client(options);
    for (const Key of ['list/b', 'list/a&<"', 'list/é', 'list/Z', 'other']) await put(Key);
    const page = async (more: object) =>
      s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 3, ...more }));
    const first = await page({});
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/Z', 'list/a&<"', 'list/b']);
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3 });
    expect(first.Contents?.[0]).toMatchObject({ Size: 7, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string });
    const second = await page({ ContinuationToken: first.NextContinuationToken });
    expect([second.Contents?.map(({ Key }) => Key), second.IsTruncated]).toEqual([['list/é'], false]);
    expect((await page({ StartAfter: 'list/b' })).Contents?.map(({ Key }) => Key)).toEqual(['list/é']);
    expect((await page({ Prefix: 'none' })).Contents).toBeUndefined();
    expect(await page({ Delimiter: '/' }).catch(nameOf)).toBe('NotImplemented');
  });

  it('takes an object only where there is none, if it is told so', async () => {
    const s3 = new S3Client(options);
    const once = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
    await once('first');
    expect(await once('second').catch(nameOf)).toBe('PreconditionFailed');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'once' }));
    expect(await got.Body?.transformToString()).toBe('first');
    const other = new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfMatch: '"x"' });
    expect(await s3.send(other).catch(nameOf)).toBe('NotImplemented');
  });

  it('takes no bytes that differ from their checksum', async () => {
    const wrong = { Bucket, Key: 'wrong', Body: 'x', ChecksumSHA256: Buffer.alloc(32).toString('base64') };
    expect(await new S3Client(options).send(new PutObjectCommand(wrong)).catch(nameOf)).toBe('BadDigest');
  });

  it('keeps what is in a locked bucket, and takes nothing there without a checksum', async () => {
    const s3 = new S3Client(options);
    const at = { Bucket: 'locked', Key: 'kept' };
    await s3.send(new PutObjectCommand({ ...at, Body: 'kept', ChecksumAlgorithm: 'SHA256' }));
    expect(await s3.send(new PutObjectCommand({ ...at, Body: 'changed' })).catch(nameOf)).toBe('NotImplemented');
    expect(await s3.send(new DeleteObjectCommand(at)).catch(nameOf)).toBe('NotImplemented');
    const got = await s3.send(new GetObjectCommand(at));
    expect(await got.Body?.transformToString()).toBe('kept');
    const bare = new S3Client({ ...options, requestChecksumCalculation: 'WHEN_REQUIRED' });
    const unsummed = bare.send(new PutObjectCommand({ ...at, Key: 'bare', Body: 'x' }));
    expect(await unsummed.catch(nameOf)).toBe('InvalidRequest');
    const form = new FormData();
    form.set('key', 'form');
    form.set('file', new Blob(['x']), 'x');
    expect((await fetch(`${endpoint}/locked`, { method: 'POST', body: form })).status).toBe(501);
  });

  it('forgets what lies behind the prefix of a rule after its days', async () => {
    const Rules = [{ Status: 'Enabled', Prefix: 'incoming/', ExpirationInDays: 1 }];
    const bucket = { type: 'AWS::S3::Bucket', name: 'Avatars', arn: '', ref: Bucket, properties: {} };
    const ruled = (rules: object[]) =>
      openS3({
        resources: [{ ...bucket, properties: { LifecycleConfiguration: { Rules: rules } } }],
        folder,
        secret: LOCAL_SECRET,
        now: () => clock,
      });
    await Promise.all(['incoming/a', 'kept/a'].map((Key) => put(Key)));
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=local/20261123/local/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    };
    const status = (key: string) =>
      ruled(Rules)({ method: 'GET', path: `/${Bucket}/${key}`, query: '', headers, body: Buffer.alloc(0) } as never)
        ?.statusCode;
    clock += 86_300_000;
    expect(['incoming/a', 'kept/a'].map(status)).toEqual([200, 200]);
    clock += 200_000;
    expect(['incoming/a', 'kept/a'].map(status)).toEqual([404, 200]);
    clock = Date.now();
  });

  it('takes no request without a signature, for an object or for another service', async () => {
    expect((await fetch(`${endpoint}/${Bucket}/a`)).status).toBe(403);
    const headers = { 'x-amz-target': 'TrentService.Encrypt' };
    expect((await fetch(endpoint, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });

  it('lets a presigned URL put and get until it expires', async () => {
    const s3 = new S3Client(options);
    const sign = (command: PutObjectCommand | GetObjectCommand) => getSignedUrl(s3, command, { expiresIn: 60 });
    const putUrl = await sign(new PutObjectCommand({ Bucket, Key: 'signed' }));
    expect((await fetch(putUrl, { method: 'PUT', body: 'by url' })).status).toBe(200);
    const getUrl = await sign(new GetObjectCommand({ Bucket, Key: 'signed' }));
    expect(await (await fetch(getUrl)).text()).toBe('by url');
    clock += 62_000;
    const late = await fetch(getUrl);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
    clock = Date.now();
  });

  /** A form as the product would hand it to a browser, and what came of sending it. */
  async function posted(change: (form: FormData) => void = () => {}, size = 10) {
    const { url, fields } = await createPresignedPost(new S3Client(options), {
      Bucket,
      Key: 'avatars/mem_1/${filename}',
      Conditions: [
        ['content-length-range', 5, 20],
        ['starts-with', '$Content-Type', 'image/'],
      ],
      Fields: { 'Content-Type': 'image/png' },
      Expires: 60,
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    change(form);
    form.set('file', new Blob(['x'.repeat(size)]), 'me.png');
    const answer = await fetch(url, { method: 'POST', body: form });
    return `${answer.status} ${/<Code>(\w+)/.exec(await answer.text())?.[1] ?? ''}`.trim();
  }

  it('takes a browser’s form that keeps to its policy', async () => {
    expect(await posted()).toBe('204');
    const got = await new S3Client(options).send(new GetObjectCommand({ Bucket, Key: 'avatars/mem_1/me.png' }));
    expect([got.ContentType, got.ContentLength]).toEqual(['image/png', 10]);
  });

  it.each<[string, string, ((form: FormData) => void)?, number?]>([
    ['400 EntityTooLarge', 'a file above the range', undefined, 21],
    ['400 EntityTooSmall', 'a file below it', undefined, 4],
    ['403 AccessDenied', 'another kind of file', (form) => form.set('Content-Type', 'text/html')],
    ['403 AccessDenied', 'another key', (form) => form.set('key', 'avatars/mem_2/${filename}')],
    ['403 AccessDenied', 'a field that the policy does not name', (form) => form.set('acl', 'public-read')],
    [
      '403 SignatureDoesNotMatch',
      'a policy that was changed',
      (form) =>
        form.set('Policy', Buffer.from('{"expiration":"2100-01-01T00:00:00Z","conditions":[]}').toString('base64')),
    ],
    ['403 AccessDenied', 'no policy', (form) => form.delete('Policy')],
  ])('answers %s to %s', async (told, _, change, size) => {
    expect(await posted(change, size)).toBe(told);
  });

  it('takes no form after its policy has expired', async () => {
    clock += 62_000;
    expect(await posted()).toBe('403 AccessDenied');
    clock = Date.now();
  });
});
