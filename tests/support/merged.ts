import { handler } from '../../functions/orders/on-member-merged.ts';
import { asFunction } from './permitted.ts';

/** All that follows a merge, as its event brings it about. */
export const merged = (memberId: string): Promise<void> =>
  asFunction('orders/on-member-merged', () =>
    handler({ 'detail-type': 'member.merged', detail: { memberId } } as never),
  );
