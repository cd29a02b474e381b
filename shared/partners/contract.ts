import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { foreignId, instant, page, pageOf, secretId, text } from '../http/fields.ts';

const token = z
  .object({
    access_token: z.string().optional(),
    token_type: z.literal('Bearer').optional(),
    expires_in: z.int().optional(),
    scope: z.string().optional(),
    error: z.string().optional(),
    error_description: z.string().optional(),
  })
  .meta({ id: 'OAuth2Token', description: 'RFC 6749 §5.1; errors as §5.2 with status 400 or 401' });

const kind = z.enum(['partner', 'staff']).meta({ description: 'A till or a shop, or a tool of the staff' });

/** That there is such a grant, and for which kind, is the domain's to know. */
const grants = z
  .array(z.string().regex(/^[a-z_]{1,32}[.:][a-z_]{1,32}$/))
  .min(1)
  .max(40)
  .meta({ description: 'What it may do', examples: [['purchases:write', 'holds:write']] });

const requestsPerMinute = z
  .int()
  .min(20)
  .max(600_000)
  .meta({ description: 'How many requests a minute a partner has; 600 when nothing is said', examples: [600] });

const status = z.enum(['ENABLED', 'DISABLED']);

const client = z
  .object({
    clientId: z.string(),
    kind,
    name: z.string(),
    grants: z.array(z.string()),
    status,
    requestsPerMinute,
    secrets: z.array(z.object({ secretId, createdAt: instant })).meta({ description: 'The oldest first, two at most' }),
    createdAt: instant,
  })
  .meta({ id: 'OAuth2Client' });

const clientSecret = z.string().meta({ description: 'Given out here alone' });

const manager = { auth: 'staff', permission: 'partners.manage' } as const;
const params = z.strictObject({ clientId: foreignId });

export const partnersContract = contract(
  'partners',
  { zh: '合作系统与令牌', en: 'Partner systems and staff clients, and their tokens' },
  {
    token: {
      method: 'POST',
      path: '/v1/auth/token',
      auth: 'none',
      summary: {
        zh: '合作系统与员工客户端换取访问令牌（OAuth2 client credentials）',
        en: 'An access token for a partner system or a staff client (OAuth2 client credentials)',
      },
      // What it does not know is not looked at (RFC 6749 §3.2).
      query: z.looseObject({}),
      form: true,
      body: z
        .looseObject({
          grant_type: z
            .string()
            .optional()
            .meta({ examples: ['client_credentials'] }),
          client_id: z.string().optional().meta({ description: 'Or by HTTP Basic' }),
          client_secret: z.string().optional(),
          scope: z.string().optional().meta({ description: 'Fewer than the client has; all when absent' }),
        })
        .optional(),
      status: 200,
      response: token,
      refusals: [],
    },
    makeClient: {
      method: 'POST',
      path: '/v1/clients',
      ...manager,
      summary: { zh: '新建合作系统或员工客户端', en: 'Make a client of a partner or of staff' },
      key: true,
      body: z.strictObject({ kind, name: text(100), grants, requestsPerMinute: requestsPerMinute.optional() }),
      status: 201,
      response: z.object({ ...client.shape, secretId, clientSecret }).meta({ id: 'NewOAuth2Client' }),
      refusals: ['partners.grants_unknown', 'request.key_reused'],
    },
    listClients: {
      method: 'GET',
      path: '/v1/clients',
      ...manager,
      summary: { zh: '全部客户端，最新的在前', en: 'All clients, the newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(client),
      refusals: ['request.cursor_invalid'],
    },
    readClient: {
      method: 'GET',
      path: '/v1/clients/{clientId}',
      ...manager,
      summary: { zh: '查看客户端', en: 'One client' },
      params,
      status: 200,
      response: client,
      refusals: ['partners.client_not_found'],
    },
    changeClient: {
      method: 'PATCH',
      path: '/v1/clients/{clientId}',
      ...manager,
      summary: {
        zh: '更改或停用客户端（权限随下一个令牌生效，停用后不再发放令牌）',
        en: 'Change or disable a client: grants count with its next token, and one that is disabled gets none',
      },
      params,
      body: z
        .strictObject({ name: text(100), grants, status, requestsPerMinute })
        .partial()
        .refine((change) => Object.keys(change).length > 0, 'says nothing'),
      status: 200,
      response: client,
      refusals: ['partners.client_not_found', 'partners.grants_unknown', 'partners.secret_last'],
    },
    addSecret: {
      method: 'POST',
      path: '/v1/clients/{clientId}/secrets',
      ...manager,
      summary: { zh: '添加第二个密钥以便轮换', en: 'A second secret, so that the first can be replaced' },
      key: true,
      params,
      status: 201,
      response: z.object({ secretId, clientSecret, createdAt: instant }).meta({ id: 'NewClientSecret' }),
      refusals: ['partners.client_not_found', 'partners.secrets_full', 'partners.secret_not_found'],
    },
    removeSecret: {
      method: 'DELETE',
      path: '/v1/clients/{clientId}/secrets/{secretId}',
      ...manager,
      summary: { zh: '删除密钥', en: 'Remove a secret' },
      params: z.strictObject({ clientId: foreignId, secretId }),
      status: 204,
      response: z.null(),
      refusals: ['partners.client_not_found', 'partners.secret_not_found', 'partners.secret_last'],
    },
  },
);
