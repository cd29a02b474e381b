import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { base32 } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { RECOVERY_CODES } from './rules.ts';

const PERIOD_MS = 30_000;
const SECRET_BYTES = 20;

const totpOf = (secret: string, label = 'staff') =>
  new TOTP({ issuer: 'Points Mall', label, secret: Secret.fromBase32(secret) });

/** A secret for an authenticator, in base 32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator reads from a QR code. */
export function totpUri(secret: string, userName: string): string {
  return totpOf(secret, userName).toString();
}

/** The time step of which this is the code, or undefined: the one before and the one after count too (RFC 6238 §5.2). */
export function stepOf(secret: string, code: string, at: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: at, window: 1 });
  return delta === null ? undefined : Math.floor(at / PERIOD_MS) + delta;
}

/** Ten codes of 80 random bits, in groups of four, for who has lost the authenticator. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = base32(randomBytes(17)).slice(0, 16);
    return code.match(/.{4}/g)?.join('-') ?? code;
  });
}

/** How a recovery code is kept: bound to whose it is. */
export async function recoveryDigest(staffId: string, code: string): Promise<string> {
  return Buffer.from(await hmac('code', JSON.stringify(['recovery', staffId, code]))).toString('base64url');
}
