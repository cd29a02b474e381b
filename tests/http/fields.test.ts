import { describe, expect, it } from 'vitest';
import { reason, text } from '../../shared/http/fields.ts';

describe('a reason that is kept for ever', () => {
  it.each([
    '13800138000',
    '138 0013 8000',
    '138.0013.8000',
    '138-0013-8000',
    '1 3 8 0 0 1 3 8 0 0 0',
    '13800138000x',
    '客户13800138000来电',
    '+86 13800138000',
    '008613800138000',
    '１３８００１３８０００',
    '138\u200B0013\u200B8000',
    'call 010-12345678',
    '0755 12345678',
  ])('does not name the phone of %j', (given) => {
    expect(reason.safeParse(given).success).toBe(false);
  });

  it.each([
    'Receipt 2026112913800138000',
    'A-1001, twice',
    'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E',
    '2026-11-29 12:00',
    '12800 points',
    '补发 1000 分',
  ])('may be %j', (given) => {
    expect(reason.parse(given)).toBe(given);
  });
});

describe('text that a person reads', () => {
  it.each(['', ' ', '\u200B\u200B', '\u00AD', '\u2060', '\u200D'])('shows something, unlike %j', (given) => {
    expect(text(20).safeParse(given).success).toBe(false);
  });

  it.each(['杭州', 'é', '👨‍👩‍👧', '—', '1'])('may be %j', (given) => {
    expect(text(20).parse(given)).toBe(given);
  });
});
