import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { place } from './resource-types.ts';

/** A request as the gateway read it. */
export interface Request {
  id: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
  sourceIp: string;
}

/** An answer before it is written. */
export interface Reply {
  statusCode: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
}

function joined(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

export function requestOf(message: IncomingMessage, body: Buffer): Request {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const pairs = message.rawHeaders.flatMap((name, index, all) =>
    index % 2 === 0 ? [[name.toLowerCase(), all[index + 1] ?? ''] as const] : [],
  );
  return {
    id: `${randomBytes(11).toString('base64url')}=`,
    method: message.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: joined(pairs),
    body,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
  };
}

function isText(contentType: string | undefined): boolean {
  return (
    contentType === undefined ||
    /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/i.test(contentType)
  );
}

function logTime(now: number): string {
  const parts = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString())?.slice(1) ?? [];
  return `${parts.slice(0, 3).join('/')}:${parts[3]} +0000`;
}

/** What is common to the event of a route and the event of its authorizer (payload format 2.0). */
export function baseEvent(
  request: Request,
  routeKey: string,
  parameters: Record<string, string>,
  apiId: string,
  now: number,
) {
  const { headers } = request;
  const query = joined(new URLSearchParams(request.query));
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(headers['cookie'] !== undefined && { cookies: headers['cookie'].split(/;\s*/) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: place.account,
      apiId,
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.id,
      routeKey,
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
  };
}

/** The body as the event carries it: text as it is, anything else (a form, too) as base64. */
export function bodyOf({ body, headers }: Request): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = isText(headers['content-type']);
  return { body: body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}

/** An answer of the gateway's own, byte for byte as API Gateway writes it. */
export function ownReply(statusCode: number, message: string): Reply {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: { 'content-type': 'application/json' }, cookies: [], body };
}

interface FunctionAnswer {
  statusCode?: number;
  headers?: Record<string, string | number | boolean>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

/** A function's answer in payload format 2.0: one without a status code is itself the body of a 200. */
export function replyOf(value: unknown): Reply {
  const answer = (typeof value === 'object' && value !== null ? value : {}) as FunctionAnswer;
  if (answer.statusCode === undefined) {
    const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers ?? {}).map(([name, text]) => [name.toLowerCase(), String(text)]),
  );
  const body = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > 0) headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return { statusCode: answer.statusCode, headers, cookies: answer.cookies ?? [], body };
}
