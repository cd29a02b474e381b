import { randomUUID } from 'node:crypto';
import { gift, memberWith, somePhone } from '../../support/people.ts';

type Fields = Record<string, unknown>;

/** A request under a key, another one on the same route, and what the answers are told apart by. */
export interface Keyed {
  name: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Another body, or another row of a file. */
  other?: unknown;
  /** The answer's own id or number; what two requests must not share. */
  id: string;
  /** What is said to another body under the same key. */
  reused: '422 request.key_reused' | '422 purchases.number_reused' | '422 purchases.return_reused' | 'counts by itself';
}

const purchase = (number: string, member: Fields): Fields => ({ number, amountFen: 1_000, member });

/** Of each kind of route under a key one request that is done, and another one. */
export async function keyedRequests(me: string): Promise<Keyed[]> {
  const productId = await gift({ pricePoints: 1, stock: 1_000 });
  const to = await memberWith(1);
  const [number, again] = [`K-${randomUUID()}`, `K-${randomUUID()}`];
  const member = { phone: somePhone() };
  const reason = 'x';
  return [
    {
      name: 'orders.place',
      body: { productId },
      other: { productId, quantity: 2 },
      id: 'orderId',
      reused: '422 request.key_reused',
    },
    {
      name: 'points.give',
      body: { to: { memberId: to }, points: 1 },
      other: { to: { memberId: to }, points: 2 },
      id: 'transferId',
      reused: '422 request.key_reused',
    },
    {
      name: 'holds.make',
      body: { member: { memberId: me }, points: 1 },
      other: { member: { memberId: me }, points: 2 },
      id: 'holdId',
      reused: '422 request.key_reused',
    },
    {
      name: 'catalog.create',
      body: { name: { zh: '杯', en: 'Cup' }, pricePoints: 1, stock: 1 },
      other: { name: { zh: '杯', en: 'Cup' }, pricePoints: 2, stock: 1 },
      id: 'productId',
      reused: '422 request.key_reused',
    },
    {
      name: 'points-staff.adjust',
      body: { direction: 'UP', memberId: to, points: 1, reason },
      other: { direction: 'UP', memberId: to, points: 2, reason },
      id: 'adjustmentId',
      reused: '422 request.key_reused',
    },
    // The number decides, whatever the key (DECISIONS.md).
    {
      name: 'earning.report',
      body: purchase(number, member),
      other: { ...purchase(number, member), amountFen: 2_000 },
      id: 'purchaseId',
      reused: '422 purchases.number_reused',
    },
    {
      name: 'earning.report',
      body: purchase(again, member),
      other: purchase(`K-${randomUUID()}`, member),
      id: 'purchaseId',
      reused: 'counts by itself',
    },
  ];
}
