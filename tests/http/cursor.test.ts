import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { openMall } from '../support/mall.ts';

openMall();

const LIST = 'entries:mem_1:POINTS';
const refused = expect.objectContaining({ code: 'request.cursor_invalid' });

describe('a cursor', () => {
  it.each([[[1, 0]], [['2026-11-23T04:00:00.000Z#prd_1']], [[]], [['货架 "\\']]])('brings back %j', async (place) => {
    expect(await readCursor(LIST, await writeCursor(LIST, place))).toEqual(place);
  });

  it('is of one list alone', async () => {
    const cursor = await writeCursor(LIST, [1, 0]);
    for (const other of ['entries:mem_2:POINTS', 'entries:mem_1:COINS', 'shelf', '', `${LIST}\n`]) {
      await expect(readCursor(other, cursor), other).rejects.toEqual(refused);
    }
  });

  it('does not let text move from the list into the place', async () => {
    const cursor = await writeCursor('a', [1]);
    const [body = '', mark = ''] = cursor.split('.');
    await expect(readCursor(`a\n${body}`, `.${mark}`)).rejects.toEqual(refused);
  });

  it('is refused when any letter of its place was changed', async () => {
    const cursor = await writeCursor(LIST, [7, 1]);
    const end = cursor.indexOf('.');
    for (let i = 0; i < end; i += 1) {
      const edited = `${cursor.slice(0, i)}${cursor[i] === 'A' ? 'B' : 'A'}${cursor.slice(i + 1)}`;
      await expect(readCursor(LIST, edited), edited).rejects.toEqual(refused);
    }
  });

  it.each(['.x', '!', '=', '.', ' '])('is refused with %j behind it', async (more) => {
    await expect(readCursor(LIST, (await writeCursor(LIST, [7, 1])) + more)).rejects.toEqual(refused);
  });

  it('is refused wherever it was cut off', async () => {
    const cursor = await writeCursor(LIST, [7, 1]);
    for (let length = 0; length < cursor.length; length += 1) {
      await expect(readCursor(LIST, cursor.slice(0, length)), String(length)).rejects.toEqual(refused);
    }
  });

  it.each([
    '',
    '.',
    '..',
    'a',
    'a.b',
    'W10.',
    '.AAAA',
    '%00',
    '\u0000.\u0000',
    '😀.😀',
    '\ud800.\ud800',
    '__proto__.constructor',
    'null.null',
    `${Buffer.from('[9]').toString('base64url')}.${'A'.repeat(43)}`,
    `${Buffer.from('{').toString('base64')}.=`,
    'x'.repeat(10_000),
    '../../etc/passwd',
    "' OR 1=1 --",
  ])('is refused when it is %j', async (garbage) => {
    await expect(readCursor(LIST, garbage)).rejects.toEqual(refused);
  });
});
