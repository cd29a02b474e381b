import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from './http-event.ts';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

interface Authorization {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const FORM =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/(\w+)\/tc3_request,\s*SignedHeaders=([\w;-]+),\s*Signature=([0-9a-f]{64})$/;

export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const [, secretId, date, service, signedHeaders, signature] = FORM.exec(header ?? '') ?? [];
  if (!secretId || !date || !service || !signedHeaders || !signature) return undefined;
  return { secretId, date, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** The signature of a request under Tencent Cloud's TC3-HMAC-SHA256, for the host as given. */
export function tc3Signature(
  request: Request,
  { date, service, signedHeaders }: Omit<Authorization, 'signature' | 'secretId'>,
  secretKey: string,
  host: string,
): string {
  const value = (name: string): string => (name === 'host' ? host : (request.headers[name] ?? '').trim());
  const headers = signedHeaders
    .map((name) => `${name}:${name === 'x-tc-action' ? value(name).toLowerCase() : value(name)}\n`)
    .join('');
  const canonical = [
    request.method,
    request.path,
    request.query,
    headers,
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const toSign = [
    'TC3-HMAC-SHA256',
    request.headers['x-tc-timestamp'] ?? '',
    `${date}/${service}/tc3_request`,
    sha256(canonical),
  ].join('\n');
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  return hmac(key, toSign).toString('hex');
}

/** Whether the request is signed with this secret. Tencent's own SDK signs the host without its port: both are taken. */
export function signedBy(request: Request, authorization: Authorization, secretKey: string): boolean {
  const host = request.headers['host'] ?? '';
  return [host, host.replace(/:\d+$/, '')].some((name) => {
    const expected = tc3Signature(request, authorization, secretKey, name);
    return timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature));
  });
}
