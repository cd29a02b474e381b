import * as z from 'zod';
import { contract } from '../http/contract.ts';
import {
  codeId,
  device,
  instant,
  memberId,
  page,
  pageOf,
  phone,
  platform,
  pushService,
  session,
  sessionId,
  smsCode,
  tokens,
} from '../http/fields.ts';

const refreshed = z.object({ ...tokens, memberId }).meta({ id: 'RefreshedSession' });

const deviceId = z
  .string()
  .regex(/^[!-~]{8,64}$/)
  .meta({ description: 'An id that the app keeps for itself on this device', examples: ['6f1d3a0e-5b7c-4d2a'] });

const humanCheck = z
  .string()
  .regex(/^[!-~]{1,4096}$/)
  .meta({ description: 'What the human check gave to the page, where the mall has one (`auth.human_check`)' });

const openedSession = z
  .object({
    sessionId,
    current: z.boolean().meta({ description: 'The session of the token that asks' }),
    deviceName: z.string().nullable(),
    platform: platform.nullable(),
    app: z
      .enum(['WECHAT', 'ALIPAY', 'QQ', 'HUAWEI', 'EDGE', 'FIREFOX', 'CHROME', 'SAFARI', 'OTHER'])
      .nullable()
      .meta({ description: 'Told by the User-Agent of the login' }),
    network: z
      .string()
      .nullable()
      .meta({ description: 'From where it was opened, as coarse as a region', examples: ['203.0.*.*'] }),
    createdAt: instant,
    lastUsedAt: instant.meta({ description: 'When it was opened or last renewed' }),
    push: pushService.nullable().meta({ description: 'By whom its app is sent messages, where a push token counts' }),
  })
  .meta({ id: 'OpenSession' });

const pushToken = z
  .string()
  .regex(/^[!-~]{16,4096}$/)
  .meta({
    description: 'What the service calls this app on this device',
    examples: ['740f4707bebcf74f9b7c25d48e335894'],
  });

const keySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        use: z.literal('sig'),
        alg: z.literal('ES256'),
      }),
    ),
  })
  .meta({ id: 'KeySet', description: 'RFC 7517; a token names its key by `kid`' });

const asked = { deviceId: deviceId.optional(), humanCheck: humanCheck.optional() };

const sent = z.object({
  codeId,
  expiresInSeconds: z.int(),
  resendAfterSeconds: z.int().meta({ description: 'After so long the phone may be sent the next code' }),
});

const notSent = [
  'auth.code_too_soon',
  'auth.human_check',
  'auth.code_budget',
  'auth.code_not_sent',
  'mall.switched_off',
] as const;

/** Sending a code costs money and has a secret of its own: a function of its own, which can be switched off alone. */
export const loginCodesContract = contract(
  'login-codes',
  { zh: '登录验证码', en: 'Login codes by SMS' },
  {
    send: {
      method: 'POST',
      path: '/v1/auth/codes',
      auth: 'none',
      summary: { zh: '发送登录验证码', en: 'Send a login code by SMS' },
      body: z.strictObject({ phone, ...asked }),
      status: 202,
      response: sent,
      refusals: notSent,
    },
    sendStepUp: {
      method: 'POST',
      path: '/v1/me/step-up/codes',
      auth: 'member',
      summary: {
        zh: '向当前手机号发送二次验证码，用于更换手机号',
        en: 'Send a code to the phone that I have, for a step-up; it logs nobody in',
      },
      body: z.strictObject(asked).optional(),
      status: 202,
      response: sent.extend({ phone: z.string().meta({ description: 'Masked', examples: ['+86138****8000'] }) }),
      refusals: [...notSent, 'members.phone_missing', 'members.erased', 'members.not_found'],
    },
  },
);

export const authContract = contract(
  'auth',
  { zh: '登录与会话', en: 'Logging in, and sessions' },
  {
    logIn: {
      method: 'POST',
      path: '/v1/auth/sessions',
      auth: 'none',
      summary: { zh: '手机号与验证码登录，首次登录即注册', en: 'Log in with phone and code; the first time registers' },
      body: z.strictObject({
        phone,
        code: smsCode,
        codeId: codeId.optional(),
        device: device.optional(),
      }),
      status: 201,
      response: session,
      refusals: ['auth.code_invalid', 'members.erased'],
    },
    refresh: {
      method: 'POST',
      path: '/v1/auth/sessions/refresh',
      auth: 'none',
      summary: { zh: '换取新的访问令牌', en: 'A new access token for a refresh token, which is then used up' },
      body: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
      status: 200,
      response: refreshed,
      refusals: ['auth.session_ended'],
    },
    logOut: {
      method: 'DELETE',
      path: '/v1/auth/sessions/current',
      auth: 'member',
      summary: { zh: '退出登录', en: 'End this session' },
      status: 204,
      response: z.null(),
      refusals: [],
    },
    keys: {
      method: 'GET',
      path: '/.well-known/jwks.json',
      auth: 'none',
      summary: { zh: '验证访问令牌的公钥（JWKS）', en: 'The public keys of access tokens (JWKS)' },
      status: 200,
      response: keySet,
      refusals: [],
    },
    sessions: {
      method: 'GET',
      path: '/v1/me/sessions',
      auth: 'member',
      summary: { zh: '我的会话，最新的在前', en: 'Where I am logged in, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(openedSession),
      refusals: ['request.cursor_invalid'],
    },
    endSession: {
      method: 'DELETE',
      path: '/v1/me/sessions/{sessionId}',
      auth: 'member',
      summary: { zh: '结束一个会话', en: 'End one session of mine' },
      params: z.strictObject({ sessionId }),
      status: 204,
      response: z.null(),
      refusals: ['auth.session_not_found', 'auth.session_ended'],
    },
    endOtherSessions: {
      method: 'DELETE',
      path: '/v1/me/sessions',
      auth: 'member',
      summary: { zh: '结束其他所有会话', en: 'End all my sessions but this one' },
      status: 204,
      response: z.null(),
      refusals: ['auth.session_ended'],
    },
    registerPushToken: {
      method: 'PUT',
      path: '/v1/me/push-token',
      auth: 'member',
      summary: {
        zh: '登记本会话的推送令牌，每次启动应用时调用；90 天内有效，同一令牌只属于最后登记的会话',
        en: 'Register the push token of this session, at each start of the app; it counts for 90 days, for the last session that registers it',
      },
      body: z.strictObject({ service: pushService, token: pushToken }),
      status: 200,
      response: z.object({ service: pushService, registeredAt: instant }).meta({ id: 'PushRegistration' }),
      refusals: ['auth.session_ended'],
    },
    removePushToken: {
      method: 'DELETE',
      path: '/v1/me/push-token',
      auth: 'member',
      summary: { zh: '注销本会话的推送令牌', en: 'Take the push token off this session' },
      status: 204,
      response: z.null(),
      refusals: ['auth.session_ended'],
    },
  },
);
