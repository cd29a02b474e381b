import { Refusal } from '../../errors.ts';
import { iso, now } from '../../platform/clock.ts';
import { digest } from '../../platform/digest.ts';
import { type By, idUnderKey, requestDigest } from '../../platform/ids.ts';
import { exchange, type Outcome } from '../../table/commit.ts';
import { APPROVAL_SECONDS, isPerson } from '../rules.ts';
import { type Approved, record } from '../staff.ts';
import { type Approval, addApproval, approvalsIn, decideApproval, findApproval, type TakesTwo } from './store.ts';

export type { Approval, TakesTwo };

/** An act that takes two, as one person asks for it. */
export interface Proposal {
  act: TakesTwo;
  subject: string;
  asked: object;
  why: string;
}

/**
 * Proposes an act. `prepare` gives what would be done, and refuses what could not be. The same key again gets the same
 * proposal, whatever has become of it; only persons propose, as only they can be two.
 */
export async function propose(wish: Proposal, by: By, prepare: () => Promise<object>): Promise<Outcome<Approval>> {
  if (!isPerson(by.caller)) throw new Refusal('auth.forbidden', { needs: 'a person' });
  const approvalId = await idUnderKey('apr', by.caller, by.route, by.key);
  const { act, subject, why } = wish;
  const request = await requestDigest(wish);
  return exchange(
    async (basis) => {
      const body = await prepare();
      const { at } = basis;
      const approval: Approval = {
        approvalId,
        act,
        subject,
        body: JSON.stringify(body),
        digest: digest(body),
        why,
        status: 'OPEN',
        by: by.caller,
        at,
        expiresAt: at + APPROVAL_SECONDS * 1_000,
        request,
      };
      const deed = { clientId: by.caller, act: 'approvals.propose', subject: approvalId, why, after: body };
      return { writes: [addApproval(approval), await record(deed, basis)], answer: approval };
    },
    async () => {
      const made = await findApproval(approvalId);
      if (made && made.request !== request) throw new Refusal('request.key_reused');
      return made;
    },
  );
}

/** A proposal, or the refusal that there is none. */
export async function approvalOf(approvalId: string): Promise<Approval> {
  const found = await findApproval(approvalId);
  if (!found) throw new Refusal('staff.approval_not_found');
  return found;
}

/** Refuses whoever may not decide: a client, who proposed it, and whom it is about. */
function checkDecider({ by, subject }: Approval, caller: string): void {
  if (!isPerson(caller)) throw new Refusal('auth.forbidden', { needs: 'a person' });
  if (by === caller || `person:${subject}` === caller) throw new Refusal('staff.approval_own');
}

/** What an approval by this person adds to the act; undefined where it is theirs already. */
export function approvedBy(approval: Approval, caller: string): Approved | undefined {
  checkDecider(approval, caller);
  const { approvalId, status, expiresAt, decidedBy } = approval;
  if (status === 'APPROVED' && decidedBy === caller) return undefined;
  if (status !== 'OPEN' || expiresAt <= now()) throw new Refusal('staff.approval_decided');
  const use = (result: string, at: number) =>
    decideApproval(approval, { status: 'APPROVED', decidedBy: caller, decidedAt: at, result });
  return { by: caller, approvalId, use };
}

/** Rejects a proposal, once. */
export async function reject(approvalId: string, why: string, caller: string): Promise<Outcome<Approval>> {
  return exchange(async (basis) => {
    const approval = await approvalOf(approvalId);
    checkDecider(approval, caller);
    if (approval.status === 'REJECTED' && approval.decidedBy === caller)
      return { writes: [], answer: approval, replayed: true };
    const decided = { status: 'REJECTED', decidedBy: caller, decidedAt: basis.at, decidedWhy: why } as const;
    const told = await record({ clientId: caller, act: 'approvals.reject', subject: approvalId, why }, basis);
    return { writes: [decideApproval(approval, decided), told], answer: { ...approval, ...decided } };
  });
}

/** A proposal as staff see it. */
export function approvalView(approval: Approval) {
  const { approvalId, act, subject, body, digest, why, status, by, at, expiresAt } = approval;
  const { decidedBy = null, decidedAt, decidedWhy = null, result = null } = approval;
  return {
    approvalId,
    act,
    subject,
    body: JSON.parse(body) as Record<string, unknown>,
    digest,
    reason: why,
    status: status === 'OPEN' && expiresAt <= now() ? ('EXPIRED' as const) : status,
    by,
    proposedAt: iso(at),
    expiresAt: iso(expiresAt),
    decidedBy,
    decidedAt: decidedAt === undefined ? null : iso(decidedAt),
    decidedReason: decidedWhy,
    result,
  };
}

/** What whoever proposed gets. */
export function proposalView({ approvalId, expiresAt }: Approval) {
  return { approvalId, expiresAt: iso(expiresAt) };
}

/** A page of those in one status, the newest first, and where the next one begins. */
export async function approvalsFrom(status: Approval['status'], before: string | undefined, limit: number) {
  const found = await approvalsIn(status, before, limit + 1);
  const page = found.slice(0, limit);
  return { items: page.map((one) => approvalView(one)), next: found.length > limit ? page.at(-1)?.gsi1sk : undefined };
}
