import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { seal, unseal } from '../../shared/platform/sealing.ts';
import { hmac, keyFor, type Purpose, secret, signingKey } from '../../shared/platform/secrets.ts';
import { openMall } from '../support/mall.ts';

openMall();

const PLACE = 'member:mem_1:phone';

describe('what is sealed', () => {
  it.each(['+8613800138000', '', '上海市黄浦区 1 号 😀', 'x'.repeat(10_000)])('opens again: %.20s', async (text) => {
    const sealed = await seal(text, PLACE);
    expect(sealed).toMatch(/^s1\.[\w-]+$/);
    expect(await unseal(sealed, PLACE)).toBe(text);
  });

  it('looks different each time and shows nothing', async () => {
    const [one, other] = [await seal('+8613800138000', PLACE), await seal('+8613800138000', PLACE)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(3), 'base64url').toString('latin1')).not.toContain('13800138000');
  });

  it('does not open in another place', async () => {
    const sealed = await seal('secret', PLACE);
    for (const place of ['member:mem_2:phone', 'member:mem_1:name', '', `${PLACE} `]) {
      await expect(unseal(sealed, place)).rejects.toThrow();
    }
  });

  it('does not open when any byte of it was changed', async () => {
    const sealed = await seal('secret', PLACE);
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const tampered = Buffer.from(bytes);
      tampered.writeUInt8((bytes[i] ?? 0) ^ 1, i);
      await expect(unseal(`s1.${tampered.toString('base64url')}`, PLACE), String(i)).rejects.toThrow();
    }
  });

  it('does not open when it was cut, or is of another version, or is nothing', async () => {
    const sealed = await seal('a longer secret', PLACE);
    const cut = [4, 8, 15, 16, 20, 28].map((bytes) => {
      const all = Buffer.from(sealed.slice(3), 'base64url');
      return `s1.${all.subarray(0, all.length - bytes).toString('base64url')}`;
    });
    for (const text of [...cut, sealed.replace('s1', 's2'), '', 's1', 's1.', 'secret']) {
      await expect(unseal(text, PLACE), text).rejects.toThrow();
    }
  });
});

describe('keys', () => {
  it('are 32 bytes and another for each purpose', async () => {
    const purposes: Purpose[] = ['id', 'cursor', 'lookup', 'code', 'seal'];
    const keys = await Promise.all(purposes.map((purpose) => keyFor(purpose)));
    expect(keys.map((key) => key.length)).toEqual(purposes.map(() => 32));
    const marks = await Promise.all(purposes.map((purpose) => hmac(purpose, 'x')));
    expect(new Set(marks.map((mark) => Buffer.from(mark).toString('hex'))).size).toBe(purposes.length);
  });
});

describe('the signing key', () => {
  it('is a pair on P-256: what one half signs the other verifies', async () => {
    const { privateJwk, publicJwk, kid } = await signingKey();
    const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
    const publicKey = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
    expect(createPublicKey(privateKey).export({ format: 'jwk' })).toEqual(publicKey.export({ format: 'jwk' }));
    expect(publicJwk).not.toHaveProperty('d');
    expect(kid).toMatch(/^[\w-]{16}$/);
    const mark = sign('sha256', Buffer.from('text'), privateKey);
    expect(verify('sha256', Buffer.from('text'), publicKey, mark)).toBe(true);
    expect(verify('sha256', Buffer.from('other'), publicKey, mark)).toBe(false);
  });

  it('is the same each time', async () => {
    expect(await signingKey()).toEqual(await signingKey());
  });

  it('is another for another secret', async () => {
    const { kid } = await signingKey();
    vi.stubEnv('SIGNING_SECRET', 'keys');
    expect((await signingKey()).kid).not.toBe(kid);
    vi.stubEnv('SIGNING_SECRET', 'signing');
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
