import type { Functions } from './functions.ts';
import type { Reply, Request } from './http-event.ts';
import { signedService } from './sigv4.ts';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

function json(statusCode: number, text: string, headers: Record<string, string> = {}): Reply {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    cookies: [],
    body: Buffer.from(text),
  };
}

function failure(statusCode: number, type: string, message: string): Reply {
  return json(statusCode, JSON.stringify({ Type: 'User', message }), { 'x-amzn-errortype': type });
}

/** Lambda's own door: runs one of the template's functions for who waits for it. Undefined for what is no such call. */
export async function answerInvoke(
  request: Request,
  { names, invoke }: Pick<Functions, 'names' | 'invoke'>,
): Promise<Reply | undefined> {
  const asked = PATH.exec(request.path)?.[1];
  if (asked === undefined || request.method !== 'POST' || signedService(request) !== 'lambda') return undefined;
  const arn = decodeURIComponent(asked);
  const name = arn.split(':')[6] ?? arn;
  if (!names.includes(name)) return failure(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
  if ((request.headers['x-amz-invocation-type'] ?? 'RequestResponse') !== 'RequestResponse')
    return failure(400, 'InvalidParameterValueException', 'Here functions are only invoked by who waits for them.');
  const outcome = await invoke(name, JSON.parse(request.body.toString('utf8') || 'null'));
  if (!outcome.failed) return json(200, JSON.stringify(outcome.value ?? null));
  if (outcome.failed === 'throttled') return failure(429, 'TooManyRequestsException', 'Rate Exceeded.');
  return json(200, JSON.stringify(outcome.error), { 'x-amz-function-error': 'Unhandled' });
}
