import { gunzipSync } from 'node:zlib';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../functions/archive/on-table-change.ts';
import { logger } from '../../shared/platform/logger.ts';
import type { Item } from '../../shared/table/client.ts';
import { openArchive } from '../support/archive.ts';
import { clock } from '../support/mall.ts';
import { recordOf } from '../support/table.ts';

const { objects } = openArchive();
const complaints = vi.spyOn(logger, 'error').mockImplementation(() => {});
let day = 0;
beforeEach(() => {
  complaints.mockClear();
  day += 1;
  clock(`2026-12-${String(day).padStart(2, '0')}T23:59:59.900Z`);
});
afterEach(() => vi.useRealTimers());

const item = (pk: string, seq: number, more: object = {}): Item => ({
  pk,
  sk: String(seq).padStart(10, '0'),
  type: 'entry',
  v: 1,
  ...more,
});
const entry = (seq: number, more: object = {}) => item('LEDGER#POINTS#mem_1', seq, { a: seq, ...more });
const act = (seq: number) => item('AUDIT#staff-1', seq, { type: 'audit' });
const archive = (...Records: DynamoDBRecord[]) => handler({ Records });
const done = { batchItemFailures: [] };

/** The objects of this test's day: name and lines. */
const today = () =>
  objects()
    .filter(({ key }) => key.startsWith(`appended/2026/12/${String(day).padStart(2, '0')}/`))
    .map(({ key, body }) => ({
      name: key.split('/').at(-1),
      body,
      lines: gunzipSync(body)
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    }));

describe('what is appended', () => {
  it('is archived, entries and records of staff alone, as DynamoDB exports it', async () => {
    const h = Uint8Array.from([1, 2, 255]);
    const records = [
      recordOf('100', item('MEMBER#mem_1', 1)),
      recordOf('101', entry(1, { h, x: { l: { '20261231': 5 } } })),
      recordOf('102', item('LAPSE#2026-12-31#00', 1)),
      recordOf('103', act(1)),
      recordOf('104', item('ORDER#ord_1', 1)),
    ];
    expect(await archive(...records)).toEqual(done);
    const [{ name, lines } = { name: '', lines: [] }, ...others] = today();
    expect([name, others]).toEqual(['101-103.json.gz', []]);
    const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '0000000001' } });
    expect(lines).toEqual([
      {
        Item: {
          ...key('LEDGER#POINTS#mem_1'),
          type: { S: 'entry' },
          v: { N: '1' },
          a: { N: '1' },
          h: { B: 'AQL/' },
          x: { M: { l: { M: { '20261231': { N: '5' } } } } },
        },
      },
      { Item: { ...key('AUDIT#staff-1'), type: { S: 'audit' }, v: { N: '1' } } },
    ]);
    expect(complaints).not.toHaveBeenCalled();
  });

  it('makes the same object when it comes again', async () => {
    const records = [recordOf('200', entry(2)), recordOf('201', entry(3))];
    await archive(...records);
    const [first] = today();
    expect(await archive(...records)).toEqual(done);
    expect(today()).toEqual([first]);
  });

  it('makes no object where there is none of it', async () => {
    expect(await archive(recordOf('300', item('MEMBER#mem_1', 1)))).toEqual(done);
    expect(await archive()).toEqual(done);
    expect(today()).toEqual([]);
  });
});

describe('what should stand for ever', () => {
  it('and is changed or deleted all the same is archived as that, and complained of', async () => {
    const gone = recordOf('402', entry(3));
    const { NewImage: OldImage, ...rest } = gone.dynamodb ?? {};
    const removed = { ...gone, eventName: 'REMOVE', dynamodb: { ...rest, OldImage } } as DynamoDBRecord;
    await archive(recordOf('400', entry(1)), recordOf('401', entry(2, { a: 9 }), entry(2)), removed);
    const image = (a: string) => expect.objectContaining({ a: { N: a } }) as unknown;
    expect(today()[0]?.lines).toEqual([
      { Item: image('1') },
      expect.objectContaining({ Keys: expect.anything() as unknown, OldImage: image('2'), NewImage: image('9') }),
      expect.objectContaining({ Keys: expect.anything() as unknown, OldImage: image('3') }),
    ]);
    expect(today()[0]?.lines[2]).not.toHaveProperty('NewImage');
    expect(complaints.mock.calls.map(([message, facts]) => [message, facts])).toEqual([
      ['what stands for ever was changed', expect.objectContaining({ eventName: 'MODIFY' })],
      ['what stands for ever was changed', expect.objectContaining({ key: 'LEDGER#POINTS#mem_1|0000000003' })],
    ]);
  });
});

describe('a batch', () => {
  const without = (record: DynamoDBRecord, name: 'Keys' | 'NewImage' | 'ApproximateCreationDateTime') =>
    ({ ...record, dynamodb: { ...record.dynamodb, [name]: undefined } }) as DynamoDBRecord;

  it.each(['Keys', 'NewImage', 'ApproximateCreationDateTime'] as const)(
    'with a change that has no %s is done up to there, and says so',
    async (name) => {
      const poison = without(recordOf('501', entry(2)), name);
      const answer = await archive(recordOf('500', entry(1)), poison, recordOf('502', entry(3)));
      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '501' }] });
      expect(today().map(({ name: file }) => file)).toEqual(['500-500.json.gz']);
      expect(complaints).toHaveBeenCalledWith('a change that cannot be archived', expect.anything());
    },
  );

  it('with a change that has no place in the stream fails whole', async () => {
    await expect(archive(recordOf('600', entry(1)), recordOf('', entry(2)))).rejects.toThrow('without a place');
    expect(today()).toEqual([]);
  });

  it('that the archive does not take fails, and nothing is said to be done', async () => {
    vi.stubEnv('ARCHIVE_BUCKET', 'nobody');
    await expect(archive(recordOf('700', entry(1)))).rejects.toThrow('does not exist');
    vi.stubEnv('ARCHIVE_BUCKET', 'archive');
  });
});
