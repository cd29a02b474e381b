import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { claimsOfWechat } from '../../shared/providers/identity/wechat.ts';

type Asked = { headers: Record<string, string | undefined>; address: string };

const originOf = ({ headers, address }: Asked) => ({ userAgent: headers['user-agent'], address });

export const handler = serve(identitiesContract, {
  wechat: async ({ body: { code, device }, ...asked }) => ({
    body: await logInBy(await claimsOfWechat(code), device, originOf(asked)),
  }),
});
