import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { amountFen, day, foreignId, instant, memberCode, memberId, phone } from '../http/fields.ts';

const member = z
  .union([
    z.strictObject({ phone }),
    z.strictObject({ memberId }),
    z.strictObject({ externalId: foreignId }),
    z.strictObject({ code: memberCode }),
  ])
  .meta({ description: 'Whose purchase it is. A phone or external id that is not known yet becomes a member.' });

const name = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$/);

const number = name.meta({
  description:
    'What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from',
  examples: ['A-1001'],
});

const returnNumber = name.meta({
  description: 'What makes a return one, for ever: unique among returns in the whole programme',
  examples: ['R-2001'],
});

const quantity = z.int().min(1).max(9_999);
const fen = z.int().min(0).max(100_000_000_000);
const lineId = name.meta({ description: "The caller's id of the line, unique in the purchase", examples: ['1'] });
const whole = z.int().nonnegative();

const newLine = z
  .strictObject({
    line: lineId,
    sku: foreignId.optional(),
    quantity,
    amountFen: fen.meta({ description: 'What all pieces of the line cost together' }),
    earns: z.boolean().optional().meta({ description: 'Whether it counts for points; true when absent' }),
  })
  .meta({ id: 'NewPurchaseLine' });

const line = z
  .object({ line: lineId, sku: z.string().optional(), quantity, amountFen: fen, earns: z.boolean() })
  .meta({ id: 'PurchaseLine' });

const MAX_LINES = 100;

interface Issues {
  addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void;
}

function uniqueLines(lines: readonly { line: string }[] | undefined, issues: Issues): void {
  const ids = (lines ?? []).map((one) => one.line);
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) issues.addIssue({ code: 'custom', path: ['lines', i, 'line'], message: 'stands twice' });
  });
}

const occurredAt = instant.optional().meta({
  description:
    'When it happened; now when absent. At most 7 days ago, at most 5 minutes ahead. With the scope `purchases:backfill` any time that has passed: then it also counts from that time, or from the account’s last movement where that is later.',
});

const newPurchase = z
  .strictObject({ number, amountFen, member, lines: z.array(newLine).min(1).max(MAX_LINES).optional(), occurredAt })
  .superRefine((given, issues) => {
    uniqueLines(given.lines, issues);
    const sum = given.lines?.reduce((total, one) => total + one.amountFen, 0) ?? given.amountFen;
    const message = `add up to ${sum} fen, and amountFen is ${given.amountFen}`;
    if (sum !== given.amountFen) issues.addIssue({ code: 'custom', path: ['lines'], message });
  })
  .meta({ id: 'NewPurchase' });

const purchase = z
  .object({
    purchaseId: z.string(),
    number,
    memberId,
    amountFen,
    points: whole.meta({ description: 'What it earned' }),
    lastDay: day.nullable().meta({ description: 'Last valid day of these points; null when it earned none' }),
    availableOn: day
      .nullable()
      .meta({ description: 'The day on which they become available, where they are pending first' }),
    occurredAt: instant,
    recordedAt: instant,
    effectiveAt: instant.meta({ description: 'When its points count' }),
    lines: z.array(line).optional(),
    returnedFen: whole.meta({ description: 'How much of it has been returned by now' }),
    clawedBack: whole.meta({ description: 'How many of its points returns have taken back by now' }),
  })
  .meta({ id: 'Purchase' });

const newReturn = z
  .strictObject({
    number: returnNumber,
    purchase: number.meta({ description: 'The number of the purchase' }),
    amountFen: amountFen.optional().meta({
      description: 'How much is returned; where some lines of the purchase do not earn, only all that is left of it',
    }),
    lines: z
      .array(
        z.strictObject({
          line: lineId,
          quantity: quantity.optional().meta({ description: 'All that is left if absent' }),
        }),
      )
      .min(1)
      .max(MAX_LINES)
      .optional()
      .meta({ description: 'Which pieces are returned; either this or amountFen' }),
    occurredAt,
  })
  .superRefine((given, issues) => {
    uniqueLines(given.lines, issues);
    const message = 'is needed, or lines, and not both';
    const both = (given.amountFen === undefined) === (given.lines === undefined);
    if (both) issues.addIssue({ code: 'custom', path: ['amountFen'], message });
  })
  .meta({ id: 'NewReturn' });

const purchaseReturn = z
  .object({
    returnId: z.string(),
    number: returnNumber,
    purchase: number,
    memberId,
    amountFen: fen,
    lines: z.array(z.object({ line: lineId, quantity, amountFen: fen })).optional(),
    points: whole.meta({
      description: 'What it takes back of what the purchase earned: taken + counted + owed + lost + offset',
    }),
    taken: whole.meta({ description: 'Taken from what was pending or available' }),
    counted: whole.meta({ description: 'Had lapsed unspent: nothing more is taken for it' }),
    owed: whole.meta({ description: 'Was spent, and is a debt now' }),
    lost: whole.meta({ description: 'Was spent, and is given up' }),
    offset: whole.meta({ description: 'Was spent, and is for the till to take from the cash that it pays back' }),
    leftFen: whole.meta({ description: 'How much of the purchase can still be returned, as of this answer' }),
    occurredAt: instant,
    recordedAt: instant,
    effectiveAt: instant.meta({ description: 'When it counts' }),
  })
  .meta({ id: 'Return' });

const till = { auth: 'partner', scope: 'purchases:write' } as const;
const WIDER = ['purchases:backfill'] as const;

export const earningContract = contract(
  'earning',
  { zh: '消费返积分与退货', en: 'Purchases that earn points, and returns' },
  {
    report: {
      method: 'POST',
      path: '/v1/purchases',
      ...till,
      wider: WIDER,
      summary: { zh: '上报消费并返积分', en: 'Report a purchase, which earns points' },
      key: true,
      body: newPurchase,
      status: 201,
      response: purchase,
      refusals: [
        'purchases.number_reused',
        'purchases.too_old',
        'purchases.in_future',
        'members.code_invalid',
        'members.erased',
        'members.not_found',
        'points.limit',
        'points.busy',
        'mall.switched_off',
      ],
    },
    read: {
      method: 'GET',
      path: '/v1/purchases/{number}',
      ...till,
      summary: { zh: '查询已上报的消费', en: 'A purchase that was reported' },
      params: z.strictObject({ number }),
      status: 200,
      response: purchase,
      refusals: ['purchases.not_found'],
    },
    reportReturn: {
      method: 'POST',
      path: '/v1/returns',
      ...till,
      wider: WIDER,
      summary: {
        zh: '上报退货并扣回积分',
        en: 'Report a return, which takes back what its part of the purchase earned',
      },
      key: true,
      body: newReturn,
      status: 201,
      response: purchaseReturn,
      refusals: [
        'purchases.not_found',
        'purchases.return_reused',
        'purchases.return_exceeds',
        'purchases.lines_wrong',
        'purchases.return_closed',
        'purchases.return_too_early',
        'purchases.too_old',
        'purchases.in_future',
        'points.busy',
      ],
    },
    readReturn: {
      method: 'GET',
      path: '/v1/returns/{number}',
      ...till,
      summary: { zh: '查询已上报的退货', en: 'A return that was reported' },
      params: z.strictObject({ number: returnNumber }),
      status: 200,
      response: purchaseReturn,
      refusals: ['purchases.return_not_found'],
    },
  },
);
