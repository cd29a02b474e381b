import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { staffId } from '../http/fields.ts';
import { invitation, userName } from './contract.ts';

const GROUP = '[0-9A-HJKMNP-TV-Z]{4}';

const totpCode = z
  .string()
  .regex(/^\d{6}$/)
  .meta({ description: 'Six digits of the authenticator', examples: ['123456'] });

const token = z
  .string()
  .regex(/^stf_[0-9A-HJKMNP-TV-Z]{26}\.[\w-]{43}$/)
  .meta({
    description: 'The invitation, as it was handed over',
    examples: [`stf_5R7T9V1X3Z5B7D9F1H3K5M7P9R.${'x'.repeat(43)}`],
  });

const password = z
  .string()
  .min(12)
  .max(128)
  .meta({
    description: 'At least 12 characters; a common one is refused',
    examples: ['correct horse battery staple'],
  });

/** One that was set once: the rules of today are no matter. */
const oldPassword = z.string().min(1).max(128);

const session = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresInSeconds: z.int(),
    refreshToken: z.string(),
    staffId,
    permissions: z.array(z.string()),
  })
  .meta({ id: 'StaffSession' });

/** What is told who shows password and code once more. */
const proving = ['staff.not_found', 'staff.session_ended', 'staff.login_failed', 'staff.locked'] as const;

/** Who staff are: a function of its own, which alone reads passwords and makes tokens. */
export const staffSessionsContract = contract(
  'staff-sessions',
  { zh: '员工登录', en: 'Staff log in' },
  {
    firstOwner: {
      method: 'POST',
      path: '/v1/staff/first-owner',
      auth: 'none',
      summary: {
        zh: '用部署时生成的一次性密钥邀请首位所有者',
        en: 'Invite the first owner, by the secret of the deployment, once',
      },
      body: z.strictObject({ secret: z.string().min(1).max(200), userName }),
      status: 201,
      response: invitation,
      refusals: ['staff.first_owner_refused', 'staff.name_taken'],
    },
    accept: {
      method: 'POST',
      path: '/v1/staff/invitations/accept',
      auth: 'none',
      summary: {
        zh: '接受邀请：设置密码并绑定动态验证码',
        en: 'Accept an invitation: set a password, get the secret of an authenticator',
      },
      body: z.strictObject({ invitation: token, password }),
      status: 200,
      response: z.object({
        staffId,
        userName: z.string(),
        totpSecret: z.string().meta({ description: 'Base 32 (RFC 6238: SHA-1, six digits, 30 s)' }),
        totpUri: z.string().meta({ description: 'For a QR code' }),
      }),
      refusals: ['staff.invitation_invalid', 'staff.password_common'],
    },
    confirm: {
      method: 'POST',
      path: '/v1/staff/invitations/confirm',
      auth: 'none',
      summary: {
        zh: '以首个动态验证码完成启用，取得恢复码',
        en: 'Confirm the authenticator by its first code; gives the recovery codes, this once',
      },
      body: z.strictObject({ invitation: token, code: totpCode }),
      status: 200,
      response: z.object({ staffId, recoveryCodes: z.array(z.string()) }),
      refusals: ['staff.invitation_invalid', 'staff.code_wrong'],
    },
    logIn: {
      method: 'POST',
      path: '/v1/staff/sessions',
      auth: 'none',
      summary: { zh: '员工登录', en: 'Log in as staff' },
      body: z.strictObject({
        userName,
        password: oldPassword,
        code: z
          .string()
          .regex(new RegExp(`^(\\d{6}|(${GROUP}-){3}${GROUP})$`))
          .meta({ description: 'Six digits of the authenticator, or a recovery code', examples: ['123456'] }),
      }),
      status: 201,
      response: session,
      refusals: ['staff.login_failed', 'staff.locked'],
    },
    refresh: {
      method: 'POST',
      path: '/v1/staff/sessions/refresh',
      auth: 'none',
      summary: { zh: '换取新的访问令牌', en: 'A new access token for a refresh token, which is then used up' },
      body: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
      status: 200,
      response: session,
      refusals: ['staff.session_ended'],
    },
    logOut: {
      method: 'DELETE',
      path: '/v1/staff/sessions/current',
      auth: 'staff',
      permission: 'staff.self',
      summary: { zh: '退出登录', en: 'End this session' },
      status: 204,
      response: z.null(),
      refusals: [],
    },
    changePassword: {
      method: 'PUT',
      path: '/v1/staff/me/password',
      auth: 'staff',
      permission: 'staff.self',
      summary: {
        zh: '更改本人密码（须原密码与动态验证码；其他会话即刻结束）',
        en: 'Change one’s own password by the old one and a code; all other sessions end',
      },
      body: z.strictObject({ password: oldPassword, code: totpCode, newPassword: password }),
      status: 204,
      response: z.null(),
      refusals: [...proving, 'staff.password_common'],
    },
    renewRecoveryCodes: {
      method: 'POST',
      path: '/v1/staff/me/recovery-codes',
      auth: 'staff',
      permission: 'staff.self',
      summary: {
        zh: '重新生成十个恢复码（原有恢复码即刻作废，仅显示一次）',
        en: 'Ten other recovery codes, shown this once; those before are void',
      },
      key: true,
      body: z.strictObject({ password: oldPassword, code: totpCode }),
      status: 201,
      response: z.object({ staffId, recoveryCodes: z.array(z.string()) }),
      refusals: proving,
    },
    logOutEverywhere: {
      method: 'DELETE',
      path: '/v1/staff/sessions',
      auth: 'staff',
      permission: 'staff.self',
      summary: { zh: '退出全部会话', en: 'End all sessions of one’s own' },
      status: 204,
      response: z.null(),
      refusals: ['staff.not_found'],
    },
  },
);
