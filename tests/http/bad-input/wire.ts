import type { Operation } from './operations.ts';
import type { Wire } from './sending.ts';
import type { Valid } from './valid.ts';

const encoded = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

/** A request as it goes over the wire, under this token. */
export function wireOf(operation: Operation, { params, query, body, key }: Valid, token: string | undefined): Wire {
  const { row, media } = operation;
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const form = media.includes('form');
  const text =
    body === undefined
      ? undefined
      : row.csv
        ? (body as string)
        : form
          ? encoded(body as Record<string, string>)
          : JSON.stringify(body);
  return {
    method: row.method,
    path: Object.keys(query).length > 0 ? `${path}?${encoded(query)}` : path,
    headers: {
      ...(text !== undefined && { 'content-type': media }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(key && { 'idempotency-key': key }),
    },
    ...(text !== undefined && { body: Buffer.from(text) }),
  };
}
