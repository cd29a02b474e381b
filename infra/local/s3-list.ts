import type { About } from './s3-objects.ts';

const MOST = 1_000;
const ASKED = ['list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'x-id'];

const escaped = (text: string): string => text.replaceAll(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);

const tag = (name: string, value: string | number | boolean): string => `<${name}>${escaped(String(value))}</${name}>`;

function contents({ key, at, etag, size }: About): string {
  const fields = { Key: key, LastModified: new Date(at).toISOString(), ETag: etag, Size: size };
  const tags = Object.entries({ ...fields, StorageClass: 'STANDARD' }).map(([name, value]) => tag(name, value));
  return `<Contents>${tags.join('')}</Contents>`;
}

/** What a list asks for that is not done here. */
export function unknownInList(query: URLSearchParams): string | undefined {
  if (query.get('list-type') !== '2') return 'A list that is not of version 2';
  return [...query.keys()].find((name) => !ASKED.includes(name));
}

/** ListObjectsV2: a page of the bucket's objects, which lie in the order of their keys. */
export function listed(bucket: string, objects: readonly About[], query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const most = Math.min(MOST, Number(query.get('max-keys') ?? MOST));
  const isBehind = (key: string) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
  const wanted = objects.filter(({ key }) => key.startsWith(prefix) && isBehind(key));
  const page = wanted.slice(0, most);
  const isTruncated = wanted.length > page.length;
  const next = isTruncated
    ? tag('NextContinuationToken', Buffer.from(page.at(-1)?.key ?? '').toString('base64url'))
    : '';
  const head = { Name: bucket, Prefix: prefix, KeyCount: page.length, MaxKeys: most, IsTruncated: isTruncated };
  const tags = Object.entries(head).map(([name, value]) => tag(name, value));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult>${tags.join('')}${next}${page.map(contents).join('')}</ListBucketResult>`;
}
