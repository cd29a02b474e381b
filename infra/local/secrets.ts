import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';
import { codeOf, Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';

interface GenerateSecretString {
  PasswordLength?: number;
  ExcludePunctuation?: boolean;
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
}

export type Secrets = Record<string, string>;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const punctuation = '!#$%&()*+,-./:;<=>?@[]^_{|}~';

/** A value as Secrets Manager would generate it. */
export function generateSecret(rules: GenerateSecretString): string {
  const alphabet = rules.ExcludePunctuation ? letters : letters + punctuation;
  const password = Array.from({ length: rules.PasswordLength ?? 32 }, () => alphabet[randomInt(alphabet.length)]).join(
    '',
  );
  if (!rules.GenerateStringKey) return password;
  return JSON.stringify({
    ...(JSON.parse(rules.SecretStringTemplate ?? '{}') as object),
    [rules.GenerateStringKey]: password,
  });
}

function readSecrets(file: string): Secrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return {};
    throw new Refusal(`${file} cannot be read: start with --fresh to begin anew, or put a good copy back.`);
  }
}

/** The template's secrets by ARN, generated once and kept in the data folder for their owner alone. */
export function openSecrets(resources: readonly Resource[], folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  const secrets = readSecrets(file);
  for (const { ref, properties } of ofType<{ GenerateSecretString?: GenerateSecretString }>(
    resources,
    'AWS::SecretsManager::Secret',
  )) {
    secrets[ref] ??= generateSecret(properties.GenerateSecretString ?? {});
  }
  writeWhole(file, JSON.stringify(secrets, null, 2), 0o600);
  return secrets;
}

/** Answers `secretsmanager.GetSecretValue`. */
export function getSecretValue(secrets: Secrets, request: { SecretId?: string }): { status: number; body: object } {
  const arn = Object.keys(secrets).find((known) => known === request.SecretId);
  if (!arn)
    return {
      status: 400,
      body: { __type: 'ResourceNotFoundException', Message: 'Secrets Manager can’t find the specified secret.' },
    };
  return {
    status: 200,
    body: { ARN: arn, Name: arn.split(':').at(-1), SecretString: secrets[arn], VersionStages: ['AWSCURRENT'] },
  };
}
