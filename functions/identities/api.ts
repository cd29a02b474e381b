import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { givePhone, givePhoneByCode } from '../../shared/auth/phones.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { claimsOfWechat, phoneOfWechat } from '../../shared/providers/identity/wechat.ts';

type Asked = { headers: Record<string, string | undefined>; address: string };

const originOf = ({ headers, address }: Asked) => ({ userAgent: headers['user-agent'], address });

export const handler = serve(identitiesContract, {
  wechat: async ({ body: { code, device }, ...asked }) => ({
    body: await logInBy(await claimsOfWechat(code), device, originOf(asked)),
  }),

  phone: async ({ body, caller: { memberId } }) => ({ body: await givePhoneByCode(memberId, body) }),

  wechatPhone: async ({ body: { code }, caller: { memberId } }) => ({
    body: await givePhone(memberId, await phoneOfWechat(code)),
  }),
});
