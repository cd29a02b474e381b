import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import { approvalId, instant, page, pageOf, reason } from '../../http/fields.ts';

const approval = z
  .object({
    approvalId,
    act: z
      .enum(['orders.merge', 'points-staff.adjust', 'privacy.eraseMember', 'programme.replace', 'staff.changeRoles'])
      .meta({ description: 'What would be done' }),
    subject: z.string().meta({ description: 'To what, or to whom' }),
    body: z.record(z.string(), z.unknown()).meta({ description: 'What was asked, as its route takes it' }),
    digest: z.string().meta({ description: 'Of the body, as the records have it' }),
    reason: z.string(),
    status: z.enum(['OPEN', 'APPROVED', 'REJECTED', 'EXPIRED']),
    by: z.string().meta({ description: 'Who proposed it' }),
    proposedAt: instant,
    expiresAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    decidedReason: z.string().nullable(),
    result: z
      .string()
      .nullable()
      .meta({ description: 'The id of what came of it: an adjustment, a member, a person, or a version' }),
  })
  .meta({ id: 'Approval' });

const params = z.strictObject({ approvalId });
const deciding = ['staff.approval_not_found', 'staff.approval_own', 'staff.approval_decided'] as const;

/** What takes two people: a function of its own, because it does what each of these acts does. */
export const approvalsContract = contract(
  'approvals',
  { zh: '双人复核', en: 'What takes a second person' },
  {
    list: {
      method: 'GET',
      path: '/v1/approvals',
      auth: 'staff',
      permission: 'approvals.read',
      summary: { zh: '待批与已批的操作，最新的在前', en: 'What waits for a second person, or did; newest first' },
      query: z.strictObject({
        ...page,
        status: z.enum(['OPEN', 'APPROVED', 'REJECTED']).optional().meta({ description: 'OPEN when absent' }),
      }),
      status: 200,
      response: pageOf(approval),
      refusals: ['request.cursor_invalid'],
    },
    read: {
      method: 'GET',
      path: '/v1/approvals/{approvalId}',
      auth: 'staff',
      permission: 'approvals.read',
      summary: { zh: '查看一项待批操作', en: 'One proposal, and what became of it' },
      params,
      status: 200,
      response: approval,
      refusals: ['staff.approval_not_found'],
    },
    approve: {
      method: 'POST',
      path: '/v1/approvals/{approvalId}/approve',
      auth: 'staff',
      permission: 'approvals.decide',
      summary: {
        zh: '批准并执行（须有该操作本身的权限）',
        en: 'Approve, which does it; needs the permission of the act itself too',
      },
      key: true,
      params,
      status: 200,
      response: approval,
      refusals: [
        ...deciding,
        'members.erased',
        'members.merged',
        'members.not_found',
        'members.spending_held',
        'orders.open_orders',
        'points.busy',
        'points.frozen',
        'points.hold_open',
        'points.insufficient',
        'points.lapsed_day',
        'points.limit',
        'points.too_many_lots',
        'privacy.hold_open',
        'privacy.order_open',
        'programme.invalid',
        'programme.moved',
        'staff.not_enrolled',
        'staff.not_found',
      ],
    },
    reject: {
      method: 'POST',
      path: '/v1/approvals/{approvalId}/reject',
      auth: 'staff',
      permission: 'approvals.decide',
      summary: { zh: '驳回', en: 'Reject' },
      key: true,
      params,
      body: z.strictObject({ reason }),
      status: 200,
      response: approval,
      refusals: deciding,
    },
  },
);
