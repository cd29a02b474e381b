import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { day, instant, memberId, page, pageOf, proposal, staffId, reason as why } from '../http/fields.ts';

const digest = z.string().nullable();

const auditRecord = z
  .object({
    clientId: z.string().meta({ description: 'Who did it: `client:` or `person:` and an id' }),
    seq: z.int().meta({ description: 'Its place in the chain of whoever did it' }),
    at: instant,
    act: z.string().meta({
      description: 'What was done: contract and row; of an operator at a switch `switches.off:spend`',
      examples: ['catalog.change'],
    }),
    subject: z.string().meta({ description: 'To what, or to whom' }),
    why: z.string().nullable(),
    before: digest.meta({ description: 'Digest of what the subject said before' }),
    after: digest,
    approval: z.string().nullable().meta({ description: 'The proposal that was approved by it' }),
    from: z.string().nullable().meta({ description: 'The network that it came from' }),
    requestId: z.string().nullable(),
    hash: z.string().meta({ description: 'SHA-256 of the hash before it and of this record' }),
  })
  .meta({ id: 'AuditRecord' });

/** What somebody logs in with; it names a person, so it is sealed at rest. */
export const userName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{2,31}$/)
  .meta({ examples: ['li.wei'] });

export const invitation = z
  .object({
    staffId,
    invitation: z.string().meta({ description: 'A secret: hand it over by a way of your own, it is not sent' }),
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' });

const roles = z
  .array(z.enum(['owner', 'operator', 'merchandiser', 'support', 'finance', 'auditor']))
  .max(6)
  .meta({ description: 'All of them; none takes every right away' });

const person = z
  .object({
    staffId,
    userName: z.string(),
    status: z.enum(['INVITED', 'ENROLLING', 'ACTIVE']),
    roles: z.array(z.string()),
    createdAt: instant,
  })
  .meta({ id: 'StaffPerson' });

const reason = why.meta({ examples: ['New in the support team'] });
const params = z.strictObject({ staffId });
const changing = ['staff.not_found', 'staff.not_enrolled', 'staff.oneself'] as const;

export const staffContract = contract(
  'staff',
  { zh: '员工与操作记录', en: 'Staff, and what they did' },
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
    people: {
      method: 'GET',
      path: '/v1/staff/people',
      auth: 'staff',
      permission: 'staff.read',
      summary: { zh: '全部员工，最新的在前', en: 'All staff, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(person),
      refusals: ['request.cursor_invalid'],
    },
    invite: {
      method: 'POST',
      path: '/v1/staff/people',
      auth: 'staff',
      permission: 'staff.manage',
      summary: { zh: '邀请员工（尚无任何角色）', en: 'Invite somebody, who has no role yet' },
      key: true,
      body: z.strictObject({ userName }),
      status: 201,
      response: invitation,
      refusals: ['staff.name_taken', 'request.key_reused'],
    },
    inviteAgain: {
      method: 'POST',
      path: '/v1/staff/people/{staffId}/invitation',
      auth: 'staff',
      permission: 'staff.manage',
      summary: {
        zh: '重新邀请：密码、验证器、角色与会话即刻作废',
        en: 'Invite again: takes password, authenticator, roles and sessions at once',
      },
      key: true,
      params,
      body: z.strictObject({ reason }),
      status: 201,
      response: invitation,
      refusals: ['staff.not_found', 'staff.oneself'],
    },
    changeRoles: {
      method: 'PUT',
      path: '/v1/staff/people/{staffId}/roles',
      auth: 'staff',
      permission: 'staff.manage',
      wider: ['staff.manage_alone'],
      summary: {
        zh: '更改员工角色（唯一所有者或持有单独权限的客户端）',
        en: 'Change roles at once: the only owner, or a client with staff.manage_alone; everybody else proposes',
      },
      params,
      body: z.strictObject({ roles, reason }),
      status: 200,
      response: person,
      refusals: [...changing, 'staff.approval_needed'],
    },
    proposeRoles: {
      method: 'POST',
      path: '/v1/staff/people/{staffId}/roles/proposals',
      auth: 'staff',
      permission: 'staff.manage',
      summary: { zh: '提请更改员工角色', en: 'Propose a change of roles, which a second person approves' },
      key: true,
      params,
      body: z.strictObject({ roles, reason }),
      status: 202,
      response: proposal,
      refusals: [...changing, 'request.key_reused'],
    },
    endSessions: {
      method: 'DELETE',
      path: '/v1/staff/people/{staffId}/sessions',
      auth: 'staff',
      permission: 'staff.manage',
      summary: { zh: '结束员工的全部会话', en: 'End all sessions of somebody' },
      params,
      status: 204,
      response: z.null(),
      refusals: ['staff.not_found'],
    },
    unmask: {
      method: 'POST',
      path: '/v1/members/{memberId}/unmask',
      auth: 'staff',
      permission: 'members.unmask',
      summary: {
        zh: '查看会员完整手机号（须说明原因，留痕）',
        en: 'The phone of a member in clear, with a reason, on the record',
      },
      params: z.strictObject({ memberId }),
      body: z.strictObject({ reason: reason.meta({ examples: ['The courier cannot find the door'] }) }),
      status: 200,
      response: z.object({ memberId, phone: z.string().nullable() }).meta({ id: 'UnmaskedMember' }),
      refusals: ['members.not_found'],
    },
  },
);
