import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { csvRequests } from '../../bin/tools/csv-requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'points-mall-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function requestsOf(content: string | Uint8Array) {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, content);
  const tooLong: number[] = [];
  const requests: { text: string; lines: number[]; bytes: number }[] = [];
  for await (const request of csvRequests(file, (line) => tooLong.push(line))) requests.push(request);
  return { requests, tooLong };
}

const rows = (count: number, end = '\n') =>
  ['phone,points', ...Array.from({ length: count }, (_, i) => `p${i},1`)].join(end);

describe('a file as requests', () => {
  it.each([
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [150, [50, 50, 50]],
    [20_000, Array.from({ length: 400 }, () => 50)],
  ])('of %i rows has at most 50 in each, all of them in order, under the header', async (count, sizes) => {
    const { requests } = await requestsOf(rows(count));
    expect(requests.map(({ lines }) => lines.length - 1)).toEqual(sizes);
    expect(requests.every(({ text }) => text.startsWith('phone,points\n'))).toBe(true);
    const all = requests.flatMap(({ text }) => text.split('\n').slice(1));
    expect(all).toEqual(rows(count).split('\n').slice(1));
    expect(requests.flatMap(({ lines }) => lines.slice(1))).toEqual(Array.from({ length: count }, (_, i) => i + 2));
  });

  it.each(['\n', '\r\n', '\r'])(
    'is the same with the line end %j, a byte-order mark, and an end of the last line',
    async (end) => {
      const plain = (await requestsOf(rows(120))).requests.map(({ text, lines }) => ({ text, lines }));
      const other = (await requestsOf(`\uFEFF${rows(120, end)}${end}`)).requests.map(({ text, lines }) => ({
        text,
        lines,
      }));
      expect(other).toEqual(plain);
    },
  );

  it('knows in which line of the file each row stands, with blank lines between', async () => {
    const { requests } = await requestsOf('\n\nphone,points\n\na,1\n  \n\nb,1\n');
    expect(requests).toEqual([expect.objectContaining({ text: 'phone,points\na,1\nb,1', lines: [3, 5, 8] })]);
  });

  it('fits every request into what the API takes, and leaves out a line that fits in none', async () => {
    const wide = Array.from({ length: 60 }, (_, i) => `p${i},${'9'.repeat(5_000)}`);
    const { requests, tooLong } = await requestsOf(
      ['phone,points', ...wide, 'x'.repeat(1_000_000), 'last,1'].join('\n'),
    );
    expect(requests.every(({ text }) => Buffer.byteLength(text) < 65_536)).toBe(true);
    expect(requests.flatMap(({ text }) => text.split('\n').slice(1))).toEqual([...wide, 'last,1']);
    expect(tooLong).toEqual([62]);
    expect(requests.at(-1)?.lines.at(-1)).toBe(63);
  });

  it('has none for an empty file or a header alone, and does not take what is no UTF-8', async () => {
    for (const content of ['', '\n\n', 'phone,points', 'phone,points\n']) {
      expect((await requestsOf(content)).requests).toEqual([]);
    }
    await expect(requestsOf(Buffer.from([0x70, 0x0a, 0xc4, 0xe3, 0x0a]))).rejects.toThrow('encoded data');
  });
});
