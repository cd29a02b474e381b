import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Operation } from '../bad-input/operations.ts';
import { type Got, send } from '../bad-input/sending.ts';
import { type Valid, validRequests } from '../bad-input/valid.ts';
import { wireOf } from '../bad-input/wire.ts';
import { BODIES } from './bodies.ts';
import { idsOf, type Values } from './ids.ts';

/** What a caller was told, as far as one could tell two things apart by it, and what it took. */
export interface Answer {
  told: string;
  headers: Record<string, unknown>;
  text: string;
  /** The calls to the table. */
  calls: readonly string[];
}

const SEED = 7;
const OTHER_EACH_TIME = ['date', 'connection', 'keep-alive'];

function bodyOf(operation: Operation, ids: Values): unknown {
  const make = BODIES[operation.name];
  if (make || !operation.body) return make?.(ids);
  if (idsOf(operation).some(({ at }) => at === 'body')) {
    throw new Error(`${operation.name} takes an id in its body: BODIES says nothing of it.`);
  }
  const [sample] = fc.sample(validRequests(operation, { values: {}, spare: [] }), { seed: SEED, numRuns: 1 });
  return sample?.body;
}

/** A good request that names these ids. */
function requestOf(operation: Operation, ids: Values, key: string): Valid {
  const given = (where: 'path' | 'query') =>
    Object.fromEntries(
      idsOf(operation)
        .filter(({ name, at }) => at === where && ids[name] !== undefined)
        .map(({ name }) => [name, ids[name] ?? '']),
    );
  const query = given('query');
  return {
    params: given('path'),
    query: operation.query.some(([name]) => name === 'limit') ? { ...query, limit: '1' } : query,
    body: bodyOf(operation, ids),
    key: operation.row.key ? key : undefined,
  };
}

const textIn = ({ body }: Got, name: string) => (body?.[name] as string | undefined) ?? '';
const codeOf = (got: Got) => (got.status < 400 ? '' : textIn(got, 'code') || textIn(got, 'error'));

/** Without what is another each time: the id of the request, and the ids that were asked for. */
function plain(text: string, ids: readonly string[]): string {
  return ids.filter(Boolean).reduce((left, id) => left.replaceAll(id, ''), text);
}

/** Asks this route for these ids under this token. */
export type Ask = (operation: Operation, ids: Values, token?: string, key?: string) => Promise<Answer>;

export function asking(url: string, heard: () => string[]): Ask {
  return async (operation, ids, token, key = randomUUID()) => {
    heard();
    const got = await send(url, wireOf(operation, requestOf(operation, ids, key), token));
    const kept = Object.entries(got.headers).filter(([name]) => !OTHER_EACH_TIME.includes(name));
    return {
      told: `${got.status} ${codeOf(got)}`.trim(),
      headers: Object.fromEntries(kept),
      text: plain(got.text, [textIn(got, 'instance'), ...Object.values(ids)]),
      calls: heard(),
    };
  };
}
