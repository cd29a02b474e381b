import { onMemberMerged as ofAuth } from '../../shared/auth/auth.ts';
import { reaction } from '../../shared/events/reaction.ts';
import { onMemberMerged as ofMembers } from '../../shared/members/members.ts';
import { onMemberMerged as ofOrders } from '../../shared/orders/orders.ts';
import { idForm } from '../../shared/platform/forms.ts';

/**
 * Makes what is left under a member who was merged their heir's: each domain its own, and none waits for another that
 * cannot. Their points moved in the merge itself.
 */
export const handler = reaction('orders/on-member-merged', async (detail: { memberId: string } | undefined) => {
  const memberId: unknown = detail?.memberId;
  if (typeof memberId !== 'string' || !idForm('mem').test(memberId))
    throw new Error('The event does not say a memberId.');
  const done = await Promise.allSettled([ofAuth(memberId), ofMembers(memberId), ofOrders(memberId)]);
  const reasons = done.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (reasons.length > 0) throw new AggregateError(reasons, reasons.map(({ message }) => message).join('; '));
});
