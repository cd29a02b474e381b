import { createHmac } from 'node:crypto';
import type { Request } from './http-event.ts';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/([\w-]+)\/aws4_request, SignedHeaders=[\w;-]+, Signature=[0-9a-f]{64}$/;
const CREDENTIAL = /^[^/]+\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request$/;

/** The service that the request is signed for in the form of the SDK; whether the signature is right is not looked at. */
export function signedService({ headers }: Request): string | undefined {
  return HEADER.exec(headers['authorization'] ?? '')?.[1];
}

/** Whether the URL is a presigned one of this form, and until when, in epoch milliseconds. */
export function presignedUntil({ query }: Request): { service: string; until: number } | undefined {
  const given = new URLSearchParams(query);
  const service = CREDENTIAL.exec(given.get('X-Amz-Credential') ?? '')?.[3];
  const at = instantOf(given.get('X-Amz-Date') ?? '');
  const isWhole =
    given.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' && /^[0-9a-f]{64}$/.test(given.get('X-Amz-Signature') ?? '');
  if (!service || !isWhole || Number.isNaN(at)) return undefined;
  return { service, until: at + Number(given.get('X-Amz-Expires')) * 1_000 };
}

/** `20261125T101500Z` in epoch milliseconds. */
function instantOf(basic: string): number {
  return Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** The signature of a text, such as the policy of a form, under a credential of this secret; undefined for a bad one. */
export function signatureOf(text: string, credential: string, secret: string): string | undefined {
  const [, day, region, service] = CREDENTIAL.exec(credential) ?? [];
  if (!day || !region || !service) return undefined;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
  return hmac(key, text).toString('hex');
}
