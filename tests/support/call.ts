import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { expect } from 'vitest';
import { general } from '../../shared/errors.ts';
import type { Contract, Row } from '../../shared/http/contract.ts';
import type { ApiEvent } from '../../shared/http/event.ts';
import type { Answer } from '../../shared/http/problem.ts';
import { asFunction } from './permitted.ts';

/** What an authorizer would say of who calls. */
export type Who = Record<string, string | number>;

/** Later than any clock of a test. */
const LATER = Date.parse('2100-01-01T00:00:00.000Z');

/** In which session each member logged in last. */
const newest = new Map<string, string>();

/** Notes a session of which an answer tells. */
export function noteLogin({ memberId, refreshToken, session }: Record<string, unknown>): void {
  if (typeof session === 'object' && session) noteLogin(session as Record<string, unknown>);
  if (typeof refreshToken === 'string') newest.set(memberId as string, refreshToken.split('.')[1] ?? '');
}

/** A member, in the session in which they logged in last. */
export const asMember = (memberId: string): Who => ({
  kind: 'member',
  id: memberId,
  sessionId: newest.get(memberId) ?? 'ses_TEST',
  grants: '',
  expiresAt: LATER,
});

export const asTill = (scope = 'purchases:write'): Who => ({
  kind: 'partner',
  id: 'till-1',
  sessionId: '',
  grants: scope,
  expiresAt: LATER,
});

export const asStaff = (...permissions: string[]): Who => ({
  kind: 'staff',
  id: 'staff-1',
  sessionId: '',
  grants: permissions.join(' '),
  expiresAt: LATER,
});

/** A client that replaces the rules of the programme without a second person. */
export const asRuler = asStaff('programme.write', 'programme.write_alone');

/** A person who has logged in. */
export const asPerson = (staffId: string, ...permissions: string[]): Who => ({
  ...asStaff(...permissions),
  id: staffId,
  sessionId: 'ses_TEST',
});

export interface CallOptions {
  as?: Who | undefined;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  rawBody?: string;
  /** Sent as it is, as API Gateway sends what is not text. */
  bytes?: Uint8Array;
  key?: string | null;
  headers?: Record<string, string>;
  /** From where it comes. */
  address?: string;
  /** How many milliseconds the function has left. */
  left?: number;
}

export interface Called {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

let askers = 0;

/** Everybody comes from an address of their own, all of one network: what is counted by address is no matter here. */
function nextAddress(): string {
  askers += 1;
  return `203.0.${Math.floor(askers / 250) % 250}.${(askers % 250) + 1}`;
}

type Handler = (event: ApiEvent, context: Context) => Promise<Answer>;

function eventOf(
  row: Row,
  { as, params, query, body, rawBody, bytes, key, headers, address = nextAddress() }: CallOptions,
): ApiEvent {
  const idempotency = row.key && key !== null ? { 'idempotency-key': key ?? randomUUID() } : {};
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params?.[name] ?? '');
  const encoded = bytes && Buffer.from(bytes).toString('base64');
  const text = encoded ?? rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    version: '2.0',
    routeKey: `${row.method} ${row.path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...idempotency, ...headers },
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    ...(text !== undefined && { body: text }),
    isBase64Encoded: bytes !== undefined,
    requestContext: {
      http: { method: row.method, path, sourceIp: address },
      requestId: randomUUID(),
      ...(as && { authorizer: { lambda: as } }),
    },
  } as unknown as ApiEvent;
}

/** What a function is told of its invocation: that it has so many milliseconds left. */
export const contextWith = (left = 10_000) =>
  ({ awsRequestId: 'test', getRemainingTimeInMillis: () => left }) as Context;

/**
 * Sends a request to a route's function as API Gateway would after its authorizer, and holds the answer against the
 * row: its status, or a refusal that the row declares.
 */
export async function call<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  { left = 10_000, ...options }: CallOptions = {},
): Promise<Called> {
  const row = contract.rows[name] as Row;
  const { handler } = (await import(`../../functions/${contract.name}/api.ts`)) as { handler: Handler };
  const answer = await asFunction(`${contract.name}/api`, () => handler(eventOf(row, options), contextWith(left)));
  const body = (answer.body === '' ? {} : JSON.parse(answer.body)) as Record<string, unknown>;
  if (answer.headers['content-type']?.startsWith('application/problem+json')) {
    expect([...row.refusals, ...general], `${contract.name}.${name} does not declare`).toContain(body.code);
  }
  noteLogin(body);
  return { status: answer.statusCode, headers: answer.headers, body };
}
