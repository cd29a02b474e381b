import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenOf } from '../../bin/import/amounts.ts';
import { instantOf, isZone } from '../../bin/import/instants.ts';

describe('decimal yuan as fen', () => {
  it.each([
    ['139.12', 13_912],
    ['231.99999999999997', 23_200],
    ['22.200000000000003', 2_220],
    ['0.38', 38],
    ['15', 1_500],
    ['15.3', 1_530],
    ['0.005', 1],
    ['0.0149999999999999999999', 1],
    ['0.015', 2],
    ['1.005', 101],
    ['9.995', 1_000],
    ['007.10', 710],
    ['1000000000', 100_000_000_000],
  ])('%s is %i', (text, fen) => {
    expect(fenOf(text)).toBe(fen);
  });

  it.each([
    ['', 'is no decimal number'],
    ['abc', 'is no decimal number'],
    ['-5', 'is no decimal number'],
    ['+5', 'is no decimal number'],
    ['1e21', 'is no decimal number'],
    ['１', 'is no decimal number'],
    ['1,000', 'is no decimal number'],
    ['.5', 'is no decimal number'],
    ['5.', 'is no decimal number'],
    [' 5', 'is no decimal number'],
    ['=1+1', 'is no decimal number'],
    ['NaN', 'is no decimal number'],
    ['0x10', 'is no decimal number'],
    ['0', 'is nothing'],
    ['0.00', 'is nothing'],
    ['0.004999', 'is nothing'],
    ['1000000000.005', 'is more than 1000000000'],
    ['9007199254740992', 'is more than 1000000000'],
    ['9'.repeat(400), 'is more than 1000000000'],
  ])('%s %s', (text, why) => {
    expect(fenOf(text)).toBe(why);
  });

  it('is the amount again, however much noise a float put on it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (fen) => {
        expect(fenOf(String(fen / 100))).toBe(fen);
        expect(fenOf(String(fen / 100 + 1e-7).replace(/e.*/, ''))).toBe(fen);
      }),
    );
  });
});

describe('days and times of a zone', () => {
  it.each([
    ['2010-12-01', 'Asia/Shanghai', '2010-12-01T04:00:00.000Z'],
    ['2010-12-02 17:14:00', 'Asia/Shanghai', '2010-12-02T09:14:00.000Z'],
    ['2012-02-29', 'Asia/Shanghai', '2012-02-29T04:00:00.000Z'],
    ['2011-03-13', 'America/New_York', '2011-03-13T16:00:00.000Z'],
    ['2011-03-12', 'America/New_York', '2011-03-12T17:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(new Date(instantOf(text, zone) ?? 0).toISOString()).toBe(instant);
  });

  it.each([
    '',
    '2011-02-29',
    '2011-13-01',
    '2011-00-10',
    '2010-12-01 24:00:00',
    '2010-12-01 12:60:00',
    '01/12/2010',
    '2010-12-1',
    '2010-12-01T00:00:00',
    '=TODAY()',
  ])('%s is none', (text) => {
    expect(instantOf(text, 'Asia/Shanghai')).toBeUndefined();
  });

  it('knows which zones there are', () => {
    expect([isZone('Asia/Shanghai'), isZone('Asia/Nowhere')]).toEqual([true, false]);
  });
});
