import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { type ErrorCode, Refusal } from '../errors.ts';
import { withinInvocation } from '../platform/deadline.ts';
import { logger } from '../platform/logger.ts';
import { answerOf, type Reply } from './answer.ts';
import type { CallerOf } from './caller.ts';
import type { Contract, Row } from './contract.ts';
import type { ApiEvent } from './event.ts';
import { originOf, origins } from './origin.ts';
import { isPassing } from './passing.ts';
import { type Answer, type Language, languageOf, problem } from './problem.ts';
import { callerOf, type Incoming, readRequest } from './request.ts';

type Output<Schema, Absent> = Schema extends z.ZodType ? z.output<Schema> : Absent;

/** What a handler is given: validated parts, the caller that the row asks for, and the key where the row has one. */
export interface Request<R extends Row> {
  params: Output<R['params'], Record<never, never>>;
  query: Output<R['query'], Record<never, never>>;
  body: Output<R['body'], undefined>;
  caller: R['auth'] extends 'none' ? undefined : CallerOf<R['auth']>;
  key: R['key'] extends true ? string : undefined;
  /** `METHOD /path` of the row, for ids under a key and for cursors. */
  route: string;
  language: Language;
  headers: Record<string, string | undefined>;
  /** From where the gateway was called. */
  address: string;
}

export type Handlers<Rows extends Record<string, Row>> = {
  [Name in keyof Rows]: (request: Request<Rows[Name]>) => Promise<Reply<z.input<Rows[Name]['response']>>>;
};

type AnyHandler = (request: Incoming) => Promise<Reply<unknown>>;

/** Lets a partner in or refuses, before anything of the request is looked at. */
export type Admit = (partner: CallerOf<'partner'>) => Promise<void>;

/** Who serves partners says who counts their requests. */
type Admits<Rows extends Record<string, Row>> = 'partner' extends Rows[keyof Rows]['auth'] ? [admit: Admit] : [];

async function handle(row: Row, handler: AnyHandler, event: ApiEvent, admit: Admit | undefined): Promise<Answer> {
  const caller = callerOf(row, event);
  if (caller?.kind === 'partner') await admit?.(caller);
  const request = readRequest(row, event, caller);
  return answerOf(row, await origins.run(originOf(event), () => handler(request)), request.language);
}

/** Puts a refusal into words; what was not meant to be refused is logged, and the caller learns nothing of it. */
function refuse(error: unknown, event: ApiEvent): Answer {
  const language = languageOf(event.headers?.['accept-language']);
  const instance = event.requestContext.requestId;
  if (error instanceof Refusal) {
    const { kind, id } = (event.requestContext.authorizer?.lambda ?? {}) as Record<string, string>;
    logger.info('refused', { route: event.routeKey, code: error.code, who: id && `${kind}:${id}` });
    return problem(error.code, language, error.details, instance);
  }
  logger.error('failed', error as Error);
  const code: ErrorCode = isPassing(error) ? 'request.busy' : 'request.failed';
  return problem(code, language, {}, instance);
}

/**
 * The Lambda handler of a contract: finds the row by API Gateway's route key, checks caller, key and form, calls the
 * handler, and lets out what the row's response names. A row without a handler does not compile.
 */
export function serve<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  handlers: Handlers<Rows>,
  ...[admit]: Admits<Rows>
) {
  const routes = new Map(
    Object.entries(contract.rows).map(([name, row]) => [
      `${row.method} ${row.path}`,
      { row, handler: handlers[name as keyof Rows] as unknown as AnyHandler },
    ]),
  );
  return middy<ApiEvent, Answer, Error, Context>()
    .before(({ event, context }) => {
      logger.addContext(context);
      logger.appendKeys({ requestId: event.requestContext.requestId });
    })
    .onError((request) => {
      request.response = refuse(request.error, request.event);
    })
    .handler(async (event, context) => {
      const route = routes.get(event.routeKey);
      if (!route) throw new Error(`${contract.name} is not the function of ${event.routeKey}.`);
      return withinInvocation(context, () => handle(route.row, route.handler, event, admit));
    });
}
