import { randomInt, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { asMember, asStaff, asTill, call } from './call.ts';

export const somePhone = () => `138${String(randomInt(100_000_000)).padStart(8, '0')}`;

/** A member with so many points, made by a till that reported a purchase of so many yuan. */
export async function memberWith(points: number): Promise<string> {
  const body = { number: `T-${randomUUID()}`, amountFen: points * 100, member: { phone: somePhone() } };
  const send = () => call(earningContract, 'report', { as: asTill(), body });
  let answer = await send();
  // On a machine that is busy with much else a call may be given up: the same number is sent again.
  for (let tries = 1; answer.status === 503 && tries < 5; tries += 1) answer = await send();
  expect(answer.status).toBe(201);
  return answer.body.memberId as string;
}

/** A gift on the shelf, put there by a staff client of its own: acts of one client wait for each other. */
export async function gift({ pricePoints = 100, stock = 3 } = {}): Promise<string> {
  const { status, body } = await call(catalogContract, 'create', {
    as: { ...asStaff('catalog.write'), id: `staff-${randomUUID().slice(0, 8)}` },
    body: { name: { zh: '茶杯', en: 'Cup' }, pricePoints, stock },
  });
  expect(status).toBe(201);
  return body.productId as string;
}

export async function availableOf(memberId: string): Promise<number> {
  const { body } = await call(pointsContract, 'account', { as: asMember(memberId) });
  return body.available as number;
}
