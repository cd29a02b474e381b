import * as z from 'zod';
import { bilingual, currencyCode, day, instant, page } from '../http/fields.ts';

/** What members and staff both see of an account; apart from the routes, so that neither function carries the other's. */
export const whole = z.int().nonnegative();

const lineKind = z.enum([
  'EARN',
  'ACTIVATE',
  'SPEND',
  'HOLD',
  'CAPTURE',
  'RELEASE',
  'REFUND',
  'CLAWBACK',
  'EXPIRE',
  'ADJUST_UP',
  'ADJUST_DOWN',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'EXCHANGE_OUT',
  'EXCHANGE_IN',
  'MERGE_OUT',
  'MERGE_IN',
  'FREEZE',
  'THAW',
  'DEBT_PAID',
]);

export const lot = z.object({
  lastDay: day,
  amount: whole,
  grace: z.boolean().meta({ description: 'A grace lot, made by a late refund' }),
});

export const account = z
  .object({
    currency: z.string(),
    available: whole,
    pending: whole.meta({ description: 'Granted, not yet available' }),
    held: whole,
    debt: whole.meta({ description: 'Owed after a return; the next points pay it first' }),
    frozen: z.boolean().meta({ description: 'Whether staff have stopped spending' }),
    nextLapse: z
      .object({ amount: whole, lastDay: day, lapsesAt: instant })
      .nullable()
      .meta({ description: 'What lapses next, and when; null when nothing will' }),
    lots: z.array(lot).meta({ description: 'What is available by last valid day, earliest first' }),
    lifetime: z.object({
      earned: whole,
      spent: whole,
      refunded: whole,
      clawedBack: whole,
      lapsed: whole,
      given: whole.meta({ description: 'To other members' }),
      received: whole.meta({ description: 'From other members' }),
      exchangedOut: whole.meta({ description: 'Into other currencies' }),
      exchangedIn: whole.meta({ description: 'Out of other currencies' }),
    }),
    asOf: instant,
  })
  .meta({ id: 'PointsAccount' });

export const line = z
  .object({
    id: z.string(),
    kind: lineKind,
    amount: z.int().meta({ description: 'The change of what is available; over all lines they add up to it' }),
    pending: z.int().meta({ description: 'The change of what is pending, where it waits before it is available' }),
    balanceAfter: whole,
    reason: bilingual,
    reference: z.string().meta({ examples: ['purchase:A-1001'] }),
    at: instant.meta({ description: 'When it became true' }),
    occurredAt: instant,
    lastDay: day.nullable().meta({ description: 'Last valid day of the (earliest) lot it touched' }),
    lots: z.array(lot),
  })
  .meta({ id: 'PointsEntry' });

export const currency = currencyCode.optional().meta({ description: 'POINTS when absent' });

/** An account at an instant, and which lines of a statement. */
export const accountQuery = {
  currency,
  at: instant.optional().meta({ description: 'The account as it was then; now when absent' }),
};
export const entriesQuery = {
  ...page,
  currency,
  kind: lineKind.optional(),
  from: day.optional().meta({ description: 'Lines of this day and later' }),
  to: day.optional().meta({ description: 'Lines of this day and earlier' }),
};
