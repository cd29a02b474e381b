import { handler } from '../../functions/orders/on-member-merged.ts';

/** All that follows a merge, as its event brings it about. */
export const merged = (memberId: string): Promise<void> =>
  handler({ 'detail-type': 'member.merged', detail: { memberId } } as never);
