import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Request } from './http-event.ts';
import { fileMessage, type SmsOptions } from './sms.ts';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

const FORM = /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([\w;-]+),\s*Signature=([0-9a-f]{64})$/;
const MAX_SKEW_MS = 15 * 60_000;

export interface AliyunAnswer {
  status: number;
  body: object;
}

/** What Aliyun's signature of a request is, by the headers that it names. */
export function acs3Signature(request: Request, names: readonly string[], secretKey: string): string {
  const lines = names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('');
  const query = request.query.split('&').toSorted().join('&');
  const canonical = [request.method, request.path, query, lines, names.join(';'), sha256(request.body)].join('\n');
  return createHmac('sha256', secretKey)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
}

function refusal(status: number, Code: string, Message: string): AliyunAnswer {
  return { status, body: { RequestId: randomUUID(), HostId: 'dysmsapi.aliyuncs.com', Code, Message } };
}

const said = (Code: string, Message: string): AliyunAnswer => ({
  status: 200,
  body: { RequestId: randomUUID(), Code, Message },
});

function unauthorized(request: Request, { secret, now }: SmsOptions): AliyunAnswer | undefined {
  const [, secretId, names = '', signature = ''] = FORM.exec(request.headers['authorization'] ?? '') ?? [];
  if (secretId === undefined) return refusal(400, 'IncompleteSignature', 'The request signature is not complete.');
  if (secretId !== secret.secretId) {
    return refusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  }
  const at = Date.parse(request.headers['x-acs-date'] ?? '');
  if (!(Math.abs(at - now()) <= MAX_SKEW_MS)) {
    return refusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
  const expected = acs3Signature(request, names.split(';'), secret.secretKey);
  if (timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return undefined;
  return refusal(400, 'SignatureDoesNotMatch', 'Specified signature does not match our calculation.');
}

/** A mainland number as it is dialled there, or one with its country's code. */
const e164 = (number: string): string => (/^1[3-9]\d{9}$/.test(number) ? `+86${number}` : `+${number}`);

function paramsOf(text: string): string[] | undefined {
  try {
    return Object.values(JSON.parse(text) as Record<string, string>);
  } catch {
    return undefined;
  }
}

/** Aliyun's Dysmsapi 2017-05-25: checks the signature as Aliyun does, and files what would be sent in the inbox. */
export function answerAliyunSms(request: Request, options: SmsOptions): AliyunAnswer {
  const { headers } = request;
  if (headers['x-acs-action'] !== 'SendSms' || headers['x-acs-version'] !== '2017-05-25') {
    return refusal(404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.');
  }
  const refused = unauthorized(request, options);
  if (refused) return refused;
  const asked = new URLSearchParams(request.query);
  const [number, sign, template] = ['PhoneNumbers', 'SignName', 'TemplateCode'].map((name) => asked.get(name) ?? '');
  if (!number || !sign || !template) return refusal(400, 'MissingParameter', 'A mandatory parameter is missing.');
  if (!(template in options.templates)) return said('isv.SMS_TEMPLATE_ILLEGAL', '短信模版不合法');
  const params = paramsOf(asked.get('TemplateParam') ?? '{}');
  if (!params) return said('isv.INVALID_JSON_PARAM', 'JSON参数不合法');
  if (!/^\d{6,15}$/.test(number)) return said('isv.MOBILE_NUMBER_ILLEGAL', '非法手机号');
  fileMessage({ to: e164(number), sign, template, params }, options);
  return { status: 200, body: { RequestId: randomUUID(), Code: 'OK', Message: 'OK', BizId: `local^${randomUUID()}` } };
}
