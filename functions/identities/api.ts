import type { SaidDevice } from '../../shared/auth/devices.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { givePhone, givePhoneByCode } from '../../shared/auth/phones.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { bind, boundTo, unbind } from '../../shared/members/members.ts';
import { iso } from '../../shared/platform/clock.ts';
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

async function shown(memberId: string) {
  return { items: (await boundTo(memberId)).map((one) => ({ ...one, boundAt: iso(one.boundAt) })) };
}

export const handler = serve(identitiesContract, {
  wechat: logInThrough('WECHAT'),
  wechatWeb: logInThrough('WECHAT_WEB'),
  qq: logInThrough('QQ'),
  alipay: logInThrough('ALIPAY'),

  bind: async ({ body: { provider, code }, caller: { memberId } }) => {
    await bind(memberId, await claimsBy[provider](code));
    return { body: await shown(memberId) };
  },

  bound: async ({ caller: { memberId } }) => ({ body: await shown(memberId) }),

  unbind: async ({ params: { provider }, caller: { memberId } }) => {
    await unbind(memberId, provider);
    return { body: null };
  },

  phone: async ({ body, caller: { memberId } }) => ({ body: await givePhoneByCode(memberId, body) }),

  wechatPhone: async ({ body: { code }, caller: { memberId } }) => ({
    body: await givePhone(memberId, await phoneOfWechat(code)),
  }),
});
