import type { Row } from './contract.ts';
import type { Answer, Language } from './problem.ts';

/** What a handler answers: the body, and whether it was given before for the same key. */
export interface Reply<T> {
  body: T;
  replayed?: boolean;
  /** Only where another protocol asks for it: OAuth2 errors. */
  status?: number;
  headers?: Record<string, string>;
}

/** The answer of a row: a field that its response does not name does not leave the house. */
export function answerOf(row: Row, reply: Reply<unknown>, language: Language): Answer {
  const body = row.response.parse(reply.body);
  return {
    statusCode: reply.status ?? row.status,
    headers: {
      'content-type': row.media ?? 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-language': language,
      ...(reply.replayed && { 'idempotency-replayed': 'true' }),
      ...reply.headers,
    },
    body: row.status === 204 ? '' : row.media ? String(body) : JSON.stringify(body),
  };
}
