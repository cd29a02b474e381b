import type { SaidDevice } from '../../shared/auth/devices.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { changePhone } from '../../shared/auth/phone-change.ts';
import { logInBy } from '../../shared/auth/sessions.ts';
import { bindBy, givePhoneByCode, givePhoneByWechat, unbindFrom } from '../../shared/auth/ways-in.ts';
import { serve } from '../../shared/http/api.ts';
import { boundTo } from '../../shared/members/members.ts';
import { iso } from '../../shared/platform/clock.ts';
import { requestDigest } from '../../shared/platform/ids.ts';
import { claimsBy, type Given } from '../../shared/providers/identity/providers.ts';

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

  bind: async ({ body, caller, route }) => {
    await bindBy(caller, body, await requestDigest({ route, body }));
    return { body: await shown(caller.memberId) };
  },

  bound: async ({ caller: { memberId } }) => ({ body: await shown(memberId) }),

  unbind: async ({ params: { provider }, caller }) => {
    await unbindFrom(caller, provider);
    return { body: null };
  },

  phone: async ({ body, caller, route }) => ({
    body: await givePhoneByCode(caller, body, await requestDigest({ route, body })),
  }),

  changePhone: async ({ body, caller, route }) => ({
    body: await changePhone(caller, body, await requestDigest({ route, body })),
  }),

  wechatPhone: async ({ body, caller, route }) => ({
    body: await givePhoneByWechat(caller, body.code, await requestDigest({ route, body })),
  }),
});
