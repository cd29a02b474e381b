import * as z from 'zod';
import { Refusal } from '../../errors.ts';
import { logger } from '../../platform/logger.ts';
import { secret } from '../../platform/secrets.ts';
import { type AppSetting, optionalSetting } from '../../platform/settings.ts';

const PATIENCE_MS = 3_000;
const MOST_BYTES = 64 * 1_024;
/** What an operator fills in counts after so long. */
const SECRET_AGE_MS = 60_000;

const given = z.string().min(1).optional();
const secrets = z.object({
  wechatSecret: given,
  wechatWebSecret: given,
  qqSecret: given,
  alipayPrivateKey: given,
  oidcSecret: given,
});
type SecretName = keyof z.output<typeof secrets>;

/** Says to the log what a provider said, and refuses; never with an address, for secrets stand in theirs. */
export function unavailable(provider: string, why: string | number): Refusal {
  logger.error('a provider of identities failed', { provider, why });
  return new Refusal('auth.provider_busy');
}

/** As which app a provider knows us; where the stage does not say it, the provider is not offered. */
export function ourApp(name: AppSetting): string {
  const id = optionalSetting(name);
  if (!id) throw new Refusal('auth.provider_not_offered');
  return id;
}

/** One of the secrets that providers gave us, where an operator has filled it in. */
export async function optionalProviderSecret(name: SecretName): Promise<string | undefined> {
  return secrets.parse(JSON.parse(await secret('PROVIDERS_SECRET', SECRET_AGE_MS)))[name];
}

/** One of the secrets that providers gave us. */
export async function providerSecret(name: SecretName): Promise<string> {
  const value = await optionalProviderSecret(name);
  if (value === undefined) throw unavailable(name, 'no such secret was filled in');
  return value;
}

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error('The answer has no end.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { name: string; cause?: { code?: string } };
  return cause?.code ?? name;
}

/** Asks a provider once: what it answers within three seconds, in whole; anything else is refused as busy. */
export async function ask(provider: string, url: URL, init: RequestInit = {}): Promise<string> {
  const answered = async () => {
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: answer.status, text: await textOf(answer) };
  };
  const { status, text } = await answered().catch((error: unknown) => {
    throw unavailable(provider, reasonOf(error));
  });
  if (status >= 500 || status === 429) throw unavailable(provider, status);
  return text;
}

/** An answer in the form that the provider promises; one in another form is no answer. */
export function read<Schema extends z.ZodType>(provider: string, schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw unavailable(provider, 'an answer of another form');
  }
}
