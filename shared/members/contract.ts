import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { foreignId, instant, memberId, phone } from '../http/fields.ts';

const member = z
  .object({
    memberId,
    phone: z
      .string()
      .nullable()
      .meta({ description: 'Masked', examples: ['+86138****8000'] }),
    registeredAt: instant,
    heldUntil: instant.nullable().meta({
      description: 'Until then nothing leaves the account, because how its member logs in was changed; null as a rule',
    }),
  })
  .meta({ id: 'Member' });

const staffMember = z
  .object({
    ...member.shape,
    via: z.enum(['LOGIN', 'TILL', 'UPLOAD']).meta({ description: 'How they came' }),
    mergedInto: memberId.nullable().meta({ description: 'The heir of one who was merged' }),
  })
  .meta({ id: 'StaffMember' });

export const membersContract = contract(
  'members',
  { zh: '会员', en: 'Members' },
  {
    me: {
      method: 'GET',
      path: '/v1/me',
      auth: 'member',
      summary: { zh: '我的资料', en: 'Who I am here' },
      status: 200,
      response: member,
      refusals: ['members.not_found'],
    },
    code: {
      method: 'GET',
      path: '/v1/me/code',
      auth: 'member',
      summary: {
        zh: '会员码：出示给收银台，每 30 秒更换，仅可使用一次',
        en: 'A code to show at a till, as a QR code; it changes every 30 seconds and counts once',
      },
      status: 200,
      response: z
        .object({
          code: z.string().meta({ examples: ['PM01KAQZ3V7W9X2Y4Z6A8B0C1D2E3F5H7K9M1P3R'] }),
          nextAt: instant.meta({
            description: 'From then on there is another one to show; this one is taken for 30 seconds more, once',
          }),
        })
        .meta({ id: 'MemberCode' }),
      refusals: [],
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
      refusals: ['members.look_ups_too_many'],
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
