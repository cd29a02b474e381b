import type * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Bilingual } from '../platform/bilingual.ts';

/**
 * Who may call: nobody in particular, a member on `/me`, a partner system with a scope, staff with a permission. A
 * scope or permission of `wider` is not asked for, but who has it may do more there.
 */
export type Auth =
  | { auth: 'none' }
  | { auth: 'member' }
  | { auth: 'partner'; scope: string; wider?: readonly string[] }
  | { auth: 'staff'; permission: string; wider?: readonly string[] };

/**
 * One route, written once. The gateway's route, the handler's types, validation and the OpenAPI document all come from it.
 * `key: true` makes the `Idempotency-Key` header required. `media` is set where an answer is not JSON.
 */
export type Row = Auth & {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: `/${string}`;
  summary: Bilingual;
  key?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body comes as `application/x-www-form-urlencoded` (OAuth2 only). */
  form?: true;
  /** The body comes as `text/csv`, and is handed on as text. */
  csv?: true;
  status: 200 | 201 | 202 | 204;
  response: z.ZodType;
  media?: string;
  refusals: readonly ErrorCode[];
};

/** In which form the body of a row comes. */
export function mediaOf({ form, csv }: Pick<Row, 'form' | 'csv'>): string {
  if (form) return 'application/x-www-form-urlencoded';
  return csv ? 'text/csv' : 'application/json';
}

/** The routes of one function; `name` is its folder under `functions/`, `says` what they are about. */
export interface Contract<Rows extends Record<string, Row> = Record<string, Row>> {
  name: string;
  says: Bilingual;
  rows: Rows;
}

/** Keeps the literal types of the rows, so that a handler that is missing or extra does not compile. */
export function contract<const Rows extends Record<string, Row>>(
  name: string,
  says: Bilingual,
  rows: Rows,
): Contract<Rows> {
  return { name, says, rows };
}
