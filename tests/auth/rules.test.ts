import { describe, expect, it } from 'vitest';
import { CODE, SESSION } from '../../shared/auth/rules.ts';
import { phone } from '../../shared/http/fields.ts';

describe('how a login lives', () => {
  it('has a code of 6 digits, for at most 10 minutes and 5 tries', () => {
    expect(CODE.digits).toBe(6);
    expect(CODE.livesSeconds).toBeLessThanOrEqual(600);
    expect(CODE.tries).toBeLessThanOrEqual(5);
    expect(CODE.resendSeconds).toBeGreaterThanOrEqual(60);
  });

  it('has a short access token and a longer session', () => {
    expect(SESSION.accessSeconds).toBeLessThanOrEqual(900);
    expect(SESSION.refreshSeconds).toBeGreaterThan(SESSION.accessSeconds);
  });
});

describe('a phone number', () => {
  it.each([
    ['13800138000', '+8613800138000'],
    ['+8613800138000', '+8613800138000'],
    ['19912345678', '+8619912345678'],
    ['+14155550123', '+14155550123'],
    ['+85291234567', '+85291234567'],
  ])('%s is %s', (given, meant) => {
    expect(phone.parse(given)).toBe(meant);
  });

  it.each([
    '12800138000',
    '1380013800',
    '8613800138000',
    '+0861380013800',
    '+86 138',
    '138-0013-8000',
    '++8613800138000',
    '+',
  ])('%s is none', (given) => {
    expect(phone.safeParse(given).success).toBe(false);
  });
});
