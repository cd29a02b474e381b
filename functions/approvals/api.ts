import { Refusal } from '../../shared/errors.ts';
import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { type MergeWish, merge } from '../../shared/orders/merges.ts';
import { type AdjustWish, adjust } from '../../shared/points/adjustments.ts';
import { type ErasureWish, eraseApproved, finish } from '../../shared/privacy/privacy.ts';
import { type Change, replace } from '../../shared/programme/programme.ts';
import {
  type Approval,
  approvalOf,
  approvalsFrom,
  approvalView,
  approvedBy,
  reject,
  type TakesTwo,
} from '../../shared/staff/approvals/approvals.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { changeRoles, type RolesWish } from '../../shared/staff/people.ts';
import type { Approved } from '../../shared/staff/staff.ts';

/** An act that takes two: what it needs of whoever decides, and how it is done, with the approval in its transaction. */
interface Act {
  needs: string;
  run(approval: Approval, second: Approved): Promise<unknown>;
  /** What is left to do where that broke off after its transaction; again changes nothing. */
  goOn?(approval: Approval): Promise<unknown>;
}

const ACTS: Record<TakesTwo, Act> = {
  'orders.merge': {
    needs: 'members.merge',
    run: ({ approvalId, by, body }, second) =>
      merge(JSON.parse(body) as MergeWish, { caller: by, route: 'approvals', key: approvalId }, second),
  },
  'points-staff.adjust': {
    needs: 'points.adjust',
    run: ({ approvalId, by, body }, second) =>
      adjust(JSON.parse(body) as AdjustWish, { caller: by, route: 'approvals', key: approvalId }, { second }),
  },
  'privacy.eraseMember': {
    needs: 'privacy.erase',
    run: ({ body }, second) => eraseApproved(JSON.parse(body) as ErasureWish, second),
    goOn: ({ subject }) => finish(subject),
  },
  'programme.replace': {
    needs: 'programme.write',
    run: ({ by, body }, second) => replace(JSON.parse(body) as Change, by, { second }),
  },
  'staff.changeRoles': {
    needs: 'staff.manage',
    run: ({ by, body }, second) => changeRoles(JSON.parse(body) as RolesWish, { caller: by, alone: false }, second),
  },
};

/** A proposal that this caller may decide over, by the permission of its act. */
async function decidable(approvalId: string, grants: readonly string[]): Promise<Approval> {
  const approval = await approvalOf(approvalId);
  const { needs } = ACTS[approval.act];
  if (!grants.includes(needs)) throw new Refusal('auth.forbidden', { needs });
  return approval;
}

export const handler = serve(approvalsContract, {
  list: async ({ query: { status = 'OPEN', limit = 20, cursor } }) => {
    const list = `approvals:${status}`;
    const before = cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
    const { items, next } = await approvalsFrom(status, before, limit);
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },

  read: async ({ params: { approvalId } }) => ({ body: approvalView(await approvalOf(approvalId)) }),

  approve: async ({ params: { approvalId }, caller }) => {
    const approval = await decidable(approvalId, caller.grants);
    const second = approvedBy(approval, caller.id);
    const act = ACTS[approval.act];
    await (second ? act.run(approval, second) : act.goOn?.(approval));
    return { body: approvalView(await approvalOf(approvalId)), replayed: second === undefined };
  },

  reject: async ({ params: { approvalId }, body: { reason }, caller }) => {
    await decidable(approvalId, caller.grants);
    const { answer, replayed } = await reject(approvalId, reason, caller.id);
    return { body: approvalView(answer), replayed };
  },
});
