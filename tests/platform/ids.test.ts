import { describe, expect, it } from 'vitest';
import { digest } from '../../shared/platform/digest.ts';
import { base32, idUnderKey, lookup, newId } from '../../shared/platform/ids.ts';
import { maskName, maskPhone } from '../../shared/platform/masking.ts';
import { clock, openMall } from '../support/mall.ts';

openMall();

const FORM = /^ord_[0-9A-HJKMNP-TV-Z]{26}$/;

describe('an id under a key', () => {
  it('is its prefix and 26 letters, and the same each time', async () => {
    const id = await idUnderKey('ord', 'member:mem_1', 'POST /v1/orders', 'k');
    expect(id).toMatch(FORM);
    expect(await idUnderKey('ord', 'member:mem_1', 'POST /v1/orders', 'k')).toBe(id);
  });

  it('is another for another caller, route or key, wherever one ends and the next begins', async () => {
    const parts = [
      ['a', 'b', 'c'],
      ['a', 'b', 'd'],
      ['a', 'd', 'c'],
      ['d', 'b', 'c'],
      ['ab', '', 'c'],
      ['a', 'bc', ''],
      ['', 'ab', 'c'],
      ['a","b', 'c', ''],
      ['a', 'b","c', ''],
      ['A', 'b', 'c'],
    ] as const;
    const ids = await Promise.all(parts.map(([caller, route, key]) => idUnderKey('ord', caller, route, key)));
    expect(new Set(ids).size).toBe(parts.length);
  });

  it.each([
    [new Uint8Array(17), '0'.repeat(26)],
    [new Uint8Array(32).fill(255), 'Z'.repeat(26)],
    [new Uint8Array(17).fill(1, 16), '0'.repeat(26)],
    [new Uint8Array(17).fill(64, 16), `${'0'.repeat(25)}1`],
    [Uint8Array.from({ length: 17 }, (_, i) => (i === 0 ? 8 : 0)), `1${'0'.repeat(25)}`],
  ])('writes the first 130 bits, five a letter', (bytes, text) => {
    expect(base32(bytes)).toBe(text);
  });
});

describe('a new id', () => {
  it('sorts by when it was made, and never repeats', () => {
    clock('2026-11-23T04:00:00.000Z');
    const first = newId('ord');
    clock('2026-11-23T04:00:00.001Z');
    const second = newId('ord');
    expect([first, second]).toEqual([expect.stringMatching(FORM), expect.stringMatching(FORM)]);
    expect(first < second).toBe(true);
    expect(new Set(Array.from({ length: 1_000 }, () => newId('mem'))).size).toBe(1_000);
  });
});

describe('a look-up digest', () => {
  it('finds the same, of one kind alone, and shows nothing', async () => {
    const found = await lookup('PHONE', '+8613800138000');
    expect(await lookup('PHONE', '+8613800138000')).toBe(found);
    expect(await lookup('EXTERNAL', '+8613800138000')).not.toBe(found);
    expect(found).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});

describe('a digest of what was asked', () => {
  it.each([
    [
      'the order of fields',
      { a: 1, b: { c: 2, d: [{ e: 3, f: 4 }] } },
      { b: { d: [{ f: 4, e: 3 }], c: 2 }, a: 1 },
      true,
    ],
    ['a field that is undefined', { a: 1, b: undefined }, { a: 1 }, true],
    ['the order of a list', [1, 2], [2, 1], false],
    ['a number and its text', { a: 1 }, { a: '1' }, false],
    ['null and absence', { a: null }, {}, false],
    ['an empty list and an empty object', { a: [] }, { a: {} }, false],
    ['a name that is another', { a: 1 }, { b: 1 }, false],
    ['where a field lies', { a: { b: 1 } }, { a: 1, b: 1 }, false],
  ])('%s', (_, one, other, same) => {
    expect(digest(one) === digest(other)).toBe(same);
    expect(digest(one)).toMatch(/^[\w-]{22}$/);
  });

  it('sees a field named __proto__', () => {
    expect(digest(JSON.parse('{"__proto__":{"a":1}}'))).not.toBe(digest({}));
  });
});

describe('what is masked', () => {
  it.each([
    ['+8613800138000', '+86138****8000'],
    ['+14155550123', '+141****0123'],
    ['+4915112345678', '+491******5678'],
  ])('the phone %s is shown as %s', (phone, shown) => {
    expect(maskPhone(phone)).toBe(shown);
  });

  it('never shows the whole of a phone, however short', () => {
    for (const phone of ['+1234567', '+12345678', '+123456789']) expect(maskPhone(phone)).toContain('*');
  });

  it.each([
    ['王小明', '王**'],
    ['😀x', '😀**'],
    ['', '**'],
  ])('the name %j is shown as %j', (name, shown) => {
    expect(maskName(name)).toBe(shown);
  });
});
