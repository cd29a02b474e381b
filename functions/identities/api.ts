import type { SaidDevice } from '../../shared/auth/devices.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { givePhone, givePhoneByCode } from '../../shared/auth/phones.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { claimsBy } from '../../shared/providers/identity/providers.ts';
import { phoneOfWechat } from '../../shared/providers/identity/wechat.ts';

interface Asked {
  body: { code: string; device?: SaidDevice | undefined };
  headers: Record<string, string | undefined>;
  address: string;
}

/** The handler that logs in whom this provider vouches for. */
function logInThrough(provider: keyof typeof claimsBy) {
  return async ({ body: { code, device }, headers, address }: Asked) => ({
    body: await logInBy(await claimsBy[provider](code), device, { userAgent: headers['user-agent'], address }),
  });
}

export const handler = serve(identitiesContract, {
  wechat: logInThrough('WECHAT'),
  wechatWeb: logInThrough('WECHAT_WEB'),
  qq: logInThrough('QQ'),
  alipay: logInThrough('ALIPAY'),

  phone: async ({ body, caller: { memberId } }) => ({ body: await givePhoneByCode(memberId, body) }),

  wechatPhone: async ({ body: { code }, caller: { memberId } }) => ({
    body: await givePhone(memberId, await phoneOfWechat(code)),
  }),
});
