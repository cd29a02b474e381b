import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { setting } from '../platform/settings.ts';

let made: S3Client | undefined;

/** Made when it is first needed, so that a function which only shares a file with one that does has no S3 in its bundle. */
function client(): S3Client {
  made ??= new S3Client({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  return made;
}

const at = (Key: string) => ({ Bucket: setting('AVATAR_BUCKET'), Key });

/** What a form lets through. */
interface Bounds {
  contentType: string;
  maxBytes: number;
  seconds: number;
}

/** A form by which a browser posts one object of this type to this key, and nothing else. */
export function formFor(key: string, { contentType, maxBytes, seconds }: Bounds) {
  return createPresignedPost(client(), {
    ...at(key),
    Conditions: [['content-length-range', 1, maxBytes]],
    Fields: { 'Content-Type': contentType },
    Expires: seconds,
  });
}

/** A link by which anybody who has it can read the object for so long. */
export function linkTo(key: string, seconds: number): Promise<string> {
  return getSignedUrl(client(), new GetObjectCommand(at(key)), { expiresIn: seconds });
}

/** The bytes of an object and the type it was sent as; undefined where there is none. */
export async function readObject(key: string): Promise<{ bytes: Uint8Array; contentType: string } | undefined> {
  try {
    const { Body, ContentType = '' } = await client().send(new GetObjectCommand(at(key)));
    return Body && { bytes: await Body.transformToByteArray(), contentType: ContentType };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

export async function writeObject(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
  await client().send(new PutObjectCommand({ ...at(key), Body: bytes, ContentType: contentType }));
}

/** Writes an object unless there is one: what lies there stays. */
export async function writeNewObject(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
  const object = { ...at(key), Body: bytes, ContentType: contentType, IfNoneMatch: '*' };
  try {
    await client().send(new PutObjectCommand(object));
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.name === 'PreconditionFailed')) throw error;
  }
}

/** Takes an object away; to take it away again changes nothing. */
export async function deleteObject(key: string): Promise<void> {
  await client().send(new DeleteObjectCommand(at(key)));
}
