import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, functionsFolder, root } from '../../infra/constructs/bundle-options.ts';
import { functionNeeds, type Need, needsOf } from '../../infra/constructs/function-needs.ts';

/** A function's minified code, and that of the bare SDK bundled alike; an API function has a budget. */
export interface BundleSize {
  name: string;
  bytes: number;
  bareSdkBytes: number;
  atMost?: number;
}

const AT_MOST = 1.7;

function codeBytes(outputs: readonly { path: string; contents: Uint8Array }[], end: string): number {
  const found = outputs.find(({ path }) => path.endsWith(end));
  if (!found) throw new Error(`esbuild made no ${end}.`);
  return found.contents.byteLength;
}

const TABLE_CLIENT = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const table = new DynamoDBClient({});`;
const KMS_CLIENT = `import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';\nexport const kms = [new KMSClient({}), DecryptCommand, GenerateDataKeyCommand];`;
const ARCHIVE_CLIENT = `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';\nexport const archive = [S3Client, PutObjectCommand];`;
const SHOWING_CLIENT = `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';\nimport { getSignedUrl } from '@aws-sdk/s3-request-presigner';\nexport const s3 = [new S3Client({}), GetObjectCommand, getSignedUrl];`;
const KEEPING_CLIENT = `import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';\nimport { createPresignedPost } from '@aws-sdk/s3-presigned-post';\nexport const s3 = [new S3Client({}), DeleteObjectCommand, GetObjectCommand, PutObjectCommand, createPresignedPost];`;
const ERASING_CLIENT = `import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';\nexport const s3 = [new S3Client({}), DeleteObjectCommand];`;
const SMS_CLIENT = `import { sms } from 'tencentcloud-sdk-nodejs-sms';\nexport const Sms = sms.v20210111.Client;`;

/** What a function cannot do without: the table's client (the archive has S3's instead), and where it seals, has pictures or sends codes those of KMS, S3 and the provider. */
async function bareSdkBytes(clients: string): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: clients, resolveDir: root },
    outdir: 'bare',
    ...bundleOptions,
    write: false,
  });
  return codeBytes(outputFiles, '.mjs');
}

/** Every function's bundle, as the template makes it. */
export async function bundleSizes(): Promise<BundleSize[]> {
  const entries = Object.keys(functionNeeds).filter((entry) => existsSync(join(functionsFolder, `${entry}.ts`)));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` })),
    outdir: 'bench',
    ...bundleOptions,
    write: false,
  });
  const bare = new Map<string, number>();
  const bareOf = async ({ archives, seals, secrets, pictures }: Need) => {
    const clients = [
      archives ? ARCHIVE_CLIENT : TABLE_CLIENT,
      ...(seals ? [KMS_CLIENT] : []),
      ...(pictures
        ? [
            {
              show: SHOWING_CLIENT,
              keep: KEEPING_CLIENT,
              erase: ERASING_CLIENT,
              export: KEEPING_CLIENT,
              move: KEEPING_CLIENT,
            }[pictures],
          ]
        : []),
      ...(secrets?.includes('sms') ? [SMS_CLIENT] : []),
    ];
    const name = clients.join('\n');
    const bytes = bare.get(name) ?? (await bareSdkBytes(name));
    bare.set(name, bytes);
    return bytes;
  };
  const sizes: BundleSize[] = [];
  for (const name of entries) {
    sizes.push({
      name,
      ...(name.endsWith('/api') && { atMost: AT_MOST }),
      bytes: codeBytes(outputFiles, `bench/${name}/index.mjs`),
      bareSdkBytes: await bareOf(needsOf(name)),
    });
  }
  return sizes;
}
