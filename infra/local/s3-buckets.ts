import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';

/** What a bucket does beside keeping objects. */
export interface Bucket {
  /** Has Object Lock: nothing that is there goes or is written over. */
  locked: boolean;
  /** Rules by which objects go by themselves. */
  lifetimes: readonly Lifetime[];
}

/** What lies behind the prefix is gone after so many days. */
interface Lifetime {
  Prefix?: string;
  ExpirationInDays?: number;
}

/** What a bucket may say here: nothing else of it would run. */
const KNOWN = [
  'BucketEncryption',
  'BucketName',
  'LifecycleConfiguration',
  'ObjectLockConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
];

/** What a rule of a lifecycle may say: there are no multipart uploads here that could be aborted. */
const KNOWN_RULES = ['AbortIncompleteMultipartUpload', 'ExpirationInDays', 'Id', 'Prefix', 'Status'];

function lifetimesOf(properties: Record<string, unknown>): readonly Lifetime[] {
  return ((properties['LifecycleConfiguration'] ?? {}) as { Rules?: Lifetime[] }).Rules ?? [];
}

function unknownIn(properties: Record<string, unknown>): string | undefined {
  const isLocked = properties['ObjectLockEnabled'] === true;
  const isKept = !isLocked && properties['VersioningConfiguration'] !== undefined;
  return (
    Object.keys(properties).find((property) => !KNOWN.includes(property)) ??
    lifetimesOf(properties)
      .flatMap((rule) => Object.keys(rule))
      .find((name) => !KNOWN_RULES.includes(name)) ??
    (isKept ? 'VersioningConfiguration without Object Lock' : undefined) ??
    (isLocked && lifetimesOf(properties).some((rule) => 'ExpirationInDays' in rule)
      ? 'ExpirationInDays of a locked object'
      : undefined)
  );
}

/** The template's buckets by name. */
export function readBuckets(resources: readonly Resource[]): Map<string, Bucket> {
  const buckets = ofType(resources, 'AWS::S3::Bucket');
  for (const { name, properties } of buckets) {
    const unknown = unknownIn(properties);
    if (unknown)
      throw new Refusal(
        `The bucket ${name} has ${unknown}, which does not run here: teach it in infra/local/s3-buckets.ts.`,
      );
  }
  return new Map(
    buckets.map(({ ref, properties }) => [
      ref,
      { locked: properties['ObjectLockEnabled'] === true, lifetimes: lifetimesOf(properties) },
    ]),
  );
}

/** Whether a rule has taken the object by now. */
export function isOver({ lifetimes }: Bucket, { key, at }: { key: string; at: number }, now: number): boolean {
  return lifetimes.some(
    ({ Prefix = '', ExpirationInDays: days }) =>
      days !== undefined && key.startsWith(Prefix) && now >= at + days * 86_400_000,
  );
}

const base64Digest = (name: string) => (body: Buffer) => createHash(name).update(body).digest('base64');
const base64Crc32 = (body: Buffer): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};

/** The checksums that are looked at here, by the header that brings them. */
const CHECKSUMS: Record<string, (body: Buffer) => string> = {
  'content-md5': base64Digest('md5'),
  'x-amz-checksum-crc32': base64Crc32,
  'x-amz-checksum-sha1': base64Digest('sha1'),
  'x-amz-checksum-sha256': base64Digest('sha256'),
};

/** Why S3 would not take these bytes into this bucket: they are others than were sent, or could be under Object Lock. */
export function bodyFault(
  { locked }: Pick<Bucket, 'locked'>,
  headers: Record<string, string>,
  body: Buffer,
): { code: string; message: string } | undefined {
  const given = Object.keys(CHECKSUMS).filter((name) => name in headers);
  const wrong = given.find((name) => CHECKSUMS[name]?.(body) !== headers[name]);
  if (wrong) return { code: 'BadDigest', message: `The ${wrong} you specified did not match what we received.` };
  if (!locked || given.length > 0) return undefined;
  const message = 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock';
  return { code: 'InvalidRequest', message };
}
