import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';
import type { Reply, Request } from './http-event.ts';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';
import { objectOf, readForm } from './s3-form.ts';
import { presignedUntil, signedService } from './sigv4.ts';

/** An object without its bytes. */
interface About {
  key: string;
  etag: string;
  size: number;
  at: number;
  headers: Record<string, string>;
}

/** Answers a request to S3; undefined where it is none. */
export type S3 = (request: Request) => Reply | undefined;

export interface S3Options {
  resources: readonly Resource[];
  folder: string;
  /** What a form's policy must be signed with. */
  secret: string;
  now: () => number;
}

/** What a bucket may say here: nothing else of it would run. */
const KNOWN = ['BucketEncryption', 'BucketName', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags'];

export function s3Failure(statusCode: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { statusCode, headers: { 'content-type': 'application/xml' }, cookies: [], body: Buffer.from(body) };
}

const plain = (statusCode: number, headers: Record<string, string> = {}, body: Buffer = Buffer.alloc(0)): Reply => ({
  statusCode,
  headers,
  cookies: [],
  body,
});

function readBuckets(resources: readonly Resource[]): Set<string> {
  const buckets = ofType(resources, 'AWS::S3::Bucket');
  for (const { name, properties } of buckets) {
    const unknown = Object.keys(properties).find((property) => !KNOWN.includes(property));
    if (unknown)
      throw new Refusal(`The bucket ${name} has ${unknown}, which does not run here: teach it in infra/local/s3.ts.`);
  }
  return new Set(buckets.map(({ ref }) => ref));
}

/** Objects in a folder for each bucket, under the digest of their key, with what is known of them beside it. */
function store(folder: string) {
  const file = (bucket: string, key: string) =>
    join(folder, 's3', bucket, createHash('sha256').update(key).digest('hex'));
  return {
    put(bucket: string, key: string, body: Buffer, about: Pick<About, 'at' | 'headers'>): About {
      const whole = { key, etag: `"${createHash('md5').update(body).digest('hex')}"`, size: body.length, ...about };
      mkdirSync(join(folder, 's3', bucket), { recursive: true });
      writeFileSync(file(bucket, key), body);
      writeWhole(`${file(bucket, key)}.json`, JSON.stringify(whole));
      return whole;
    },
    find(bucket: string, key: string): { about: About; body: Buffer } | undefined {
      const path = file(bucket, key);
      if (!existsSync(`${path}.json`)) return undefined;
      return { about: JSON.parse(readFileSync(`${path}.json`, 'utf8')) as About, body: readFileSync(path) };
    },
    remove(bucket: string, key: string): void {
      for (const path of [`${file(bucket, key)}.json`, file(bucket, key)]) rmSync(path, { force: true });
    },
  };
}

/** What a PUT keeps beside the bytes and a GET gives back. */
function keptHeaders(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) =>
    /^(content-type|content-disposition|cache-control|x-amz-meta-.+)$/.test(name),
  );
  return { 'content-type': 'application/octet-stream', ...Object.fromEntries(kept) };
}

/** What the request asks beyond an object as a whole. */
function unknownIn({ query, headers }: Request): string | undefined {
  const named = [...new URLSearchParams(query).keys()].find((name) => !/^x-(id|amz-.+)$/i.test(name));
  if (named) return `?${named}`;
  if (headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return 'A body in chunks';
  return ['x-amz-copy-source', 'range'].find((name) => name in headers);
}

/** The double of S3, path-style: objects put, got, looked at and deleted by header or presigned URL, and posted by form. */
export function openS3({ resources, folder, secret, now }: S3Options): S3 {
  const buckets = readBuckets(resources);
  const objects = store(folder);

  function answer(request: Request, bucket: string, key: string): Reply {
    const more = unknownIn(request);
    if (more) return s3Failure(501, 'NotImplemented', `${more} does not run here: teach it in infra/local/s3.ts.`);
    if (request.method === 'PUT') {
      const about = { at: now(), headers: keptHeaders(request.headers) };
      return plain(200, { etag: objects.put(bucket, key, request.body, about).etag });
    }
    if (request.method === 'DELETE') {
      objects.remove(bucket, key);
      return plain(204);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return s3Failure(501, 'NotImplemented', `${request.method} of an object does not run here.`);
    const found = objects.find(bucket, key);
    if (!found) return s3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
    const { etag, at, headers } = found.about;
    return plain(200, { ...headers, etag, 'last-modified': new Date(at).toUTCString() }, found.body);
  }

  function post(request: Request, bucket: string): Reply {
    const form = readForm(request);
    if (!form)
      return s3Failure(412, 'PreconditionFailed', 'Bucket POST must be of the enclosure-type multipart/form-data');
    const object = objectOf(form, { bucket, secret, now: now() });
    if ('refused' in object) return s3Failure(object.refused.status, object.refused.code, object.refused.message);
    const { etag } = objects.put(bucket, object.key, form.file, { at: now(), headers: keptHeaders(object.headers) });
    return plain(object.status, { etag, location: `/${bucket}/${encodeURIComponent(object.key)}` });
  }

  return (request) => {
    const [, bucket = '', ...rest] = request.path.split('/');
    const presigned = presignedUntil(request);
    const isForm = request.method === 'POST' && rest.join('') === '';
    if (signedService(request) !== 's3' && presigned?.service !== 's3' && !isForm)
      return buckets.has(bucket) ? s3Failure(403, 'AccessDenied', 'Access Denied') : undefined;
    if (!buckets.has(bucket)) return s3Failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (isForm) return post(request, bucket);
    if (presigned && !(now() <= presigned.until)) return s3Failure(403, 'AccessDenied', 'Request has expired');
    const key = decodeURIComponent(rest.join('/'));
    return key === '' ? s3Failure(501, 'NotImplemented', 'Only objects run here.') : answer(request, bucket, key);
  };
}
