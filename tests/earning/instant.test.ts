import { randomUUID } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { asMember, asTill, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';

openMall();
afterEach(() => vi.restoreAllMocks());

it('201 stands at one instant, in its document and in its entry, although the clock goes on', async () => {
  const as = asTill();
  let ticks = Date.parse('2026-12-31T15:59:59.990Z');
  vi.spyOn(Date, 'now').mockImplementation(() => (ticks += 5));
  const body = { number: `I-${randomUUID()}`, amountFen: 12_800, member: { phone: somePhone() } };
  const purchase = await call(earningContract, 'report', { as, body });
  vi.restoreAllMocks();
  const { body: page } = await call(pointsContract, 'entries', { as: asMember(purchase.body.memberId as string) });
  const [line] = page.items as { at: string }[];
  expect([purchase.status, line?.at]).toEqual([201, purchase.body.recordedAt]);
});
