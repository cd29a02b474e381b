import { createHash, createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { Refusal } from '../errors.ts';
import { iso, now } from '../platform/clock.ts';
import { logger } from '../platform/logger.ts';
import { secret } from '../platform/secrets.ts';
import { setting } from '../platform/settings.ts';
import type { Message } from './sms-message.ts';

const credentials = z.object({ secretId: z.string().min(1), secretKey: z.string().min(1) });
const answerForm = z.object({ Code: z.string() });

const TIMEOUT_MS = 5_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As RFC 3986 has it: `encodeURIComponent` leaves five signs that are reserved there. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query in the order of its names, as it is sent and signed. */
function queryOf(parameters: Record<string, string>): string {
  const pairs = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

/** The headers of a call without a body, signed by ACS3-HMAC-SHA256. */
function signed(host: string, query: string, { secretId, secretKey }: z.output<typeof credentials>) {
  const headers: Record<string, string> = {
    host,
    'x-acs-action': 'SendSms',
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': iso(now()).replace(/\.\d+/, ''),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2017-05-25',
  };
  const names = Object.keys(headers);
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = ['POST', '/', query, lines, names.join(';'), headers['x-acs-content-sha256']].join('\n');
  const signature = createHmac('sha256', secretKey)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${secretId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...headers, authorization };
}

/** Mainland numbers go without their prefix, all others without the plus. */
const numberOf = (to: string): string => to.replace(/^\+(86(?=1\d{10}$))?/, '');

async function call(parameters: Record<string, string>): Promise<string> {
  const endpoint = new URL(setting('SMS_ENDPOINT'));
  const keys = credentials.parse(JSON.parse(await secret('SMS_SECRET')));
  const query = queryOf(parameters);
  const answer = await fetch(`${endpoint.origin}/?${query}`, {
    method: 'POST',
    headers: signed(endpoint.host, query, keys),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return answerForm.parse(await answer.json()).Code;
}

/** Sends one message by Aliyun's Dysmsapi (2017-05-25), or refuses. */
export async function sendByAliyun({ to, templateId, params }: Message): Promise<void> {
  const parameters = {
    PhoneNumbers: numberOf(to),
    SignName: setting('SMS_SIGN'),
    TemplateCode: templateId,
    TemplateParam: JSON.stringify(params),
  };
  const code = await call(parameters).catch((error: Error) => {
    logger.error('sms failed', { provider: 'aliyun', code: error.name });
    throw new Refusal('auth.code_not_sent');
  });
  if (code === 'OK') return;
  logger.error('sms refused', { provider: 'aliyun', code });
  throw new Refusal('auth.code_not_sent');
}
