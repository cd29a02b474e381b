import * as z from 'zod';
import type { Row } from '../http/contract.ts';
import { codeId, device, instant, memberId, phone, proposal, reason, session, smsCode } from '../http/fields.ts';

const merged = z
  .object({
    memberId,
    into: memberId,
    at: instant,
    accounts: z.array(
      z.object({
        currency: z.string(),
        points: z.int().nonnegative().meta({ description: 'What was available and went to the heir' }),
        pending: z.int().nonnegative(),
        debt: z.int().nonnegative(),
      }),
    ),
  })
  .meta({ id: 'Merge' });

const mergedMine = z
  .object({ ...merged.shape, session: session.meta({ description: 'Of the heir: this one has ended' }) })
  .meta({ id: 'MyMerge' });

const params = z.strictObject({ memberId });
const merging = z.strictObject({ into: memberId, reason });
const refusals = [
  'members.spending_held',
  'members.not_found',
  'members.same_member',
  'members.erased',
  'members.merged',
  'orders.open_orders',
  'points.hold_open',
  'points.frozen',
  'points.busy',
] as const;

/** How two members are made one; they stand with the orders, which must have come to their end. */
export const mergeRows = {
  mergeMine: {
    method: 'POST',
    path: '/v1/me/merges',
    auth: 'member',
    summary: {
      zh: '重新登录后凭短信验证码将当前账户并入该手机号的账户，不可撤销',
      en: 'Merge this account into the one that has this phone, for ever, by a code sent there and a fresh login',
    },
    key: true,
    body: z.strictObject({ phone, code: smsCode, codeId: codeId.optional(), device: device.optional() }),
    status: 201,
    response: mergedMine,
    refusals: [
      'auth.code_invalid',
      'auth.login_too_old',
      'auth.session_ended',
      'members.spending_held',
      'members.phone_free',
      'members.same_member',
      'members.merged',
      'members.erased',
      'members.not_found',
      'orders.open_orders',
      'points.hold_open',
      'points.frozen',
      'points.busy',
      'request.key_reused',
    ],
  },
  merge: {
    method: 'POST',
    path: '/v1/members/{memberId}/merge',
    auth: 'staff',
    permission: 'members.merge',
    summary: {
      zh: '将会员的全部账户并入另一会员；积分（含待生效）超过单人调整限额，须另一人批准',
      en: "Merge a member's accounts into another's, for ever; no order or hold may be open. More points, pending ones included, than one may adjust alone take a second person",
    },
    key: true,
    params,
    body: merging,
    status: 200,
    response: merged,
    refusals: [...refusals, 'staff.approval_needed'],
  },
  proposeMerge: {
    method: 'POST',
    path: '/v1/members/{memberId}/merge/proposals',
    auth: 'staff',
    permission: 'members.merge',
    summary: { zh: '提请合并会员', en: 'Propose a merge, which a second person approves' },
    key: true,
    params,
    body: merging,
    status: 202,
    response: proposal,
    refusals: [...refusals, 'request.key_reused'],
  },
} as const satisfies Record<string, Row>;
