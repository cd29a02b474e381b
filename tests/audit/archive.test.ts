import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Archived, isAppended, readArchive } from '../../audit/archive.ts';
import { audit } from '../../audit/audit.ts';
import type { Violation } from '../../audit/findings.ts';
import { type Attribute, itemOf } from '../../audit/item.ts';
import { handler } from '../../functions/archive/on-table-change.ts';
import { seal } from '../../shared/platform/chain-seal.ts';
import { logger } from '../../shared/platform/logger.ts';
import { type Item, toAttributes } from '../../shared/table/client.ts';
import { ARCHIVE, openArchive } from '../support/archive.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { allItems, recordOf } from '../support/table.ts';
import { freeze } from './acts.ts';
import { judged, randomWorld } from './random-world.ts';

openMall();
const { folder } = openArchive();
const LATER_MS = 60 * 60_000;

type Fields = Item & Record<string, never>;

let items: Item[];
let archived: Archived;

const keyOf = ({ pk, sk }: Item) => `${pk}/${sk}`;
const named = (violations: readonly Violation[]) => violations.map(({ invariant, key }) => `${invariant} ${key}`);

/** What the auditor finds in these items with the archive. */
function found(all: readonly Item[], from = archived): Violation[] {
  const read = all.map((item) => itemOf(toAttributes(item) as Record<string, Attribute>));
  return audit(read, { at: Date.now(), zone: ZONE }, from).violations;
}

const chainOf = (pk: string) => items.filter((item) => item.pk === pk).toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
const head = (pk: string): Item => chainOf(pk).at(-1) as Item;
const without = (...gone: Item[]) => items.filter((item) => !gone.includes(item));

/** The items with this one changed, and its whole chain sealed anew, as somebody who knows how would do it. */
function resealed(changed: Item, name: 'h' | 'hash'): Item[] {
  let hash: Uint8Array | undefined;
  const chain = chainOf(changed.pk).map((item) => {
    const { [name]: _, ...rest } = (item.sk === changed.sk ? changed : item) as Fields;
    hash = seal(hash, rest);
    return { ...rest, [name]: hash };
  });
  return [...items.filter(({ pk }) => pk !== changed.pk), ...chain];
}

const lastFreeze = (): Item => items.find((item) => (item as Fields).k === 'FZ' && head(item.pk) === item) as Item;

/** The archive with this undone. */
function archiveWithout(...gone: Item[]): Archived {
  const digests = new Map(archived.digests);
  for (const item of gone) digests.delete(keyOf(item));
  return { ...archived, digests };
}

/** These items as they come by the stream. */
const streamOf = (all: readonly Item[], from = 10_000) => all.map((item, i) => recordOf(String(from + i), item));

/** What a bucket has once these records were archived there, so many at a time. */
async function archivedIn(bucket: string, records: readonly DynamoDBRecord[], size: number): Promise<Archived> {
  vi.stubEnv('ARCHIVE_BUCKET', bucket);
  for (let i = 0; i < records.length; i += size) await handler({ Records: records.slice(i, i + size) });
  return readArchive({ bucket, folder });
}

beforeAll(async () => {
  const { members } = await randomWorld(7, { steps: 30 });
  // The end of both chains: no document names it.
  await freeze(members[3] ?? '', 'freeze', { currency: 'POINTS' });
  items = await allItems();
  archived = await archivedIn(ARCHIVE, streamOf(items), 100);
}, 120_000);

describe('the archive', () => {
  it('is read from a bucket as from a folder, and has each entry and record once', async () => {
    expect(await readArchive({ bucket: ARCHIVE })).toEqual(archived);
    expect([...archived.digests.keys()].toSorted()).toEqual(items.filter(isAppended).map(keyOf).toSorted());
    expect(archived.digests.size).toBeGreaterThan(50);
  });

  it('of which nothing is broken gives no alarm, and is counted', () => {
    expect(found(items)).toEqual([]);
    const read = items.map((item) => itemOf(toAttributes(item) as Record<string, Attribute>));
    const { checked } = audit(read, { at: Date.now(), zone: ZONE }, archived);
    expect(checked).toBe(items.length + archived.digests.size);
  });

  it('may come again, in other pieces', async () => {
    const again = streamOf(items.filter(isAppended).slice(0, 20), 90_000);
    expect(await archivedIn('again', [...streamOf(items), ...again], 37)).toEqual(archived);
  });

  it('that is no archive, or cannot be read, is said so', async () => {
    await expect(readArchive({ bucket: 'empty' })).rejects.toThrow('has nothing of a ledger');
    await expect(readArchive({ bucket: 'nobody' })).rejects.toThrow(
      /^The archive nobody cannot be read \(NoSuchBucket/,
    );
    const Body = gzipSync('{"Item":').subarray(0, 20);
    await new S3Client().send(new PutObjectCommand({ Bucket: 'empty', Key: 'torn.json.gz', Body }));
    await expect(readArchive({ bucket: 'empty' })).rejects.toThrow('The object torn.json.gz of the archive is no gzip');
  });
});

describe('by the archive alone is found', () => {
  it('an entry that was changed, with every seal made good', () => {
    const entry = lastFreeze() as Fields;
    const changed = { ...entry, c: Number(entry.c) + 1, f: Number(entry.f) + 1, o: Number(entry.o) + 1 };
    const forged = resealed(changed, 'h');
    expect(judged(forged).violations).toEqual([]);
    expect(named(found(forged))).toContain(`INV-5 ${keyOf(entry)}`);
  });

  it('a record of staff that was changed, with every seal made good', () => {
    const record = items.find(({ type }) => type === 'audit') as Item;
    const forged = resealed({ ...record, why: 'another reason' }, 'hash');
    expect(judged(forged).violations).toEqual([]);
    expect(named(found(forged))).toContain(`INV-25 ${keyOf(record)}`);
  });

  it('what was taken off the end of its chain', () => {
    const entry = lastFreeze();
    const records = items.filter(({ type }) => type === 'audit');
    const record = records.toSorted((a, b) => Number(a['at']) - Number(b['at'])).at(-1) as Item;
    const rest = without(entry, record);
    expect(judged(rest).violations).toEqual([]);
    expect(named(found(rest)).toSorted()).toEqual([`INV-25 ${keyOf(record)}`, `INV-5 ${keyOf(entry)}`]);
  });

  it('what stands in the table and was never archived, once the archive has gone on', () => {
    const inside = items.find((item) => item.type === 'entry' && head(item.pk) !== item) as Item;
    expect(found(items, archiveWithout(inside)).map(({ key, detail }) => [key, detail])).toEqual([
      [keyOf(inside), 'is in the table, and the archive has only what came later'],
    ]);
    const newest = lastFreeze();
    const chain = chainOf(newest.pk);
    const heads = new Map(archived.heads);
    heads.delete(newest.pk);
    const at = Number((newest as Fields).c);
    const behind = { ...archiveWithout(...chain), heads, newest: at };
    const onItsWay = named(found(items, behind));
    expect(onItsWay).not.toContain(`INV-5 ${keyOf(newest)}`);
    const later = { ...behind, newest: at + LATER_MS };
    expect(named(found(items, later)).toSorted()).toEqual(chain.map((item) => `INV-5 ${keyOf(item)}`).toSorted());
  });
});

it('a change or a deletion that the archive saw is a break for ever, and so are two items of one key', async () => {
  const [one, two, three] = items.filter(({ type }) => type === 'entry') as [Item, Item, Item];
  vi.spyOn(logger, 'error').mockImplementation(() => {});
  const removal = recordOf('95002', two);
  const { NewImage: OldImage, ...rest } = removal.dynamodb ?? {};
  const records = [
    ...streamOf(items),
    recordOf('95001', { ...one, a: 1 }, one),
    { ...removal, eventName: 'REMOVE' as const, dynamodb: { ...rest, OldImage } },
    recordOf('95003', { ...three, a: 987_654 }),
  ];
  const seen = await archivedIn('broken', records, 1_000);
  expect(found(items, seen).map(({ key, detail }) => `${key} ${detail}`)).toEqual([
    `${keyOf(one)} was changed after it was written, says the archive`,
    `${keyOf(two)} was deleted after it was written, says the archive`,
    `${keyOf(three)} was archived twice, and not the same`,
  ]);
});
