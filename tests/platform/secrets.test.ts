import { describe, expect, it, vi } from 'vitest';
import { hmac, keyFor, type Purpose, secret } from '../../shared/platform/secrets.ts';
import { openMall } from '../support/mall.ts';

openMall();

describe('keys', () => {
  it('are 32 bytes and another for each purpose', async () => {
    const purposes: Purpose[] = ['id', 'cursor', 'lookup', 'code', 'refresh'];
    const keys = await Promise.all(purposes.map((purpose) => keyFor(purpose)));
    expect(keys.map((key) => key.length)).toEqual(purposes.map(() => 32));
    const marks = await Promise.all(purposes.map((purpose) => hmac(purpose, 'x')));
    expect(new Set(marks.map((mark) => Buffer.from(mark).toString('hex'))).size).toBe(purposes.length);
  });
});

describe('a secret', () => {
  it('that cannot be read is asked for again the next time', async () => {
    vi.stubEnv('SMS_SECRET', 'nowhere');
    await expect(secret('SMS_SECRET')).rejects.toThrow();
    await expect(secret('SMS_SECRET')).rejects.toThrow();
    vi.stubEnv('SMS_SECRET', 'sms');
    expect(JSON.parse(await secret('SMS_SECRET'))).toHaveProperty('secretId');
  });
});
