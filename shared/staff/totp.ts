import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { type By, base32 } from '../platform/ids.ts';
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

/** A recovery code out of at least 80 bits: in groups of four. */
function recoveryCode(bytes: Uint8Array): string {
  const code = base32(bytes).slice(0, 16);
  return code.match(/.{4}/g)?.join('-') ?? code;
}

/** Ten codes of 80 random bits, for who has lost the authenticator. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => recoveryCode(randomBytes(17)));
}

/**
 * Ten codes that hang on a request and on what was drawn for it: a repeat of it gets them again, and no other request
 * ever does, nor the same one once others have taken their place.
 */
export function recoveryCodesUnder({ caller, route, key }: By, seed: string): Promise<string[]> {
  const texts = Array.from({ length: RECOVERY_CODES }, (_, i) => ['recovery-code', caller, route, key, seed, i]);
  return Promise.all(texts.map(async (text) => recoveryCode(await hmac('code', JSON.stringify(text)))));
}

/** How a recovery code is kept: bound to whose it is. */
export async function recoveryDigest(staffId: string, code: string): Promise<string> {
  return Buffer.from(await hmac('code', JSON.stringify(['recovery', staffId, code]))).toString('base64url');
}
