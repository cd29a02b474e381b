import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { codeId, device, instant, phone, session, smsCode } from '../http/fields.ts';

const code = z
  .string()
  .regex(/^[ -~]{1,1024}$/)
  .meta({ description: 'What the provider gave the client; it counts once, and for a few minutes' });

/** What a client has of a login by OpenID Connect: the code that came back, and what it had made up for this login. */
const oidcLogin = {
  code,
  codeVerifier: z
    .string()
    .regex(/^[\w.~-]{43,128}$/)
    .meta({ description: 'Of PKCE (RFC 7636, S256): its digest was the code_challenge' }),
  nonce: z
    .string()
    .regex(/^[!-~]{16,128}$/)
    .meta({ description: 'As the client sent it to the login page; the id token must say the same' }),
};

const provider = ['auth.provider_code_invalid', 'auth.provider_busy', 'auth.provider_not_offered'] as const;

/** What makes or takes a way in is refused so where the session that asks has ended, or was not opened just now. */
const notFresh = [
  'auth.login_too_old',
  'auth.session_ended',
  'members.erased',
  'members.merged',
  'members.not_found',
] as const;

const given = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.enum(['WECHAT', 'WECHAT_WEB', 'QQ', 'ALIPAY']), code }),
  z.strictObject({ provider: z.literal('OIDC'), ...oidcLogin }),
]);

const stepUp = z.union([z.strictObject({ code: smsCode, codeId: codeId.optional() }), given]).meta({
  description: 'A code of `POST /v1/me/step-up/codes`; or, where that phone is lost, a provider bound for a day',
});

const boundPhone = z
  .object({ phone: z.string().meta({ description: 'Masked', examples: ['+86138****8000'] }) })
  .meta({ id: 'BoundPhone' });

const bound = z
  .object({
    provider: z
      .enum(['WECHAT', 'QQ', 'ALIPAY', 'OIDC', 'PHONE'])
      .meta({ description: 'PHONE: another phone than the one of `GET /v1/me`, which came by a merge' }),
    name: z.string().meta({ description: 'What it calls me, masked', examples: ['o**'] }),
    boundAt: instant,
  })
  .meta({ id: 'BoundIdentity' });
const identities = z.object({ items: z.array(bound) }).meta({ id: 'BoundIdentities' });

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
      refusals: [...provider, 'members.erased'],
    },
    wechatWeb: {
      method: 'POST',
      path: '/v1/auth/sessions/wechat-web',
      auth: 'none',
      summary: {
        zh: '微信公众号或网页授权登录',
        en: 'Log in by the OAuth2 of a WeChat official account or of WeChat’s login page',
      },
      body: z.strictObject({ code, device: device.optional() }),
      status: 201,
      response: session,
      refusals: [...provider, 'members.erased'],
    },
    qq: {
      method: 'POST',
      path: '/v1/auth/sessions/qq',
      auth: 'none',
      summary: { zh: 'QQ 登录', en: 'Log in by QQ' },
      body: z.strictObject({ code, device: device.optional() }),
      status: 201,
      response: session,
      refusals: [...provider, 'members.erased'],
    },
    alipay: {
      method: 'POST',
      path: '/v1/auth/sessions/alipay',
      auth: 'none',
      summary: { zh: '支付宝登录', en: 'Log in by Alipay' },
      body: z.strictObject({ code, device: device.optional() }),
      status: 201,
      response: session,
      refusals: [...provider, 'members.erased'],
    },
    oidc: {
      method: 'POST',
      path: '/v1/auth/sessions/oidc',
      auth: 'none',
      summary: {
        zh: 'OpenID Connect 登录（企业身份系统，授权码 + PKCE）',
        en: 'Log in by OpenID Connect (code and PKCE) at the issuer that the mall has chosen',
      },
      body: z.strictObject({ ...oidcLogin, device: device.optional() }),
      status: 201,
      response: session,
      refusals: [...provider, 'members.erased'],
    },
    bind: {
      method: 'POST',
      path: '/v1/me/identities',
      auth: 'member',
      summary: {
        zh: '绑定第三方账号（须在十分钟内登录过）',
        en: 'Bind what a provider calls me, to log in by it, within ten minutes of a login; never a second account',
      },
      body: given.meta({ id: 'NewIdentity' }),
      status: 200,
      response: identities,
      refusals: [...provider, 'members.identity_of_another', 'members.identities_full', ...notFresh],
    },
    bound: {
      method: 'GET',
      path: '/v1/me/identities',
      auth: 'member',
      summary: { zh: '我绑定的第三方账号', en: 'What I have bound' },
      status: 200,
      response: identities,
      refusals: [],
    },
    unbind: {
      method: 'DELETE',
      path: '/v1/me/identities/{provider}',
      auth: 'member',
      summary: {
        zh: '解绑第三方账号（须在十分钟内登录过）',
        en: 'Unbind all that a provider calls me, within ten minutes of a login, unless it is the last way in',
      },
      params: z.strictObject({ provider: bound.shape.provider }),
      status: 204,
      response: z.null(),
      refusals: ['members.identity_last', ...notFresh],
    },
    phone: {
      method: 'POST',
      path: '/v1/me/phone',
      auth: 'member',
      summary: {
        zh: '用短信验证码绑定手机号（须在十分钟内登录过）',
        en: 'Bind the phone to which a code was sent (`POST /v1/auth/codes`), within ten minutes of a login; one phone is one account',
      },
      body: z.strictObject({ phone, code: smsCode, codeId: codeId.optional() }),
      status: 200,
      response: boundPhone,
      refusals: ['auth.code_invalid', 'members.phone_taken', 'members.phone_bound', ...notFresh],
    },
    changePhone: {
      method: 'PUT',
      path: '/v1/me/phone',
      auth: 'member',
      summary: {
        zh: '更换手机号：新手机号的短信验证码，加二次验证；其他会话随即结束，24 小时内不能使用积分',
        en: 'Change my phone by a code of the new one and a step-up; other sessions end, and no points leave for 24 hours',
      },
      body: z.strictObject({ phone, code: smsCode, codeId: codeId.optional(), stepUp }),
      status: 200,
      response: boundPhone,
      refusals: [
        'auth.code_invalid',
        'auth.step_up_invalid',
        'auth.provider_busy',
        'auth.provider_not_offered',
        'auth.session_ended',
        'members.phone_missing',
        'members.phone_taken',
        'members.erased',
        'members.not_found',
      ],
    },
    wechatPhone: {
      method: 'POST',
      path: '/v1/me/phone/wechat',
      auth: 'member',
      summary: {
        zh: '用微信手机号快速验证组件的 code 绑定手机号（须在十分钟内登录过）',
        en: 'Bind the phone that WeChat knows, by a code of its phone button, within ten minutes of a login; one phone is one account',
      },
      body: z.strictObject({ code }),
      status: 200,
      response: boundPhone,
      refusals: [...provider, 'members.phone_taken', 'members.phone_bound', 'members.phone_missing', ...notFresh],
    },
  },
);
