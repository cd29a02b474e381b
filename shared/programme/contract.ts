import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { bilingual, currencyCode, day, proposal, reason } from '../http/fields.ts';

const roundTo = z.enum(['DAY', 'MONTH', 'YEAR']);

const expiry = z
  .discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('END_OF_YEAR') }),
    z.strictObject({ policy: z.literal('END_OF_NEXT_YEAR') }),
    z.strictObject({
      policy: z.literal('ROLLING_DAYS'),
      days: z.int().min(1).max(3_660),
      roundTo: roundTo.optional().meta({ description: 'DAY when absent' }),
    }),
    z.strictObject({
      policy: z.literal('ROLLING_MONTHS'),
      months: z.int().min(1).max(120),
      roundTo: roundTo.optional().meta({ description: "MONTH when absent: to the month's end" }),
    }),
    z.strictObject({ policy: z.literal('FIXED_DATE'), lastDay: day }),
    z.strictObject({ policy: z.literal('NEVER') }),
  ])
  .meta({
    id: 'Expiry',
    description: 'Until when points count. A policy that could keep more than 40 last days alive is refused.',
  });

const amount = z.int().min(1).max(1_000_000);

/** What staff decide about the programme. A change holds for what is granted after it. */
export const policy = z.strictObject({
  currencies: z
    .array(z.strictObject({ code: currencyCode, name: bilingual, expiry }))
    .min(1)
    .max(10),
  earning: z.strictObject({
    rateBps: z.int().min(0).max(1_000_000).meta({ description: '10,000 = 1 point for each yuan' }),
    rounding: z.enum(['FLOOR', 'ROUND_HALF_UP', 'CEIL']),
    availableAfterDays: z
      .int()
      .min(0)
      .max(366)
      .meta({ description: 'For how many days what a purchase earns is pending; 0: available at once' }),
  }),
  shortage: z
    .enum(['DEBT', 'CLAMP', 'OFFSET_CASH'])
    .meta({ description: 'What a return does when the points it takes back are gone' }),
  refund: z.strictObject({
    policy: z.enum(['ORIGINAL_LOT', 'ORIGINAL_LOT_WITH_GRACE']).meta({
      description: 'Whether points that come back after their last day because of the shop get days of grace',
    }),
    graceDays: z.int().min(0).max(366),
  }),
  transfers: z
    .strictObject({ maxPoints: amount, maxPointsPerDay: amount })
    .meta({ description: 'How much a member may give to others: at once, and in one day of the programme' }),
  adjustments: z
    .strictObject({
      maxPointsAlone: z.int().min(0).max(1_000_000_000).meta({
        description:
          'More points adjusted or merged at once take a second person, and so does what somebody, with the clients that they made, adjusts and merges beyond ten times as many on one day of the programme; 10,000 when absent',
      }),
    })
    .optional(),
  returnsUntilDays: z.int().min(1).max(400),
  exchange: z
    .array(z.strictObject({ from: currencyCode, to: currencyCode, take: amount, give: amount }))
    .max(20)
    .meta({ description: '`take` of one currency become `give` of the other' }),
});

export type Policy = z.infer<typeof policy>;

const programme = z
  .object({
    version: z.int().nonnegative(),
    timeZone: z.string().meta({ examples: ['Asia/Shanghai'] }),
    ...policy.shape,
  })
  .meta({ id: 'Programme' });

const change = z
  .strictObject({
    version: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'The version that this change was made from; refused when it is no longer the newest' }),
    timeZone: z.string().optional().meta({ description: 'Fixed at deployment: only the same value is taken' }),
    ...policy.shape,
  })
  .meta({ id: 'ProgrammeChange' });

export const programmeContract = contract(
  'programme',
  { zh: '积分规则', en: 'The rules of the programme' },
  {
    read: {
      method: 'GET',
      path: '/v1/programme',
      auth: 'staff',
      permission: 'programme.read',
      summary: { zh: '查看积分规则', en: 'The rules of the programme' },
      status: 200,
      response: programme,
      refusals: [],
    },
    replace: {
      method: 'PUT',
      path: '/v1/programme',
      auth: 'staff',
      permission: 'programme.write',
      wider: ['programme.write_alone'],
      summary: {
        zh: '更新积分规则（持有单独权限的客户端；员工须提请复核）',
        en: 'Replace the rules at once: a client with programme.write_alone; everybody else proposes',
      },
      body: change,
      status: 200,
      response: programme,
      refusals: ['programme.invalid', 'programme.moved', 'programme.zone_fixed', 'staff.approval_needed'],
    },
    propose: {
      method: 'POST',
      path: '/v1/programme/proposals',
      auth: 'staff',
      permission: 'programme.write',
      summary: { zh: '提请更新积分规则', en: 'Propose other rules, which a second person approves' },
      key: true,
      body: z.strictObject({ reason: reason.meta({ examples: ['Double points in spring'] }), change }),
      status: 202,
      response: proposal,
      refusals: ['programme.invalid', 'programme.moved', 'programme.zone_fixed', 'request.key_reused'],
    },
  },
);
