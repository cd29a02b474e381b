import * as z from 'zod';
import { contract } from '../http/contract.ts';

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

export const partnersContract = contract(
  'partners',
  { zh: '合作系统令牌', en: 'Tokens of partner systems and staff clients' },
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
  },
);
