import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword, isPassword } from '../../shared/staff/passwords.ts';

const refused = (password: string) => () => checkPassword(password, 'li.wei');

describe('a password', () => {
  it('is known again, whichever way its letters are composed, and no other is', async () => {
    const kept = await hashPassword('crème brûlée à la carte');
    expect(kept).toMatch(/^scrypt-15-8-1\.[\w-]{22}\.[\w-]{43}$/);
    expect(await isPassword('crème brûlée à la carte'.normalize('NFD'), kept)).toBe(true);
    expect(await isPassword('crème brûlée à la Carte', kept)).toBe(false);
    expect(await isPassword('', kept)).toBe(false);
  });

  it('is kept otherwise each time', async () => {
    const [one, other] = await Promise.all([hashPassword('the same twice'), hashPassword('the same twice')]);
    expect(one).not.toBe(other);
  });

  it('of nobody fits nothing', async () => {
    expect(await isPassword('', undefined)).toBe(false);
    expect(await isPassword('AAAAAAAAAAAA', undefined)).toBe(false);
  });

  it.each([
    '1qaz2wsx3edc',
    'Qwerty123456',
    'Password2026!',
    '!!monkey!!1234',
    'dragondragon',
    'ihatehackers-li.wei',
    'LI.WEI-long-enough',
    '111111111111',
    'ababababababab',
  ])('staff.password_common: %s', (password) => {
    expect(refused(password)).toThrow('staff.password_common');
  });

  it.each(['correct horse battery staple', '茶杯和帆布袋不在一起的日子', 'vT9-qqLs-0mXe-7r'])(
    'may be %s',
    (password) => {
      expect(refused(password)).not.toThrow();
    },
  );
});
