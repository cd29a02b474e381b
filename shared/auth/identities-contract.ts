import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { device, session } from './contract.ts';

const code = z
  .string()
  .regex(/^[ -~]{1,1024}$/)
  .meta({ description: 'What the provider gave the client; it counts once, and for a few minutes' });

/** Who asks providers who somebody is, and alone holds their secrets. */
export const identitiesContract = contract(
  'identities',
  { zh: '第三方登录与绑定', en: 'Logging in by others, and what is bound' },
  {
    wechat: {
      method: 'POST',
      path: '/v1/auth/sessions/wechat',
      auth: 'none',
      summary: {
        zh: '微信小程序一键登录，首次登录即注册，无需手机号',
        en: 'Log in from a WeChat mini-program in one tap; the first time registers, without a phone',
      },
      body: z.strictObject({ code, device: device.optional() }),
      status: 201,
      response: session,
      refusals: ['auth.provider_code_invalid', 'auth.provider_busy', 'members.erased'],
    },
  },
);
