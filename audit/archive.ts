import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { objectsIn } from '../infra/local/s3-objects.ts';
import { type Attribute, type Item, itemOf } from './item.ts';
import { CannotTell } from './options.ts';
import { textOf } from './seal.ts';

/** Where the archive is: a bucket, or the objects of one in a data folder of this machine. */
export interface ArchivePlace {
  bucket: string;
  folder?: string;
}

/** What the archive says: of what was appended, a digest of each item; and what was changed or taken away later. */
export interface Archived {
  digests: Map<string, string>;
  /** Of each chain, the last sort key that was archived. */
  heads: Map<string, string>;
  /** The newest instant of which something was archived. */
  newest: number;
  broken: { key: string; detail: string }[];
}

interface Line {
  Item?: Record<string, Attribute>;
  Keys?: Record<string, Attribute>;
  OldImage?: Record<string, Attribute>;
  NewImage?: Record<string, Attribute>;
}

/** Objects that are asked for at the same time. */
const AT_ONCE = 8;

/** In which partitions nothing may change once it is written. */
const FOR_EVER = /^(LEDGER|AUDIT)#/;

/** Whether the item is one that must be in the archive. */
export const isAppended = ({ pk }: Pick<Item, 'pk'>): boolean => FOR_EVER.test(pk);

/** When the item was written, by what it says. */
export function writtenAt({ type, all }: Item): number {
  const at = type === 'entry' ? all.c : all.at;
  return typeof at === 'number' ? at : 0;
}

/** By what two items are told apart. */
export function digestOfItem({ all }: Item): string {
  return createHash('sha256').update(textOf(all)).digest('base64');
}

/** A value as an export writes it: as DynamoDB gives it, with binaries in base64. */
function decode(value: Attribute): Attribute {
  if (value.B !== undefined) return { B: Buffer.from(String(value.B), 'base64') };
  if (value.M !== undefined) return { M: decodeAll(value.M) };
  if (value.L !== undefined) return { L: value.L.map(decode) };
  return value;
}

function decodeAll(fields: Record<string, Attribute>): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, decode(value)]));
}

function noteItem(archived: Archived, item: Item): void {
  const digest = digestOfItem(item);
  const before = archived.digests.get(item.key);
  if (before !== undefined && before !== digest)
    archived.broken.push({ key: item.key, detail: 'was archived twice, and not the same' });
  if (before === undefined) archived.digests.set(item.key, digest);
  if (item.sk > (archived.heads.get(item.pk) ?? '')) archived.heads.set(item.pk, item.sk);
  archived.newest = Math.max(archived.newest, writtenAt(item));
}

/** A line of a full export has an item; one of the changes has images, of which the old one says that it is a change. */
function note(archived: Archived, { Item, Keys = {}, OldImage, NewImage }: Line): void {
  const whole = Item ?? (OldImage ? undefined : NewImage);
  const item = itemOf(decodeAll(whole ?? Keys));
  if (!isAppended(item)) return;
  if (whole) noteItem(archived, item);
  else
    archived.broken.push({
      key: item.key,
      detail: `was ${NewImage ? 'changed' : 'deleted'} after it was written, says the archive`,
    });
}

function readObject(archived: Archived, key: string, body: Uint8Array): void {
  try {
    for (const line of gunzipSync(body).toString('utf8').split('\n'))
      if (line !== '') note(archived, JSON.parse(line) as Line);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CannotTell(`The object ${key} of the archive is no gzip of JSON lines (${why}): look at its versions.`);
  }
}

/** Exports have manifests beside their data. */
const isData = (key: string): boolean => key.endsWith('.json.gz');

function readFolder(archived: Archived, folder: string, bucket: string): void {
  const objects = objectsIn(folder);
  for (const { key } of objects.list(bucket)) {
    const found = isData(key) && objects.find(bucket, key);
    if (found) readObject(archived, key, found.body);
  }
}

async function readBucket(archived: Archived, Bucket: string): Promise<void> {
  const client = new S3Client({ maxAttempts: 5 });
  const read = async (Key: string): Promise<void> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    readObject(archived, Key, (await Body?.transformToByteArray()) ?? new Uint8Array());
  };
  try {
    let from: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: from }));
      const left = (page.Contents ?? []).flatMap(({ Key = '' }) => (isData(Key) ? [Key] : [])).values();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (const key of left) await read(key);
        }),
      );
      from = page.NextContinuationToken;
    } while (from);
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown instanceof CannotTell) throw thrown;
    const why = `${thrown.name}: ${thrown.message}`;
    throw new CannotTell(`The archive ${Bucket} cannot be read (${why}): check --archive, region and credentials.`);
  } finally {
    client.destroy();
  }
}

/** Everything that the archive has of the ledger and of the record of what staff did; a bucket that has nothing is the wrong one. */
export async function readArchive({ bucket, folder }: ArchivePlace): Promise<Archived> {
  const archived: Archived = { digests: new Map(), heads: new Map(), newest: 0, broken: [] };
  if (folder !== undefined) readFolder(archived, folder, bucket);
  else {
    await readBucket(archived, bucket);
    if (archived.digests.size === 0)
      throw new CannotTell(`The bucket ${bucket} has nothing of a ledger: name that of the archive with --archive.`);
  }
  return archived;
}
