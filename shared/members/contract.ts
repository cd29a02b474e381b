import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { foreignId, instant, memberId, phone } from '../http/fields.ts';

const tokens = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresInSeconds: z.int(),
  refreshToken: z.string(),
};

const session = z
  .object({ ...tokens, memberId, firstVisit: z.boolean().meta({ description: 'This login made the member' }) })
  .meta({ id: 'Session' });

const refreshed = z.object({ ...tokens, memberId }).meta({ id: 'RefreshedSession' });

const member = z
  .object({
    memberId,
    phone: z
      .string()
      .nullable()
      .meta({ description: 'Masked', examples: ['+86138****8000'] }),
    registeredAt: instant,
  })
  .meta({ id: 'Member' });

const staffMember = z
  .object({ ...member.shape, via: z.enum(['LOGIN', 'TILL', 'UPLOAD']).meta({ description: 'How they came' }) })
  .meta({ id: 'StaffMember' });

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
      body: z.strictObject({ phone }),
      status: 202,
      response: z.object({
        expiresInSeconds: z.int(),
        resendAfterSeconds: z.int(),
      }),
      refusals: ['auth.code_too_soon', 'auth.code_not_sent'],
    },
  },
);

export const membersContract = contract(
  'members',
  { zh: '会员与会话', en: 'Members and their sessions' },
  {
    logIn: {
      method: 'POST',
      path: '/v1/auth/sessions',
      auth: 'none',
      summary: { zh: '手机号与验证码登录，首次登录即注册', en: 'Log in with phone and code; the first time registers' },
      body: z.strictObject({
        phone,
        code: z
          .string()
          .regex(/^\d{6}$/)
          .meta({ examples: ['123456'] }),
      }),
      status: 201,
      response: session,
      refusals: ['auth.code_invalid'],
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
    me: {
      method: 'GET',
      path: '/v1/me',
      auth: 'member',
      summary: { zh: '我的资料', en: 'Who I am here' },
      status: 200,
      response: member,
      refusals: ['members.not_found'],
    },
    search: {
      method: 'POST',
      path: '/v1/members/search',
      auth: 'staff',
      permission: 'members.read',
      summary: {
        zh: '按手机号、外部编号或会员编号查找会员',
        en: 'Find a member by phone, external id or id; a search in a body, so that no phone stands in a URL',
      },
      body: z.union([
        z.strictObject({ phone }),
        z.strictObject({ memberId }),
        z.strictObject({ externalId: foreignId }),
      ]),
      status: 200,
      response: z.object({ items: z.array(staffMember).max(1) }),
      refusals: [],
    },
    read: {
      method: 'GET',
      path: '/v1/members/{memberId}',
      auth: 'staff',
      permission: 'members.read',
      summary: { zh: '会员资料', en: 'One member' },
      params: z.strictObject({ memberId }),
      status: 200,
      response: staffMember,
      refusals: ['members.not_found'],
    },
  },
);
