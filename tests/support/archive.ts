import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { LOCAL_SECRET } from '../../infra/local/functions.ts';
import { ownReply } from '../../infra/local/http-event.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import type { Resource } from '../../infra/local/resources.ts';
import { openS3 } from '../../infra/local/s3.ts';
import { objectsIn } from '../../infra/local/s3-objects.ts';

/** The bucket of the archive, as the template has it and as it is called on this machine. */
export const ARCHIVE = 'archive';
const OTHERS = ['again', 'broken', 'empty', 'avatars'];

const bucket = (ref: string): Resource => ({
  type: 'AWS::S3::Bucket',
  name: ref,
  arn: '',
  ref,
  properties: ref === 'avatars' ? {} : { ObjectLockEnabled: true, VersioningConfiguration: { Status: 'Enabled' } },
});

/** An archive of this test file's own, in a folder, to which the product writes; there are other buckets beside it. */
export function openArchive(): { folder: string; objects: () => { key: string; body: Buffer }[] } {
  const folder = mkdtempSync(join(tmpdir(), 'points-mall-archive-'));
  let server: HttpServer;
  beforeAll(async () => {
    const resources = [ARCHIVE, ...OTHERS].map(bucket);
    const s3 = openS3({ resources, folder, secret: LOCAL_SECRET, now: () => Date.now() });
    server = await serve({
      port: 0,
      maxBodyBytes: 10_000_000,
      complain: (line) => console.error(line),
      answer: async (request) => s3(request) ?? ownReply(400, 'Not S3'),
    });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
    vi.stubEnv('ARCHIVE_BUCKET', ARCHIVE);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const all = objectsIn(folder);
  const objects = () =>
    all.list(ARCHIVE).map(({ key }) => ({ key, body: all.find(ARCHIVE, key)?.body ?? Buffer.alloc(0) }));
  return { folder, objects };
}
