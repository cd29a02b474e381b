import { describe, expect, it } from 'vitest';
import { indexUnits, itemSize, readUnits, valueSize, writeUnits } from '../../bin/bench/units.ts';

const text = (bytes: number) => ({ a: { S: 'x'.repeat(bytes - 1) } });
const at = (sk: string) => ({ gsi1pk: { S: 'ORDERS' }, gsi1sk: { S: sk } });

describe('the size of an item', () => {
  it('counts names and text as UTF-8', () => {
    expect(itemSize({ 名: { S: '积分' } })).toBe(9);
    expect(itemSize(undefined)).toBe(0);
  });

  it.each([
    ['0', 1],
    ['7', 2],
    ['1234', 3],
    ['-1234', 4],
    ['1200', 2],
  ])('counts the number %s as %i bytes', (N, bytes) => {
    expect(valueSize({ N })).toBe(bytes);
  });

  it('counts 3 bytes for a map or a list and 1 for each of what is in it', () => {
    expect(valueSize({ M: { ab: { S: 'c' }, d: { BOOL: true } } })).toBe(3 + 1 + 3 + 1 + 2);
    expect(valueSize({ L: [{ S: 'ab' }, { NULL: true }] })).toBe(3 + 1 + 2 + 1 + 1);
    expect(valueSize({ B: new Uint8Array(6) })).toBe(6);
    expect(valueSize({ SS: ['ab', 'c'] })).toBe(3);
  });
});

describe('units', () => {
  it('are one for each begun KB of the larger of what was and what is', () => {
    expect(writeUnits(undefined, text(1_024))).toBe(1);
    expect(writeUnits(undefined, text(1_025))).toBe(2);
    expect(writeUnits(text(2_049), text(10))).toBe(3);
  });

  it('are one for each begun 4 KB read, half where the read is eventual, and never none', () => {
    expect([readUnits(0, true), readUnits(4_096, true), readUnits(4_097, true)]).toEqual([1, 1, 2]);
    expect([readUnits(0, false), readUnits(4_097, false)]).toEqual([0.5, 1]);
  });

  it('count an index entry that is new, removed, moved, changed, or neither', () => {
    expect(indexUnits(undefined, text(10))).toBe(0);
    expect(indexUnits(undefined, at('1'))).toBe(1);
    expect(indexUnits(at('1'), undefined)).toBe(1);
    expect(indexUnits(at('1'), at('2'))).toBe(2);
    expect(indexUnits(at('1'), { ...at('1'), n: { N: '1' } })).toBe(1);
    expect(indexUnits(at('1'), at('1'))).toBe(0);
  });
});
