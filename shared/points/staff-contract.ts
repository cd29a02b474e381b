import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { adjustmentId, day, instant, memberId, pageOf, points, proposal, reason as why } from '../http/fields.ts';
import { account, accountQuery, currency, entriesQuery, line, lot, whole } from './account-contract.ts';

const reason = why.meta({ examples: ['Goodwill for a late parcel'] });

const shortage = z.enum(['REFUSE', 'DEBT', 'CLAMP']).optional().meta({
  description:
    'What is done when fewer points are there: refuse (when absent), owe the rest, or take what is there. The last two need the permission points.adjust_beyond',
});

const adjustment = z
  .object({
    adjustmentId,
    memberId,
    currency: z.string(),
    direction: z.enum(['UP', 'DOWN']),
    points,
    lots: z.array(lot).meta({ description: 'What went in, or was taken' }),
    owed: whole.meta({ description: 'What was missing and is owed' }),
    lost: whole.meta({ description: 'What was missing and is not owed' }),
    reason,
    by: z.string().meta({ description: 'Whose it is: `client:` or `person:` and an id' }),
    at: instant,
    undone: z
      .object({
        reason,
        by: z.string(),
        at: instant,
        owed: whole,
        lapsed: whole.meta({ description: 'What came back after its last day, and was gone at once' }),
      })
      .nullable(),
  })
  .meta({ id: 'Adjustment' });

const freezing = z.object({ memberId, accounts: z.array(z.object({ currency: z.string(), frozen: z.boolean() })) });

const staffAccount = z
  .object({
    ...account.shape,
    mergedInto: memberId.nullable().meta({ description: 'Who took this account over; null while it is open' }),
  })
  .meta({ id: 'StaffPointsAccount' });

const params = z.strictObject({ memberId });
const freezingBody = z.strictObject({ reason, currency: currency.meta({ description: 'All when absent' }) });
const freezingRefusals = ['members.not_found', 'points.too_many_movements', 'points.busy'] as const;
const moving = ['points.insufficient', 'points.limit', 'points.too_many_lots', 'points.busy'] as const;

const newAdjustment = z
  .discriminatedUnion('direction', [
    z.strictObject({
      direction: z.literal('UP'),
      memberId,
      currency,
      points,
      lastDay: day.optional().meta({ description: "By the currency's policy when absent" }),
      reason,
    }),
    z.strictObject({ direction: z.literal('DOWN'), memberId, currency, points, shortage, reason }),
  ])
  .meta({ id: 'NewAdjustment' });

/** What staff see and do of members' points: a function of its own, so that no other can adjust. */
export const pointsStaffContract = contract(
  'points-staff',
  { zh: '员工查看与调整积分', en: "Members' points for staff" },
  {
    accounts: {
      method: 'GET',
      path: '/v1/members/{memberId}/accounts',
      auth: 'staff',
      permission: 'points.read',
      summary: { zh: '会员的全部账户', en: 'All accounts of a member, one a currency' },
      params,
      status: 200,
      response: z.object({ items: z.array(staffAccount) }),
      refusals: ['members.not_found'],
    },
    account: {
      method: 'GET',
      path: '/v1/members/{memberId}/points',
      auth: 'staff',
      permission: 'points.read',
      summary: { zh: '会员的积分账户', en: "A member's points account, now or as of an instant" },
      params,
      query: z.strictObject(accountQuery),
      status: 200,
      response: staffAccount,
      refusals: ['members.not_found'],
    },
    entries: {
      method: 'GET',
      path: '/v1/members/{memberId}/points/entries',
      auth: 'staff',
      permission: 'points.read',
      summary: { zh: '会员的积分流水，最新的在前', en: "A member's points statement, newest first" },
      params,
      query: z.strictObject(entriesQuery),
      status: 200,
      response: pageOf(line),
      refusals: ['members.not_found', 'request.cursor_invalid'],
    },
    adjust: {
      method: 'POST',
      path: '/v1/adjustments',
      auth: 'staff',
      permission: 'points.adjust',
      wider: ['points.adjust_beyond', 'points.adjust_alone'],
      summary: {
        zh: '调整会员积分；单次超过规则限额，或一人当日累计超过限额的十倍，须另一人批准',
        en: "Adjust a member's points, with a reason; beyond the limit of the programme at once, or ten times it on one day, only with points.adjust_alone",
      },
      key: true,
      body: newAdjustment,
      status: 201,
      response: adjustment,
      refusals: [
        'members.erased',
        'members.not_found',
        'points.lapsed_day',
        'request.key_reused',
        'staff.approval_needed',
        ...moving,
      ],
    },
    proposeAdjustment: {
      method: 'POST',
      path: '/v1/adjustments/proposals',
      auth: 'staff',
      permission: 'points.adjust',
      wider: ['points.adjust_beyond'],
      summary: { zh: '提请调整会员积分', en: 'Propose an adjustment, which a second person approves' },
      key: true,
      body: newAdjustment,
      status: 202,
      response: proposal,
      refusals: ['members.erased', 'members.not_found', 'request.key_reused'],
    },
    readAdjustment: {
      method: 'GET',
      path: '/v1/adjustments/{adjustmentId}',
      auth: 'staff',
      permission: 'points.read',
      summary: { zh: '查看积分调整', en: 'One adjustment, and whether it was undone' },
      params: z.strictObject({ adjustmentId }),
      status: 200,
      response: adjustment,
      refusals: ['points.adjustment_not_found'],
    },
    undo: {
      method: 'POST',
      path: '/v1/adjustments/{adjustmentId}/undo',
      auth: 'staff',
      permission: 'points.adjust',
      wider: ['points.adjust_beyond'],
      summary: { zh: '撤销积分调整', en: 'Undo an adjustment, once' },
      key: true,
      params: z.strictObject({ adjustmentId }),
      body: z.strictObject({ reason, shortage }),
      status: 200,
      response: adjustment,
      refusals: [
        'points.adjustment_not_found',
        'points.adjustment_undone',
        'points.lapsed_day',
        'request.key_reused',
        ...moving,
      ],
    },
    freeze: {
      method: 'POST',
      path: '/v1/members/{memberId}/freeze',
      auth: 'staff',
      permission: 'points.freeze',
      summary: { zh: '冻结会员使用积分', en: 'Stop what a member spends; what comes in still comes in' },
      key: true,
      params,
      body: freezingBody,
      status: 200,
      response: freezing,
      refusals: freezingRefusals,
    },
    thaw: {
      method: 'POST',
      path: '/v1/members/{memberId}/thaw',
      auth: 'staff',
      permission: 'points.freeze',
      summary: { zh: '解除冻结', en: 'Allow a member to spend again' },
      key: true,
      params,
      body: freezingBody,
      status: 200,
      response: freezing,
      refusals: freezingRefusals,
    },
  },
);
