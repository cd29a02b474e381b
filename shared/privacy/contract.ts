import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { exportId, instant, memberId, proposal, reason } from '../http/fields.ts';

export const privacyContract = contract(
  'privacy',
  { zh: '个人信息', en: 'What is kept of a person' },
  {
    export: {
      method: 'POST',
      path: '/v1/me/exports',
      auth: 'member',
      summary: {
        zh: '导出我的全部个人信息（JSON 与 CSV），下载链接 15 分钟内有效，每日最多 3 次',
        en: 'All that is held on me, as JSON and CSV, by links that are good for 15 minutes; three times a day',
      },
      key: true,
      status: 201,
      response: z
        .object({
          exportId,
          madeAt: instant,
          expiresAt: instant.meta({
            description: 'Of the links; the same request under its key gives new ones for a day',
          }),
          json: z.string().meta({ description: 'A link to the file; it says what it holds at most of each kind' }),
          csv: z.string().meta({ description: 'A link to the same as rows: section, number, field, value' }),
        })
        .meta({ id: 'Export' }),
      refusals: [
        'auth.session_ended',
        'privacy.exports_too_many',
        'members.erased',
        'members.merged',
        'members.not_found',
      ],
    },
    erase: {
      method: 'POST',
      path: '/v1/me/erasure',
      auth: 'member',
      summary: {
        zh: '注销账号（须在十分钟内重新登录）：个人信息全部删除且无法恢复，积分流水仅以匿名编号保留',
        en: 'Erases who I am, for good, within ten minutes of a login: what is personal goes, the ledger stays under a number that is nobody’s',
      },
      key: true,
      body: z.strictObject({
        confirm: z.literal('ERASE').meta({ description: 'So that nobody is erased by mistake' }),
      }),
      status: 200,
      response: z.object({ erasedAt: instant }).meta({ id: 'Erasure' }),
      refusals: [
        'auth.login_too_old',
        'auth.session_ended',
        'privacy.order_open',
        'privacy.hold_open',
        'members.not_found',
        'members.merged',
        'members.spending_held',
        'points.busy',
      ],
    },
    eraseMember: {
      method: 'POST',
      path: '/v1/members/{memberId}/erasure',
      auth: 'staff',
      permission: 'privacy.erase',
      summary: {
        zh: '提请注销会员（会员本人要求而无法登录），须另一人批准；批准后无法恢复',
        en: 'Propose to erase a member who asks for it and cannot log in; a second person approves, which cannot be undone',
      },
      key: true,
      params: z.strictObject({ memberId }),
      body: z.strictObject({ reason: reason.meta({ examples: ['Asked by letter, shown to be them at the counter'] }) }),
      status: 202,
      response: proposal,
      refusals: [
        'privacy.order_open',
        'privacy.hold_open',
        'members.not_found',
        'members.erased',
        'members.merged',
        'request.key_reused',
      ],
    },
  },
);
