import { describe, expect, it, vi } from 'vitest';
import { ordersContract } from '../../shared/orders/contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { type Call, type Fault, isWrite } from '../support/fault-proxy.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { cell } from './cells.ts';
import { openFaultyMall } from './faulty-mall.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { routes } from './routes.ts';
import { caught } from './storms.ts';

// What fails here is meant to, and is logged as it should be.
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const mall = openFaultyMall();
const named = (...names: string[]) => operations.filter(({ name }) => names.includes(name));
const moving = operations.filter((one) => !routes.includes(one) && !one.name.startsWith('read'));

const firstWrite = (fault: Fault) => {
  let writes = 0;
  return (one: Call) => {
    if (isWrite(one)) writes += 1;
    return isWrite(one) && writes === 1 ? fault : undefined;
  };
};

/** What the sample strikes of the routes: a few that write different items; the soak goes through all. */
const ROUTES = [
  'return of lines',
  'give',
  'trade',
  'adjustment up',
  'undo of a down',
  'freeze',
  'members merge',
  'set aside',
  'use a part set aside',
  'hold sweep',
  'grant',
  'notice',
];

/** A few cells of the matrix that the soak goes through: faults of the first write. */
const cells: [Fault, Operation[]][] = [
  ['lost after', [...moving, ...named(...ROUTES)]],
  ['late', named('redeem', 'clawback')],
  ['duplicate', named('purchase', 'cancel', 'capture')],
  ['conflict', named('purchase of a new member', 'spend', 'merge')],
];

describe.each(cells)('a write that meets: %s', (fault, struck) => {
  it.each(struck)('$name: exact, and told truly and the same', async (operation) => {
    const result = await cell(mall.proxy, operation, { fault, on: false, from: 1, onlyWrites: true, newer: 4 });
    expect(result).toEqual({ operation: operation.name, fault, status: expect.any(Number), ms: expect.any(Number) });
  });
});

describe('a conflict at every write', () => {
  it.each(named('spend', 'notice', 'lot noted', 'log out'))('503 $name is not said to be done', async (operation) => {
    const conflicts = { fault: 'conflict', share: 100, onlyWrites: true } as const;
    const { told, isUntouched } = await caught(mall.proxy, operation, conflicts);
    expect([told.status, told.retryAfter, isUntouched]).toEqual([503, '1', true]);
  });
});

describe('a black hole', () => {
  it.each(named('redeem'))('503 $name ends and may be sent again', async (operation) => {
    const result = await cell(mall.proxy, operation, { fault: 'black hole', on: true, from: 1 });
    expect(result).toMatchObject({ status: 503 });
    expect(result).not.toHaveProperty('violation');
  });
});

describe('a cancel that comes before what it cancels (FLT-16)', () => {
  it('404 orders.not_found for an order that was never placed, and nothing is written', async () => {
    mall.proxy.strike(() => undefined);
    const { status, body } = await call(ordersContract, 'cancel', {
      as: asStaff('orders.cancel'),
      params: { orderId: `ord_${'A'.repeat(26)}` },
    });
    expect([status, body.code]).toEqual([404, 'orders.not_found']);
    expect(mall.proxy.calm().calls.filter((one) => isWrite(one))).toEqual([]);
  });

  it('a redemption that lands after its own cancel changes nothing', async () => {
    const [memberId, productId] = [await memberWith(100), await gift()];
    mall.proxy.strike(firstWrite('late'));
    const placed = await call(ordersContract, 'place', { as: asMember(memberId), body: { productId } });
    mall.proxy.calm();
    const params = { orderId: placed.body.orderId as string };
    expect((await call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params })).status).toBe(200);
    expect(await mall.proxy.landLate()).toMatchObject([{ status: 400 }]);
    const { body } = await call(ordersContract, 'readMine', { as: asMember(memberId), params });
    expect([body.status, await availableOf(memberId)]).toEqual(['CANCELLED', 100]);
  });
});
