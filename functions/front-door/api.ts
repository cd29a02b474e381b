import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import document from '../../openapi.json' with { type: 'json' };
import { frontDoorContract } from '../../shared/front-door/contract.ts';
import { allowedOn, PAGE, START } from '../../shared/front-door/front-door.ts';
import { serve } from '../../shared/http/api.ts';
import type { ApiEvent } from '../../shared/http/event.ts';
import { languageOf, problem } from '../../shared/http/problem.ts';

const MEDIA: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
};

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

/** A file that lies beside this function in its bundle. */
function fileText(file: string): string {
  return file === 'start.js' ? START : readFileSync(new URL(file, import.meta.url), 'utf8');
}

const routes = serve(frontDoorContract, {
  document: async () => ({ body: document }),
  page: async () => ({ body: PAGE, headers: { 'content-security-policy': CSP } }),
  asset: async ({ params: { file } }) => ({
    body: fileText(file),
    headers: { 'content-type': MEDIA[file] ?? 'text/plain', 'cache-control': 'public, max-age=3600' },
  }),
});

/** What no route takes: to the page from where people look for it, 405 with `Allow` where the path is one of ours, 404 elsewhere. */
function refuse(event: ApiEvent): APIGatewayProxyStructuredResultV2 {
  const { method, path } = event.requestContext.http;
  if (method === 'GET' && (path === '/' || path === '/docs/')) {
    return { statusCode: 302, headers: { location: '/docs', 'cache-control': 'no-store' }, body: '' };
  }
  const allow = allowedOn(path, document.paths);
  const language = languageOf(event.headers['accept-language']);
  const instance = event.requestContext.requestId;
  if (allow.length === 0) return problem('request.unknown_path', language, { path }, instance);
  const answer = problem('request.unknown_method', language, { method, allow }, instance);
  return { ...answer, headers: { ...answer.headers, allow: allow.join(', ') } };
}

function zipped(answer: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 {
  const body = gzipSync(answer.body ?? '').toString('base64');
  return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body, isBase64Encoded: true };
}

/** The front door: the API's description, and an answer for what no route takes. */
export async function handler(event: ApiEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  if (event.routeKey === '$default') return refuse(event);
  const answer = await routes(event, context);
  const takesGzip = event.headers['accept-encoding']?.includes('gzip') ?? false;
  return takesGzip ? zipped(answer) : answer;
}
