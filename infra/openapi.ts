import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { contracts } from '../shared/contracts.ts';
import { type ErrorCode, errorRow, general, titleOf } from '../shared/errors.ts';
import { mediaOf, type Row } from '../shared/http/contract.ts';
import { examples } from './openapi-examples.ts';
import { grants } from './openapi-grants.ts';
import { guide } from './openapi-guide.ts';
import { problem } from './openapi-problem.ts';

const gatewayRefusal = z.object({ message: z.string() }).meta({
  id: 'GatewayRefusal',
  description:
    'What the gateway itself refuses: no Authorization header (401), over 10 MB (413), throttled (429), down (503)',
});

const idempotencyKey = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: 'Makes a repeat of this request safe: same key, same answer', examples: ['5f0c7a2e-1'] });

const SCHEMES: Record<Row['auth'], string> = { none: '', member: 'member', partner: 'partner', staff: 'staff' };

/** The refusals of a row, by status: its own, and those that its form makes possible. */
function refusalsOf(row: Row): Map<number, ErrorCode[]> {
  const possible = general.filter((code) => {
    if (code.startsWith('auth.')) return row.auth !== 'none';
    if (code.startsWith('request.key')) return row.key === true;
    if (code === 'request.too_many') return row.auth === 'partner';
    if (code === 'request.malformed' || code === 'request.too_large' || code === 'request.media_type')
      return row.body !== undefined;
    return true;
  });
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set<ErrorCode>([...row.refusals, ...possible])) {
    const { status } = errorRow(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** What the gateway refuses before any function is asked, by status. */
function gatewayRefusalsOf(row: Row): Map<number, string> {
  return new Map([
    ...(row.params ? [[400, 'The path is not well encoded'] as const] : []),
    ...(row.auth === 'none'
      ? []
      : [
          [401, 'There is no Authorization header'] as const,
          [500, 'It cannot be told whether the token counts'] as const,
        ]),
    ...(row.body ? [[413, 'The body is larger than 10 MB'] as const] : []),
    [429, 'Too many requests at once'],
    [503, 'The function did not answer'],
  ]);
}

/** What a client waits by, where a refusal of ours says it. */
const RETRY_AFTER = {
  'Retry-After': {
    description: 'In so many seconds to come back with the same request; what the gateway refuses itself has none',
    schema: { type: 'integer' as const },
  },
};

function refusalResponses(row: Row) {
  const [ours, theirs] = [refusalsOf(row), gatewayRefusalsOf(row)];
  const statuses = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => {
      const said = (ours.get(status) ?? []).map((code) => `\`${code}\` ${titleOf(code).en}`);
      const gateway = theirs.get(status);
      const content = {
        ...(said.length > 0 && { 'application/problem+json': { schema: problem } }),
        ...(gateway && { 'application/json': { schema: gatewayRefusal } }),
      };
      const description = [...said, ...(gateway ? [gateway] : [])].join(' · ');
      const waits = [429, 503].includes(status) && said.length > 0;
      return [String(status), { description, ...(waits && { headers: RETRY_AFTER }), content }];
    }),
  );
}

/** OAuth2 has a form of its own for its refusals (RFC 6749 §5.2), in the schema of the answer. */
function oauthRefusals(row: Row): ZodOpenApiOperationObject['responses'] {
  if (!row.form) return {};
  const content = { 'application/json': { schema: row.response }, 'application/problem+json': { schema: problem } };
  return {
    '400': { description: 'invalid_request · invalid_scope · unsupported_grant_type', content },
    '401': { description: 'invalid_client', content },
  };
}

function securityOf(row: Row): { security: Record<string, string[]>[] } {
  if (row.auth === 'none') return { security: [] };
  const grants = row.auth === 'partner' ? [row.scope] : row.auth === 'staff' ? [row.permission] : [];
  return { security: [{ [SCHEMES[row.auth]]: grants }] };
}

function successOf(row: Row) {
  const media = (row.media ?? 'application/json').split(';')[0] ?? '';
  const replayed = {
    'Idempotency-Replayed': {
      description: 'true when this answer was given before',
      schema: { type: 'string' as const },
    },
  };
  return {
    description: row.summary.en,
    ...(row.status !== 204 && { content: { [media]: { schema: row.response } } }),
    ...(row.key && { headers: replayed }),
  };
}

function operationOf(domain: string, name: string, row: Row): ZodOpenApiOperationObject {
  const media = mediaOf(row);
  const optional = row.body?.safeParse(undefined).success ?? false;
  const operationId = `${domain}.${name}`;
  const body = row.body && { schema: row.body, example: examples[operationId] };
  return {
    operationId,
    tags: [domain],
    summary: `${row.summary.en} · ${row.summary.zh}`,
    ...securityOf(row),
    requestParams: {
      ...(row.params && { path: row.params }),
      ...(row.query && { query: row.query }),
      ...(row.key && { header: z.object({ 'Idempotency-Key': idempotencyKey }) }),
    },
    ...(body && { requestBody: { required: !optional, content: { [media]: body } } }),
    responses: { [String(row.status)]: successOf(row), ...refusalResponses(row), ...oauthRefusals(row) },
  };
}

function pathsOf(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const { name: domain, rows } of contracts) {
    if (domain === 'front-door') continue;
    for (const [name, row] of Object.entries(rows)) {
      paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(domain, name, row) };
    }
  }
  return paths;
}

function tagOf({ name, says }: (typeof contracts)[number]) {
  return { name, description: `${says.en} · ${says.zh}` };
}

/** Every scope or permission that a row asks for, for the OAuth2 scheme of its kind of client. */
function grantsOf(kind: 'partner' | 'staff'): Record<string, string> {
  const names = contracts.flatMap(({ rows }) =>
    Object.values(rows).flatMap((row: Row) => {
      if (row.auth !== kind || (row.auth !== 'partner' && row.auth !== 'staff')) return [];
      return [row.auth === 'partner' ? row.scope : row.permission, ...(row.wider ?? [])];
    }),
  );
  return Object.fromEntries(names.map((name) => [name, grants[name] ?? '']));
}

function clientScheme(kind: 'partner' | 'staff') {
  const clientCredentials = { tokenUrl: '/v1/auth/token', scopes: grantsOf(kind) };
  return { type: 'oauth2' as const, flows: { clientCredentials } };
}

/** The whole API as OpenAPI 3.1, out of the contract rows. */
export function openApiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Points Mall 积分商城',
      version: '1.0.0',
      description: guide,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: contracts.filter(({ name }) => name !== 'front-door').map(tagOf),
    paths: pathsOf(),
    components: {
      securitySchemes: {
        member: { type: 'http', scheme: 'bearer', description: 'The `accessToken` of POST /v1/auth/sessions' },
        partner: clientScheme('partner'),
        staff: clientScheme('staff'),
      },
    },
  });
}
