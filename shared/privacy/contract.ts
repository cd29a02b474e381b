import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { instant } from '../http/fields.ts';

export const privacyContract = contract(
  'privacy',
  { zh: '个人信息', en: 'What is kept of a person' },
  {
    erase: {
      method: 'POST',
      path: '/v1/me/erasure',
      auth: 'member',
      summary: {
        zh: '注销账号：个人信息全部删除且无法恢复，积分流水仅以匿名编号保留',
        en: 'Erases who I am, for good: what is personal goes, the ledger stays under a number that is nobody’s',
      },
      key: true,
      body: z.strictObject({
        confirm: z.literal('ERASE').meta({ description: 'So that nobody is erased by mistake' }),
      }),
      status: 200,
      response: z.object({ erasedAt: instant }).meta({ id: 'Erasure' }),
      refusals: ['privacy.order_open', 'privacy.hold_open', 'members.not_found', 'points.busy'],
    },
  },
);
