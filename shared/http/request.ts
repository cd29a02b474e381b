import * as z from 'zod';
import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { authorizerContext, type Caller } from './caller.ts';
import { mediaOf, type Row } from './contract.ts';
import type { ApiEvent } from './event.ts';
import { type Fault, faultAt, readJson } from './json.ts';
import { type Language, languageOf } from './problem.ts';

const MAX_BODY_BYTES = 64 * 1024;
/** What stands where a gateway met bytes that are no UTF-8. */
const REPLACED = '\uFFFD';
const KEY = /^[!-~]{1,128}$/;
/** What a row takes that speaks of no query: a parameter that nobody reads is refused. */
const NO_QUERY = z.strictObject({});

/** A request that passed the checks of its row. */
export interface Incoming {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: Caller | undefined;
  key: string | undefined;
  route: string;
  language: Language;
  headers: Record<string, string | undefined>;
  /** From where the gateway was called. */
  address: string;
}

/** Who calls, by what the authorizer said; a token that died while its authorization was cached is expired here. */
export function callerOf(row: Row, event: ApiEvent): Caller | undefined {
  if (row.auth === 'none') return undefined;
  const given = event.requestContext.authorizer?.lambda;
  if (!given) throw new Refusal('auth.token_missing');
  const context = authorizerContext.parse(given);
  if ('problem' in context) throw new Refusal(context.problem);
  if (context.expiresAt <= now()) throw new Refusal('auth.token_expired');
  if (context.kind !== row.auth) throw new Refusal('auth.forbidden', { needs: row.auth });
  const grants = context.grants.split(' ').filter(Boolean);
  const needed = row.auth === 'partner' ? row.scope : row.auth === 'staff' ? row.permission : undefined;
  if (needed !== undefined && !grants.includes(needed)) throw new Refusal('auth.forbidden', { needs: needed });
  if (context.kind === 'member') {
    return { kind: 'member', id: `member:${context.id}`, memberId: context.id, sessionId: context.sessionId };
  }
  if (context.kind === 'staff') {
    const { id, sessionId } = context;
    return { kind: 'staff', id: `${sessionId === '' ? 'client' : 'person'}:${id}`, sessionId, grants };
  }
  return { kind: 'partner', id: `client:${context.id}`, clientId: context.id, grants };
}

function keyOf(row: Row, event: ApiEvent): string | undefined {
  if (!row.key) return undefined;
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') throw new Refusal('request.key_missing');
  if (!KEY.test(key)) throw new Refusal('request.key_invalid');
  return key;
}

function rawBody(event: ApiEvent): Buffer {
  const raw = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (raw.byteLength > MAX_BODY_BYTES) throw new Refusal('request.too_large', { maxBytes: MAX_BODY_BYTES });
  return raw;
}

/** The text of the body. A mark of the byte order is part of it: only a CSV file may begin with one. */
function textOf(raw: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    if (!text.includes(REPLACED)) return text;
  } catch {
    // Told below, as what the gateway replaced on the way here.
  }
  throw new Refusal('request.malformed');
}

/** The fields of a form; one that stands twice is a list, which no schema takes. */
function fieldsOf(text: string): unknown {
  const grouped = Map.groupBy(new URLSearchParams(text), ([name]) => name);
  return Object.fromEntries([...grouped].map(([name, [one, ...more]]) => [name, more.length > 0 ? [] : one?.[1]]));
}

function parseBody(row: Row, event: ApiEvent): unknown {
  if (!row.body) return undefined;
  const raw = rawBody(event);
  if (raw.byteLength === 0) return undefined;
  const [media] = (event.headers['content-type'] ?? '').split(';');
  const wanted = mediaOf(row);
  const coding = event.headers['content-encoding'] ?? 'identity';
  if (media?.trim().toLowerCase() !== wanted || coding !== 'identity') {
    throw new Refusal('request.media_type', { wanted, coding: 'identity' });
  }
  const text = textOf(raw);
  if (row.csv) return text;
  try {
    return row.form ? fieldsOf(text) : readJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new Refusal('request.malformed') : error;
  }
}

type Issue = z.core.$ZodIssue;

/** What is wrong, by the name of each field: a name that is not known by its own, a choice by the nearest way to it. */
function faultsOf(where: Fault['in'], issues: readonly Issue[], below: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [...below, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => faultAt(where, [...path, key], 'is not known here'));
    }
    const ways = issue.code === 'invalid_union' ? issue.errors.map((way) => faultsOf(where, way, path)) : [];
    const [nearest] = ways.toSorted((a, b) => a.length - b.length);
    return nearest ?? faultAt(where, path, issue.message);
  });
}

/** Checks caller (unless that is known), key, and every part of the request; names each field that is wrong, all at once. */
export function readRequest(row: Row, event: ApiEvent, caller = callerOf(row, event)): Incoming {
  const key = keyOf(row, event);
  const faults: Fault[] = [];
  const check = (where: Fault['in'], schema: Row['body'], value: unknown) => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    faults.push(...faultsOf(where, result.error.issues));
    return undefined;
  };
  const params = check('path', row.params, event.pathParameters ?? {}) ?? {};
  const query = check('query', row.query ?? NO_QUERY, event.queryStringParameters ?? {}) ?? {};
  const body = check('body', row.body, parseBody(row, event));
  if (faults.length > 0) {
    // OAuth2 has a word of its own for it (RFC 6749 §5.2).
    throw new Refusal('request.invalid', {
      errors: faults.slice(0, 20),
      ...(row.form && { error: 'invalid_request' }),
    });
  }
  return {
    params,
    query,
    body,
    caller,
    key,
    route: `${row.method} ${row.path}`,
    language: languageOf(event.headers['accept-language']),
    headers: event.headers,
    address: event.requestContext.http.sourceIp,
  };
}
