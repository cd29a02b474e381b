import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { day, instant, page, pageOf } from '../http/fields.ts';

const digest = z.string().nullable();

const auditRecord = z
  .object({
    clientId: z.string().meta({ description: 'Who did it' }),
    seq: z.int().meta({ description: 'Its place in the chain of this client' }),
    at: instant,
    act: z.string().meta({ description: 'What was done: contract and row', examples: ['catalog.change'] }),
    subject: z.string().meta({ description: 'To what, or to whom' }),
    why: z.string().nullable(),
    before: digest.meta({ description: 'Digest of what the subject said before' }),
    after: digest,
    hash: z.string().meta({ description: 'SHA-256 of the hash before it and of this record' }),
  })
  .meta({ id: 'AuditRecord' });

export const staffContract = contract(
  'staff',
  { zh: '员工操作记录', en: 'What staff did' },
  {
    audit: {
      method: 'GET',
      path: '/v1/audit',
      auth: 'staff',
      permission: 'audit.read',
      summary: { zh: '员工操作记录，最新的在前', en: 'What staff did to a subject, or on a day, newest first' },
      query: z
        .strictObject({
          ...page,
          subject: z
            .string()
            .regex(/^[!-~]{1,128}$/)
            .optional()
            .meta({ description: 'The id of a member, a product, an order, or `programme`', examples: ['programme'] }),
          day: day.optional(),
        })
        .refine(({ subject, day: on }) => (subject === undefined) !== (on === undefined), {
          path: ['subject'],
          message: 'either a subject or a day',
        }),
      status: 200,
      response: pageOf(auditRecord),
      refusals: ['request.cursor_invalid'],
    },
  },
);
