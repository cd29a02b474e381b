import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { bilingual, day, instant, page, pageOf } from '../http/fields.ts';

const whole = z.int().nonnegative();

const lot = z.object({
  lastDay: day,
  amount: whole,
  grace: z.boolean().meta({ description: 'A grace lot, made by a late refund' }),
});

const account = z
  .object({
    currency: z.string(),
    available: whole,
    pending: whole.meta({ description: 'Granted, not yet available' }),
    held: whole,
    debt: whole.meta({ description: 'Owed after a return; the next points pay it first' }),
    nextLapse: z
      .object({ amount: whole, lastDay: day, lapsesAt: instant })
      .nullable()
      .meta({ description: 'What lapses next, and when; null when nothing will' }),
    lots: z.array(lot).meta({ description: 'What is available by last valid day, earliest first' }),
    lifetime: z.object({ earned: whole, spent: whole, refunded: whole, lapsed: whole }),
    asOf: instant,
  })
  .meta({ id: 'PointsAccount' });

const line = z
  .object({
    id: z.string(),
    kind: z.enum(['EARN', 'SPEND', 'REFUND', 'EXPIRE', 'ACTIVATE', 'DEBT_PAID']),
    amount: z.int().meta({ description: 'The change of what is available; over all lines they add up to it' }),
    balanceAfter: whole,
    reason: bilingual,
    reference: z.string().meta({ examples: ['purchase:A-1001'] }),
    at: instant.meta({ description: 'When it became true' }),
    occurredAt: instant,
    lastDay: day.nullable().meta({ description: 'Last valid day of the (earliest) lot it touched' }),
    lots: z.array(lot),
  })
  .meta({ id: 'PointsEntry' });

const currency = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,15}$/)
  .optional()
  .meta({ description: 'POINTS when absent' });

export const pointsContract = contract(
  'points',
  { zh: '积分账户与流水', en: 'Points accounts and statements' },
  {
    account: {
      method: 'GET',
      path: '/v1/me/points',
      auth: 'member',
      summary: { zh: '我的积分账户', en: 'My points account' },
      query: z.strictObject({ currency }),
      status: 200,
      response: account,
      refusals: [],
    },
    entries: {
      method: 'GET',
      path: '/v1/me/points/entries',
      auth: 'member',
      summary: { zh: '我的积分流水，最新的在前', en: 'My points statement, newest first' },
      query: z.strictObject({ ...page, currency }),
      status: 200,
      response: pageOf(line),
      refusals: ['request.cursor_invalid'],
    },
  },
);
