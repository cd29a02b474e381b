import { describe, expect, it } from 'vitest';
import { grantsFor } from '../../shared/partners/rules.ts';

describe('what is granted', () => {
  const has = ['a', 'b', 'c'];

  it.each([
    [undefined, has],
    ['', has],
    ['  ', has],
    ['b', ['b']],
    ['c a', ['c', 'a']],
    [' a  b ', ['a', 'b']],
    ['d', undefined],
    ['a d', undefined],
    ['a,b', undefined],
    ['A', undefined],
    ['*', undefined],
  ])('when %j is asked is %j', (asked, granted) => {
    expect(grantsFor(has, asked)).toEqual(granted);
  });

  it('is nothing to a client that has nothing', () => {
    expect(grantsFor([], undefined)).toEqual([]);
    expect(grantsFor([], 'a')).toBeUndefined();
  });
});
