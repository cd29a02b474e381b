import type { Reply, Request } from './http-event.ts';
import type { Resource } from './resources.ts';
import { type Bucket, bodyFault, isOver, readBuckets } from './s3-buckets.ts';
import { objectOf, readForm } from './s3-form.ts';
import { listed, unknownInList } from './s3-list.ts';
import { objectsIn } from './s3-objects.ts';
import { presignedUntil, signedService } from './sigv4.ts';

/** Answers a request to S3; undefined where it is none. */
export type S3 = (request: Request) => Reply | undefined;

export interface S3Options {
  resources: readonly Resource[];
  folder: string;
  /** What a form's policy must be signed with. */
  secret: string;
  now: () => number;
}

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

/** What a PUT keeps beside the bytes and a GET gives back. */
function keptHeaders(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) =>
    /^(content-type|content-disposition|cache-control|x-amz-meta-.+)$/.test(name),
  );
  return { 'content-type': 'application/octet-stream', ...Object.fromEntries(kept) };
}

/** What the request asks beyond an object as a whole. */
function unknownIn({ method, query, headers }: Request): string | undefined {
  const named = [...new URLSearchParams(query).keys()].find((name) => !/^x-(id|amz-.+)$/i.test(name));
  if (named) return `?${named}`;
  if (headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return 'A body in chunks';
  const mayBeNew = method === 'PUT' && headers['if-none-match'] === '*';
  const others = ['x-amz-copy-source', 'range', 'if-match', ...(mayBeNew ? [] : ['if-none-match'])];
  return others.find((name) => name in headers);
}

const notHere = (what: string): Reply =>
  s3Failure(501, 'NotImplemented', `${what} does not run here: teach it in infra/local/s3.ts.`);

/**
 * The double of S3, path-style: objects put, got, looked at, listed and deleted by header or presigned URL, and posted
 * by form. A locked bucket keeps the first version of each object; what would make another is not taught.
 */
export function openS3({ resources, folder, secret, now }: S3Options): S3 {
  const buckets = readBuckets(resources);
  const objects = objectsIn(folder);

  function put({ headers, body }: Request, { locked }: Bucket, [bucket, key]: [string, string]): Reply {
    const fault = bodyFault({ locked }, headers, body);
    if (fault) return s3Failure(400, fault.code, fault.message);
    const isThere = objects.has(bucket, key);
    if (isThere && headers['if-none-match'] === '*')
      return s3Failure(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    if (isThere && locked) return notHere('Another version of a locked object');
    return plain(200, { etag: objects.put(bucket, key, body, { at: now(), headers: keptHeaders(headers) }).etag });
  }

  function answer(request: Request, about: Bucket, [bucket, key]: [string, string]): Reply {
    const more = unknownIn(request);
    if (more) return notHere(more);
    if (request.method === 'PUT') return put(request, about, [bucket, key]);
    if (request.method === 'DELETE') {
      if (about.locked) return notHere('A delete marker of a locked bucket');
      objects.remove(bucket, key);
      return plain(204);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return notHere(`${request.method} of an object`);
    const found = objects.find(bucket, key);
    if (!found || isOver(about, found.about, now()))
      return s3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
    const { etag, at, headers } = found.about;
    return plain(200, { ...headers, etag, 'last-modified': new Date(at).toUTCString() }, found.body);
  }

  function list({ method, query }: Request, about: Bucket, bucket: string): Reply {
    const asked = new URLSearchParams(query);
    if (method !== 'GET') return notHere(`${method} of a bucket`);
    const more = unknownInList(asked);
    if (more) return notHere(more);
    const there = objects.list(bucket).filter((one) => !isOver(about, one, now()));
    const body = Buffer.from(listed(bucket, there, asked));
    return plain(200, { 'content-type': 'application/xml' }, body);
  }

  function post(request: Request, { locked }: Bucket, bucket: string): Reply {
    const form = readForm(request);
    if (!form)
      return s3Failure(412, 'PreconditionFailed', 'Bucket POST must be of the enclosure-type multipart/form-data');
    if (locked) return notHere('A form for a locked bucket');
    const object = objectOf(form, { bucket, secret, now: now() });
    if ('refused' in object) return s3Failure(object.refused.status, object.refused.code, object.refused.message);
    const { etag } = objects.put(bucket, object.key, form.file, { at: now(), headers: keptHeaders(object.headers) });
    return plain(object.status, { etag, location: `/${bucket}/${encodeURIComponent(object.key)}` });
  }

  function reply(request: Request): Reply | undefined {
    const [, bucket = '', ...rest] = request.path.split('/');
    const about = buckets.get(bucket);
    const presigned = presignedUntil(request);
    const isForm = request.method === 'POST' && rest.join('') === '';
    if (signedService(request) !== 's3' && presigned?.service !== 's3' && !isForm)
      return about ? s3Failure(403, 'AccessDenied', 'Access Denied') : undefined;
    if (!about) return s3Failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (isForm) return post(request, about, bucket);
    if (presigned && !(now() <= presigned.until)) return s3Failure(403, 'AccessDenied', 'Request has expired');
    const key = decodeURIComponent(rest.join('/'));
    return key === '' ? list(request, about, bucket) : answer(request, about, [bucket, key]);
  }

  // The SDK sets its clock by this: a link that it signs must not be old by the clock that stands here.
  return (request) => {
    const given = reply(request);
    return given && { ...given, headers: { ...given.headers, date: new Date(now()).toUTCString() } };
  };
}
