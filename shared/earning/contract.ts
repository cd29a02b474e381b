import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { amountFen, day, foreignId, instant, memberId, phone } from '../http/fields.ts';

const member = z
  .union([z.strictObject({ phone }), z.strictObject({ memberId }), z.strictObject({ externalId: foreignId })])
  .meta({ description: 'Whose purchase it is. A phone or external id that is not known yet becomes a member.' });

const number = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$/)
  .meta({
    description:
      'What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from',
    examples: ['A-1001'],
  });

const purchase = z
  .object({
    purchaseId: z.string(),
    number,
    memberId,
    amountFen,
    points: z.int().nonnegative().meta({ description: 'What it earned' }),
    lastDay: day.nullable().meta({ description: 'Last valid day of these points; null when it earned none' }),
    occurredAt: instant,
    recordedAt: instant,
  })
  .meta({ id: 'Purchase' });

export const earningContract = contract(
  'earning',
  { zh: '消费返积分', en: 'Purchases that earn points' },
  {
    report: {
      method: 'POST',
      path: '/v1/purchases',
      auth: 'partner',
      scope: 'purchases:write',
      summary: { zh: '上报消费并返积分', en: 'Report a purchase, which earns points' },
      key: true,
      body: z
        .strictObject({
          number,
          amountFen,
          member,
          occurredAt: instant
            .optional()
            .meta({ description: 'When it was paid; now when absent. At most 7 days ago, at most 5 minutes ahead.' }),
        })
        .meta({ id: 'NewPurchase' }),
      status: 201,
      response: purchase,
      refusals: [
        'purchases.number_reused',
        'purchases.too_old',
        'purchases.in_future',
        'members.not_found',
        'points.limit',
        'points.busy',
      ],
    },
    read: {
      method: 'GET',
      path: '/v1/purchases/{number}',
      auth: 'partner',
      scope: 'purchases:write',
      summary: { zh: '查询已上报的消费', en: 'A purchase that was reported' },
      params: z.strictObject({ number }),
      status: 200,
      response: purchase,
      refusals: ['purchases.not_found'],
    },
  },
);
