import { iso } from '../../platform/clock.ts';
import { get, query } from '../../table/client.ts';
import { keys } from '../../table/keys.ts';
import { change, put, type Write } from '../../table/writes.ts';

/** The acts that take two. */
export type TakesTwo =
  | 'orders.merge'
  | 'points-staff.adjust'
  | 'privacy.eraseMember'
  | 'programme.replace'
  | 'staff.changeRoles';

/** An act that waits for a second person, or did. */
export interface Approval {
  approvalId: string;
  act: TakesTwo;
  /** The id of what it would be done to. */
  subject: string;
  /** What was asked, as JSON, and its digest: what is done is what was approved. */
  body: string;
  digest: string;
  why: string;
  status: 'OPEN' | 'APPROVED' | 'REJECTED';
  by: string;
  at: number;
  expiresAt: number;
  decidedBy?: string;
  decidedAt?: number;
  decidedWhy?: string;
  /** The id of what came of it. */
  result?: string;
  /** By which a repeat is told from a reuse of its key. */
  request: string;
}

export function findApproval(approvalId: string): Promise<Approval | undefined> {
  return get<Approval>(keys.approval(approvalId));
}

/** A page of those in one status, the newest first. */
export function approvalsIn(status: Approval['status'], before: string | undefined, limit: number) {
  const { gsi1pk: pk } = keys.approvals(status, '', '');
  return query<Approval & { gsi1sk: string }>({ index: 'gsi1', pk, before, newestFirst: true, limit });
}

export function addApproval(approval: Approval): Write {
  const { approvalId, status, at } = approval;
  const places = { ...keys.approval(approvalId), ...keys.approvals(status, iso(at), approvalId) };
  return put({ ...places, type: 'approval', v: 1, ...approval }, 'staff.approval_decided');
}

/** The write that decides it, once, while it counts. */
export function decideApproval(
  { approvalId, at: proposedAt }: Approval,
  decision: Required<Pick<Approval, 'status' | 'decidedBy' | 'decidedAt'>> & Pick<Approval, 'decidedWhy' | 'result'>,
): Write {
  const set = { ...decision, ...keys.approvals(decision.status, iso(proposedAt), approvalId) };
  const when = [
    ['status', '=', 'OPEN'],
    ['expiresAt', '>', decision.decidedAt],
  ] as const;
  return change(keys.approval(approvalId), { set, when }, 'staff.approval_decided');
}
