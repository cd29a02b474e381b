import * as z from 'zod';
import { currencyForm, idForm } from '../platform/forms.ts';

/** Fields that mean the same wherever they stand. */

export const points = z
  .int()
  .min(1)
  .max(1_000_000_000)
  .meta({ description: 'Points, a whole number', examples: [100] });

/** What one piece costs: so much that 99 pieces are still one movement. */
export const pricePoints = z
  .int()
  .min(1)
  .max(10_000_000)
  .meta({ description: 'Points for one piece', examples: [100] });

export const amountFen = z
  .int()
  .min(1)
  .max(100_000_000_000)
  .meta({ description: 'Money in fen (1/100 yuan), a whole number', examples: [12860] });

/** Before it an instant cannot be written in ISO 8601 again. */
const YEAR_1 = -62_135_596_800_000;

export const instant = z.iso
  .datetime({ offset: true })
  .refine((given) => Date.parse(given) >= YEAR_1, 'lies before the year 1')
  .meta({ description: 'An instant, ISO 8601 with offset', examples: ['2026-11-23T12:00:00+08:00'] });

export const day = z.iso.date().meta({ description: "A day in the programme's time zone", examples: ['2026-12-31'] });

const id = (prefix: string) => z.string().regex(idForm(prefix));

export const memberId = id('mem').meta({ examples: ['mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'] });
export const adjustmentId = id('adj').meta({ examples: ['adj_3F8K2M9QK1V8ZC3B6N5H0TDWAX'] });
export const productId = id('prd').meta({ examples: ['prd_4S7JX2M9QK1V8ZC3B6N5H0TDWA'] });
export const holdId = id('hld').meta({ examples: ['hld_6N0T8V2X4Z6B8D0F2H4J6K8M0P'] });
export const secretId = id('csc').meta({ examples: ['csc_8R1T3V5X7Z9B1D3F5H7K9M1P3R'] });
export const webhookId = id('whk').meta({ examples: ['whk_9S2V4X6Z8B0D2F4H6K8M0P2R4T'] });
export const codeId = id('cod').meta({
  description: 'Which request a code was sent for; who says so at the login takes no code of another request',
  examples: ['cod_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'],
});
export const sessionId = id('ses').meta({ examples: ['ses_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'] });
export const orderId = id('ord').meta({ examples: ['ord_7QW2E9R4T6Y8P1A3S5D7F9GHJK'] });
export const addressId = id('adr').meta({ examples: ['adr_2B5D8F1H4K7M0P3R6T9V2X5Z8B'] });
export const uploadId = id('upl').meta({ examples: ['upl_9Z6X3V0T7R4P1M8K5H2F9D6B3Z'] });

export const exportId = id('exp').meta({ examples: ['exp_3M6P9S2V5Y8B1E4H7K0N3R6T9W'] });

export const staffId = id('stf').meta({ examples: ['stf_5R7T9V1X3Z5B7D9F1H3K5M7P9R'] });
export const approvalId = id('apr').meta({ examples: ['apr_2C4E6G8J0M2P4R6T8V0X2Z4B6D'] });

/** E.164, or a mainland mobile number without its +86. */
export const phone = z
  .string()
  .regex(/^(\+[1-9]\d{6,14}|1[3-9]\d{9})$/)
  .transform((given) => (given.startsWith('+') ? given : `+86${given}`))
  .meta({ description: 'E.164, or a mainland number without +86', examples: ['13800138000'], type: 'string' });

/** Text that a person reads: no control characters, nothing that turns its direction, and something to be seen. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]*$/u)
    .refine((given) => given === '' || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(given), 'shows nothing');

/** A mainland number within a text, as people write it: a mobile one with any signs between, or a landline with its area. */
const PHONE_WITHIN = /(?<!\w)(?:(?:(?:\+|00)?86[ .-]?)?1[ ._-]?[3-9](?:[ ._-]?\d){9}|0\d{2,3}[ -]\d{7,8})(?!\d)/;

const namesPhone = (given: string): boolean => PHONE_WITHIN.test(given.normalize('NFKC').replaceAll(/\p{Cf}/gu, ''));

/** Why staff do something. It lies in records that nobody changes, erasure included: a phone is refused, in any width. */
export const reason = text(200)
  .refine((given) => !namesPhone(given), 'names a phone, and is kept for ever')
  .meta({ description: 'Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it' });

/** Where something is sent. */
export const shipTo = z
  .strictObject({ recipient: text(50), phone, address: text(200) })
  .meta({ id: 'ShipTo', description: 'Who gets it, and where' });

/** An id that another system gave: visible ASCII. */
export const foreignId = z.string().regex(/^[!-~]{1,64}$/);

/** What a member shows at a till, as a scanner reads it. */
export const memberCode = z
  .string()
  .regex(/^[!-~]{1,64}$/)
  .meta({ description: 'What the member shows (`GET /v1/me/code`); it counts once' });

/** A currency of the programme. */
export const currencyCode = z
  .string()
  .regex(currencyForm)
  .meta({ examples: ['POINTS'] });

/** What waits for a second person. */
export const proposal = z.object({ approvalId, expiresAt: instant }).meta({ id: 'Proposal' });

export const bilingual = z.strictObject({ zh: text(100), en: text(100) });

/** `limit` and `cursor` of a list. */
export const page = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/)
    .transform(Number)
    .optional()
    .meta({ description: '1 to 100; 20 when absent', type: 'integer', examples: [20] }),
  cursor: z.string().max(512).optional().meta({ description: '`nextCursor` of the page before' }),
};

/** A page of a list: `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

// Aborts, so that where it is one way of several the nearest way is named and not this one.
export const smsCode = z
  .string()
  .regex(/^\d{6}$/, { abort: true })
  .meta({ examples: ['123456'] });

/** What a client is given to be somebody by. */
export const tokens = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresInSeconds: z.int(),
  refreshToken: z.string(),
};

export const session = z
  .object({ ...tokens, memberId, firstVisit: z.boolean().meta({ description: 'This login made the member' }) })
  .meta({ id: 'Session' });

export const platform = z.enum(['IOS', 'ANDROID', 'HARMONY', 'MINI_PROGRAM', 'WEB', 'OTHER']);

/** By whom an app is sent messages. */
export const pushService = z.enum(['APNS', 'FCM', 'HUAWEI', 'HONOR', 'XIAOMI', 'OPPO', 'VIVO']);
export type PushService = z.infer<typeof pushService>;

export const device = z
  .strictObject({ name: text(40).optional(), platform: platform.optional() })
  .meta({ id: 'Device', description: 'What the client says it runs on, so that a member knows this session again' });
