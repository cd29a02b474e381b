import { merge } from '../../shared/orders/merges.ts';
import { adjust } from '../../shared/points/adjustments.ts';
import { LAST_DAY, TODAY } from './ledger-operations.ts';
import { type Operation, once, type Ready } from './measure.ts';
import { naiveAdjust, naiveMerge, naiveWorld } from './naive-documents.ts';
import { memberWith, underNewKey } from './people.ts';

async function adjusting(): Promise<Ready> {
  const wish = { memberId: await memberWith(1_000), points: 100, reason: 'the bench', direction: 'UP' } as const;
  return () => adjust(wish, underNewKey('adjustments'));
}

async function merging(): Promise<Ready> {
  const wish = { memberId: await memberWith(1_000), into: await memberWith(1_000), reason: 'the bench' };
  return () => merge(wish, underNewKey('merges'));
}

/** What staff do, whole: with the document and the record of who did it. */
export const staffOperations: readonly Operation[] = [
  {
    name: 'adjust by staff, whole: document and record, two indexes',
    floor: 1,
    ours: () => once(adjusting),
    naive: () =>
      once(async () => {
        const { account } = await naiveWorld(TODAY, LAST_DAY);
        return () => naiveAdjust(account, TODAY, LAST_DAY);
      }),
  },
  {
    name: 'merge by staff, whole: two currencies, orders, record',
    floor: 2,
    ours: () => once(merging),
    naive: () =>
      once(async () => {
        const [one, other] = [await naiveWorld(TODAY, LAST_DAY), await naiveWorld(TODAY, LAST_DAY)];
        return () => naiveMerge(one.account, other.account, TODAY, LAST_DAY);
      }),
  },
];
