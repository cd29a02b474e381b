import type { SaidDevice } from '../../shared/auth/devices.ts';
import { mustBeLoggedIn } from '../../shared/auth/endings.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { changePhone } from '../../shared/auth/phone-change.ts';
import { givePhone, givePhoneByCode } from '../../shared/auth/phones.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { bind, boundTo, unbind } from '../../shared/members/members.ts';
import { iso } from '../../shared/platform/clock.ts';
import { claimsBy, type Given } from '../../shared/providers/identity/providers.ts';
import { phoneOfWechat } from '../../shared/providers/identity/wechat.ts';

interface Asked {
  body: { device?: SaidDevice | undefined };
  headers: Record<string, string | undefined>;
  address: string;
}

/** Logs in whom the provider vouches for that gave this. */
async function logIn(given: Given, { body: { device }, headers, address }: Asked) {
  const origin = { userAgent: headers['user-agent'], address };
  return { body: await logInBy(await claimsBy(given), device, origin) };
}

async function shown(memberId: string) {
  return { items: (await boundTo(memberId)).map((one) => ({ ...one, boundAt: iso(one.boundAt) })) };
}

export const handler = serve(identitiesContract, {
  wechat: (asked) => logIn({ provider: 'WECHAT', ...asked.body }, asked),
  wechatWeb: (asked) => logIn({ provider: 'WECHAT_WEB', ...asked.body }, asked),
  qq: (asked) => logIn({ provider: 'QQ', ...asked.body }, asked),
  alipay: (asked) => logIn({ provider: 'ALIPAY', ...asked.body }, asked),
  oidc: (asked) => logIn({ provider: 'OIDC', ...asked.body }, asked),

  bind: async ({ body, caller }) => {
    const claims = await claimsBy(body);
    await mustBeLoggedIn(caller);
    await bind(caller.memberId, claims);
    return { body: await shown(caller.memberId) };
  },

  bound: async ({ caller: { memberId } }) => ({ body: await shown(memberId) }),

  unbind: async ({ params: { provider }, caller }) => {
    await mustBeLoggedIn(caller);
    await unbind(caller.memberId, provider);
    return { body: null };
  },

  phone: async ({ body, caller }) => ({ body: await givePhoneByCode(caller, body) }),

  changePhone: async ({ body, caller }) => ({ body: await changePhone(caller, body) }),

  wechatPhone: async ({ body: { code }, caller }) => ({
    body: await givePhone(caller, await phoneOfWechat(code)),
  }),
});
