import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { text } from '../http/fields.ts';

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

const madeClient = z
  .object({
    clientId: z.string(),
    clientSecret: z.string().meta({ description: 'Given out here alone' }),
    kind,
    name: z.string(),
    grants: z.array(z.string()),
  })
  .meta({ id: 'OAuth2Client' });

export const partnersContract = contract(
  'partners',
  { zh: '合作系统与员工客户端及其令牌', en: 'Partner systems and staff clients, and their tokens' },
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
      auth: 'staff',
      permission: 'clients.write',
      key: true,
      summary: {
        zh: '新建合作系统或员工客户端；密钥仅在此返回',
        en: 'Make a client for a partner system or for staff; its secret is told here alone',
      },
      body: z.strictObject({ kind, name: text(100), grants }),
      status: 201,
      response: madeClient,
      refusals: ['request.key_reused', 'partners.grants_unknown'],
    },
  },
);
