import { describe, expect, it } from 'vitest';
import { newRecoveryCodes, newTotpSecret, recoveryDigest, stepOf, totpUri } from '../../shared/staff/totp.ts';
import { openMall } from '../support/mall.ts';

openMall();

/** The secret of RFC 6238, appendix B: `12345678901234567890`. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a time-based code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %d s is %s (RFC 6238, appendix B)', (seconds, code) => {
    expect(stepOf(SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it('counts one step early and late, and is known by the step it belongs to', () => {
    const [code, step] = ['081804', 37_037_036];
    for (const by of [-1, 0, 1]) expect(stepOf(SECRET, code, (step + by) * 30_000)).toBe(step);
    for (const by of [-2, 2]) expect(stepOf(SECRET, code, (step + by) * 30_000)).toBeUndefined();
    expect(stepOf(SECRET, '000000', step * 30_000)).toBeUndefined();
  });

  it('has a secret of 160 bits, and a link that an authenticator reads', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, 'li.wei'));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri.pathname)).toContain('li.wei');
  });
});

describe('recovery codes', () => {
  it('are ten, each another, and kept as a digest that is of one person', async () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const [code = ''] = codes;
    expect(await recoveryDigest('stf_1', code)).toBe(await recoveryDigest('stf_1', code));
    expect(await recoveryDigest('stf_1', code)).not.toBe(await recoveryDigest('stf_2', code));
  });
});
