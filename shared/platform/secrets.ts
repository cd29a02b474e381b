import { createECDH, createHmac, hkdfSync } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setting } from './settings.ts';

const client = new SecretsManagerClient({});
const values = new Map<string, Promise<string>>();

async function fetchSecret(arn: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (!SecretString) throw new Error(`The secret ${arn} is empty.`);
  return SecretString;
}

/** The text of a secret, read once per container; a failed read is not remembered. */
export function secret(name: 'KEYS_SECRET' | 'SIGNING_SECRET' | 'SMS_SECRET'): Promise<string> {
  const arn = setting(name);
  const known = values.get(arn);
  if (known) return known;
  const reading = fetchSecret(arn);
  values.set(arn, reading);
  reading.catch(() => values.delete(arn));
  return reading;
}

/** What a key derived from the one secret of the deployment is for. Ids and look-up digests hang on them: they never change. */
export type Purpose = 'id' | 'cursor' | 'lookup' | 'code' | 'seal';

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

interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

interface KeyPair {
  publicJwk: PublicJwk;
  privateJwk: PublicJwk & { d: string };
  kid: string;
}

const ORDER_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The P-256 key pair of the deployment as JWKs. CloudFormation can generate a random text but no key pair, so the
 * private scalar is derived from the text (HKDF, 48 bytes, reduced modulo n−1, plus 1: FIPS 186-5 A.2.1).
 */
function keyPairOf(text: string): KeyPair {
  const wide = Buffer.from(hkdfSync('sha256', text, 'points-mall', 'signing/es256', 48)).toString('hex');
  const scalar = (BigInt(`0x${wide}`) % (ORDER_P256 - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const publicJwk: PublicJwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const kid = createHmac('sha256', 'kid').update(point).digest('base64url').slice(0, 16);
  return { publicJwk, privateJwk: { ...publicJwk, d: d.toString('base64url') }, kid };
}

let pair: { text: string; keys: KeyPair } | undefined;

/** The deployment's key pair and its id, derived once per container. */
export async function signingKey(): Promise<KeyPair> {
  const text = await secret('SIGNING_SECRET');
  if (pair?.text !== text) pair = { text, keys: keyPairOf(text) };
  return pair.keys;
}
