import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import {
  currencyCode,
  foreignId,
  holdId,
  instant,
  memberCode,
  memberId,
  phone,
  points,
  text,
} from '../../http/fields.ts';

const whole = z.int().nonnegative();

const member = z
  .union([
    z.strictObject({ phone }),
    z.strictObject({ memberId }),
    z.strictObject({ externalId: foreignId }),
    z.strictObject({ code: memberCode }),
  ])
  .meta({ description: 'Whose points; only somebody who is a member already' });

const hold = z
  .object({
    holdId,
    memberId,
    currency: z.string(),
    points: whole.meta({ description: 'How many points were set aside' }),
    status: z.enum(['HELD', 'CAPTURED', 'RELEASED', 'TIMED_OUT']),
    note: z.string().nullable(),
    heldAt: instant,
    expiresAt: instant.meta({ description: 'From this instant the hold has timed out, and its points go back' }),
    ended: z
      .object({
        at: instant,
        captured: whole.meta({ description: 'Used' }),
        returned: whole.meta({ description: 'Went back to the member' }),
        lapsed: whole.meta({ description: 'Came back after its last day, and was gone at once' }),
      })
      .nullable()
      .meta({ description: 'What became of the points; null until that is written down' }),
  })
  .meta({ id: 'Hold' });

const one = {
  auth: 'partner',
  scope: 'holds:write',
  params: z.strictObject({ holdId }),
  status: 200,
  response: hold,
} as const;

/** Setting points aside for a sale that is under way elsewhere. */
export const holdsContract = contract(
  'holds',
  { zh: '积分预扣', en: 'Points set aside for a sale that is under way' },
  {
    make: {
      method: 'POST',
      path: '/v1/holds',
      auth: 'partner',
      scope: 'holds:write',
      summary: { zh: '预扣积分', en: 'Set points aside' },
      key: true,
      body: z
        .strictObject({
          member,
          points,
          currency: currencyCode.optional().meta({ description: 'POINTS when absent' }),
          minutes: z
            .int()
            .min(1)
            .max(1_440)
            .optional()
            .meta({ description: 'How long; 15 when absent', examples: [15] }),
          note: text(200).optional().meta({ description: 'For the caller alone; members do not see it' }),
        })
        .meta({ id: 'NewHold' }),
      status: 201,
      response: hold,
      refusals: [
        'members.erased',
        'members.spending_held',
        'members.code_invalid',
        'members.not_found',
        'points.insufficient',
        'points.frozen',
        'points.too_many_holds',
        'points.busy',
        'request.key_reused',
        'mall.switched_off',
      ],
    },
    read: {
      ...one,
      method: 'GET',
      path: '/v1/holds/{holdId}',
      summary: { zh: '查询预扣', en: 'A hold that this client made' },
      refusals: ['points.hold_not_found'],
    },
    capture: {
      ...one,
      method: 'POST',
      path: '/v1/holds/{holdId}/capture',
      summary: { zh: '扣除预扣的积分，余下的退回', en: 'Use what was set aside, or a part of it; the rest goes back' },
      key: true,
      body: z.strictObject({ points: points.optional().meta({ description: 'All of it when absent' }) }).optional(),
      refusals: [
        'points.hold_not_found',
        'points.hold_ended',
        'points.hold_exceeded',
        'points.busy',
        'request.key_reused',
      ],
    },
    release: {
      ...one,
      method: 'POST',
      path: '/v1/holds/{holdId}/release',
      summary: { zh: '释放预扣，积分退回', en: 'Give back what was set aside' },
      key: true,
      body: z.strictObject({}).optional().meta({ description: 'Nothing, or an empty object' }),
      refusals: ['points.hold_not_found', 'points.hold_ended', 'points.busy'],
    },
  },
);
