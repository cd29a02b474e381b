import { randomUUID } from 'node:crypto';
import { create } from '../../shared/catalog/catalog.ts';
import { reportReturn } from '../../shared/earning/returns.ts';
import { place } from '../../shared/orders/orders.ts';
import { endBy, hold } from '../../shared/points/holds/holds.ts';
import { LAST_DAY, TODAY } from './ledger-operations.ts';
import { type Operation, once, type Ready } from './measure.ts';
import { naiveCapture, naiveEarn, naiveHold, naiveRedeem, naiveReturn, naiveWorld } from './naive-documents.ts';
import { buy, memberWith, underNewKey } from './people.ts';

type World = { account: string; product: string };

/** The naive design doing this in a world of its own. */
const naively = (prepare: (world: World) => Promise<Ready> | Ready) => () =>
  once(async () => prepare(await naiveWorld(TODAY, LAST_DAY)));

async function halfBack(): Promise<Ready> {
  const { number: purchase } = await buy({ memberId: await memberWith(1_000) }, 100);
  const back = { number: `R-${randomUUID()}`, purchase, asked: { amountFen: 5_000 }, occurredAt: undefined };
  return () => reportReturn(back, { clientId: 'bench-till', mayBackfill: false });
}

async function redeeming(): Promise<Ready> {
  const wish = { name: { zh: '茶杯', en: 'Cup' }, pricePoints: 100, stock: 10 };
  const { answer: product } = await create(wish, underNewKey('products'));
  const memberId = await memberWith(1_000);
  return () => place(memberId, { productId: product.productId, quantity: 1 }, underNewKey('orders'));
}

async function holding(): Promise<Ready> {
  const wish = { member: { memberId: await memberWith(1_000) }, points: 100 };
  return () => hold(wish, underNewKey('holds'));
}

async function capturing(): Promise<Ready> {
  const by = underNewKey('holds');
  const { answer } = await hold({ member: { memberId: await memberWith(1_000) }, points: 100 }, by);
  return () => endBy('bench', answer.holdId, { act: 'CAPTURE', under: underNewKey('captures') });
}

/** What writes a document beside the entry. */
export const documentOperations: readonly Operation[] = [
  {
    name: 'earn from a purchase',
    budget: 4.2,
    floor: 1,
    ours: () =>
      once(async () => {
        const member = { memberId: await memberWith(1_000) };
        return () => buy(member, 100);
      }),
    naive: naively(
      ({ account }) =>
        () =>
          naiveEarn(account, TODAY, LAST_DAY),
    ),
  },
  {
    name: 'return of a half',
    budget: 6.4,
    floor: 1,
    ours: () => once(halfBack),
    naive: naively(async ({ account }) => {
      const purchase = await naiveEarn(account, TODAY, LAST_DAY);
      return () => naiveReturn(account, purchase, TODAY);
    }),
  },
  {
    name: 'redeem one gift, order in two indexes',
    budget: 8.4,
    floor: 1,
    ours: () => once(redeeming),
    naive: naively(
      ({ account, product }) =>
        () =>
          naiveRedeem(account, product, TODAY),
    ),
  },
  {
    name: 'hold, document in one index',
    budget: 5.3,
    floor: 1,
    ours: () => once(holding),
    naive: naively(
      ({ account }) =>
        () =>
          naiveHold(account, TODAY),
    ),
  },
  {
    name: 'capture of a hold, out of the index',
    budget: 5.2,
    floor: 1,
    ours: () => once(capturing),
    naive: naively(async ({ account }) => {
      const holdId = await naiveHold(account, TODAY);
      return () => naiveCapture(account, holdId, TODAY);
    }),
  },
];
