import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';

interface KeyProperties {
  KeySpec?: string;
  KeyUsage?: string;
}

interface KmsRequest {
  KeyId?: string;
  KeySpec?: string;
  NumberOfBytes?: number;
  Plaintext?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
}

/** What a JSON service answers; a failure names its type. */
export interface JsonAnswer {
  status: number;
  body: object;
}

interface Key {
  arn: string;
  secret: Buffer;
}

/** Answers an operation of KMS, or undefined where there is none of this name. */
export type Kms = (operation: string, request: KmsRequest) => JsonAnswer | undefined;

const IV_BYTES = 12;
const TAG_BYTES = 16;
const LONGEST_BYTES = 4_096;

const failure = (type: string, message: string): JsonAnswer => ({ status: 400, body: { __type: type, message } });
const invalid = failure('InvalidCiphertextException', '');

/** The context binds the ciphertext: in any order the same, and with another one it does not open. */
function bound(arn: string, context: Record<string, string> = {}): Buffer {
  return Buffer.from(
    JSON.stringify([arn, Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1))]),
  );
}

function seal({ arn, secret }: Key, plain: Buffer, context?: Record<string, string>): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(bound(arn, context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([arn.length]), Buffer.from(arn), iv, cipher.getAuthTag(), sealed]).toString(
    'base64',
  );
}

function open({ arn, secret }: Key, blob: Buffer, context?: Record<string, string>): Buffer | undefined {
  const rest = blob.subarray(1 + arn.length);
  const [iv, tag, sealed] = [
    rest.subarray(0, IV_BYTES),
    rest.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
    rest.subarray(IV_BYTES + TAG_BYTES),
  ];
  if (tag.length < TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, iv).setAAD(bound(arn, context)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The template's keys, each with a secret of its own that is made once and kept in the data folder. */
function readKeys(resources: readonly Resource[], folder: string): Map<string, Key> {
  const file = join(folder, 'kms.json');
  const secrets = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const keys = new Map<string, Key>();
  for (const { name, arn, properties } of ofType<KeyProperties>(resources, 'AWS::KMS::Key')) {
    if (
      (properties.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT' ||
      (properties.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT'
    )
      throw new Refusal(`The key ${name} is no symmetric key to encrypt with, the only kind that runs here.`);
    secrets[name] ??= randomBytes(32).toString('base64');
    const key = { arn, secret: Buffer.from(secrets[name], 'base64') };
    keys.set(name, key).set(arn, key);
  }
  for (const { properties } of ofType<{ AliasName: string; TargetKeyId: string }>(resources, 'AWS::KMS::Alias')) {
    const key = keys.get(properties.TargetKeyId);
    if (key) keys.set(properties.AliasName, key);
  }
  if (keys.size > 0) writeWhole(file, JSON.stringify(secrets, null, 2), 0o600);
  return keys;
}

/** Real AES-GCM under the template's symmetric keys: GenerateDataKey, Encrypt and Decrypt, with their context. */
export function openKms(resources: readonly Resource[], folder: string): Kms {
  const keys = readKeys(resources, folder);

  function withKey({ KeyId = '' }: KmsRequest, act: (key: Key) => JsonAnswer): JsonAnswer {
    const key = keys.get(KeyId);
    return key ? act(key) : failure('NotFoundException', `Key '${KeyId}' does not exist`);
  }

  function encrypt(request: KmsRequest): JsonAnswer {
    const plain = Buffer.from(request.Plaintext ?? '', 'base64');
    if (plain.length === 0 || plain.length > LONGEST_BYTES)
      return failure('ValidationException', `Plaintext has 1 to ${LONGEST_BYTES} bytes`);
    return withKey(request, (key) => ({
      status: 200,
      body: {
        KeyId: key.arn,
        CiphertextBlob: seal(key, plain, request.EncryptionContext),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      },
    }));
  }

  function generateDataKey(request: KmsRequest): JsonAnswer {
    const bytes = request.NumberOfBytes ?? { AES_256: 32, AES_128: 16 }[request.KeySpec ?? ''];
    if (!bytes || bytes > 1_024) return failure('ValidationException', 'KeySpec or NumberOfBytes is needed');
    const plain = randomBytes(bytes);
    return withKey(request, (key) => ({
      status: 200,
      body: {
        KeyId: key.arn,
        Plaintext: plain.toString('base64'),
        CiphertextBlob: seal(key, plain, request.EncryptionContext),
      },
    }));
  }

  function decrypt(request: KmsRequest): JsonAnswer {
    const blob = Buffer.from(request.CiphertextBlob ?? '', 'base64');
    const key = keys.get(blob.subarray(1, 1 + (blob[0] ?? 0)).toString());
    if (!key) return invalid;
    if (request.KeyId !== undefined && keys.get(request.KeyId) !== key)
      return failure(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    const plain = open(key, blob, request.EncryptionContext);
    if (!plain) return invalid;
    return {
      status: 200,
      body: { KeyId: key.arn, Plaintext: plain.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    };
  }

  const operations: Record<string, (request: KmsRequest) => JsonAnswer> = {
    Encrypt: encrypt,
    Decrypt: decrypt,
    GenerateDataKey: generateDataKey,
  };
  return (operation, request) => operations[operation]?.(request);
}
