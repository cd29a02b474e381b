import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { exportId, instant } from '../http/fields.ts';

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
        en: 'Erases who I am, for good, after a fresh login: what is personal goes, the ledger stays under a number that is nobody’s',
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
        'points.busy',
      ],
    },
  },
);
