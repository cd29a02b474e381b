import { createHmac, hkdfSync } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { elapsed } from './clock.ts';
import { setting } from './settings.ts';

const client = new SecretsManagerClient({});
const values = new Map<string, { since: number; reading: Promise<string> }>();

async function fetchSecret(arn: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (!SecretString) throw new Error(`The secret ${arn} is empty.`);
  return SecretString;
}

/**
 * The text of a secret, read once per container, or again when what was read is older than it may be; a failed read is
 * not remembered.
 */
export function secret(
  name: 'KEYS_SECRET' | 'SMS_SECRET' | 'PROVIDERS_SECRET' | 'FIRST_STAFF_SECRET',
  maxAgeMs = Number.POSITIVE_INFINITY,
): Promise<string> {
  const arn = setting(name);
  const known = values.get(arn);
  if (known && elapsed() - known.since < maxAgeMs) return known.reading;
  const reading = fetchSecret(arn);
  values.set(arn, { since: elapsed(), reading });
  reading.catch(() => values.delete(arn));
  return reading;
}

/** What a key derived from the one secret of the deployment is for. Ids and look-up digests hang on them: they never change. */
export type Purpose = 'id' | 'cursor' | 'lookup' | 'code' | 'client' | 'refresh' | 'member-code' | 'webhook';

const keys = new Map<string, Uint8Array>();

/** A 32-byte key for one purpose, derived by HKDF-SHA256 from the deployment's key secret, once per container. */
export async function keyFor(purpose: Purpose): Promise<Uint8Array> {
  const known = keys.get(purpose);
  if (known) return known;
  const key = new Uint8Array(hkdfSync('sha256', await secret('KEYS_SECRET'), 'points-mall', `key/${purpose}`, 32));
  keys.set(purpose, key);
  return key;
}

/** HMAC-SHA256 of the text under the key of that purpose. */
export async function hmac(purpose: Purpose, text: string): Promise<Uint8Array> {
  return createHmac('sha256', await keyFor(purpose))
    .update(text)
    .digest();
}
