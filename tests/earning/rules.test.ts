import { describe, expect, it } from 'vitest';
import { timeRefusal } from '../../shared/earning/rules.ts';

describe('the time of a purchase', () => {
  const now = Date.parse('2026-11-23T04:00:00.000Z');
  const DAYS = 86_400_000;

  it.each([
    ['now', 0, undefined],
    ['seven days ago', -7 * DAYS, undefined],
    ['a moment more', -7 * DAYS - 1, 'purchases.too_old'],
    ['eight days ago', -8 * DAYS, 'purchases.too_old'],
    ['in five minutes', 300_000, undefined],
    ['a moment later', 300_001, 'purchases.in_future'],
    ['in a year', 365 * DAYS, 'purchases.in_future'],
  ])('%s', (_, off, refusal) => {
    expect(timeRefusal(now + off, now)).toBe(refusal);
  });
});
