import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import { currencyCode, day, memberId, points, reason } from '../../http/fields.ts';

const whole = z.int().nonnegative();

const report = z
  .object({
    batch: z.string(),
    dryRun: z.boolean(),
    rows: whole,
    accepted: whole.meta({ description: 'Rows that count from now on' }),
    known: whole.meta({ description: 'Rows that counted before' }),
    refused: whole.meta({ description: 'Rows that were decided against; each says why' }),
    points: whole.meta({ description: 'What the rows that count give in all' }),
    results: z.array(
      z.object({
        line: z.int().meta({ description: 'Counted from 1; the header has a line too' }),
        outcome: z.enum(['ACCEPTED', 'KNOWN', 'REFUSED']),
        memberId: memberId.nullable().meta({ description: 'Null for a member whom only the upload itself makes' }),
        currency: currencyCode,
        points,
        lastDay: day,
        code: z
          .string()
          .optional()
          .meta({ description: 'Why it was refused', examples: ['points.row_reused'] }),
      }),
    ),
  })
  .meta({ id: 'UploadReport' });

const dryRun = z
  .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
  .optional()
  .meta({ description: 'true: the same answer, and nothing is written', type: 'boolean' });

const csv = (days: string) =>
  z.string().meta({
    description: `A header and 1 to 50 rows. Columns in any order: one of phone, externalId, memberId; points; ${days}; currency (POINTS when absent). What is wrong is said by line and column, and then nothing of it is applied.`,
    examples: ['phone,points,lastDay\n13800138000,128,2027-12-31\n'],
  });

const common = {
  method: 'POST',
  auth: 'staff',
  permission: 'points.import',
  key: true,
  csv: true,
  status: 200,
  response: report,
  refusals: ['points.rows_invalid', 'points.busy'],
} as const;

/** Points that come in by file. */
export const uploadsContract = contract(
  'uploads',
  { zh: '期初余额与批量赠送', en: 'Opening balances and grants by file' },
  {
    openingBalances: {
      ...common,
      path: '/v1/opening-balances',
      summary: { zh: '导入期初余额（CSV）', en: 'Take over the balances of another system (CSV)' },
      query: z.strictObject({ dryRun }),
      body: csv('lastDay'),
    },
    grants: {
      ...common,
      path: '/v1/grants',
      summary: { zh: '批量赠送积分（CSV）', en: 'Grant points to many members (CSV)' },
      query: z.strictObject({
        batch: z
          .string()
          .regex(/^(?!opening$)[0-9A-Za-z._-]{1,32}$/)
          .meta({ description: 'The name under which each row counts once', examples: ['spring-2027'] }),
        reason,
        dryRun,
      }),
      body: csv("lastDay (by the currency's policy when empty)"),
    },
  },
);
