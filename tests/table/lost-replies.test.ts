import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { codeFor, loggedIn, logIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith, somePhone } from '../support/people.ts';
import { losingReplies } from '../support/table.ts';

openMall();
afterEach(() => {
  vi.restoreAllMocks();
});

const leftOf = async (productId: string) =>
  (await call(catalogContract, 'read', { params: { productId } })).body.available;
const staff = asStaff('catalog.write', 'orders.ship', 'orders.cancel');

async function order() {
  const [memberId, productId] = [await memberWith(100), await gift()];
  const place = () => call(ordersContract, 'place', { as: asMember(memberId), body: { productId } });
  return { memberId, productId, place };
}

describe('when the reply to a write is lost and the write is sent again', () => {
  it('201 a purchase earns once', async () => {
    losingReplies();
    const body = { number: `N-${randomUUID()}`, amountFen: 12_860, member: { phone: somePhone() } };
    const answer = await call(earningContract, 'report', { as: asTill(), body });
    expect(answer.status).toBe(201);
    expect(await availableOf(answer.body.memberId as string)).toBe(128);
  });

  it('201 a gift is redeemed once', async () => {
    const { memberId, productId, place } = await order();
    losingReplies();
    expect((await place()).status).toBe(201);
    expect([await availableOf(memberId), await leftOf(productId)]).toEqual([0, 2]);
  });

  it('200 an order is cancelled once', async () => {
    const { memberId, productId, place } = await order();
    const params = { orderId: (await place()).body.orderId as string };
    losingReplies();
    const { status, body } = await call(ordersContract, 'cancel', { as: staff, params });
    expect([status, body.status]).toEqual([200, 'CANCELLED']);
    expect([await availableOf(memberId), await leftOf(productId)]).toEqual([100, 3]);
  });

  it('200 an order is shipped', async () => {
    const { place } = await order();
    const params = { orderId: (await place()).body.orderId as string };
    losingReplies();
    const body = { carrier: 'SF', trackingNumber: 'SF1' };
    expect((await call(ordersContract, 'ship', { as: staff, params, body })).status).toBe(200);
  });

  it('200 a gift changes its price', async () => {
    const params = { productId: await gift() };
    losingReplies();
    const { status, body } = await call(catalogContract, 'change', { as: staff, params, body: { pricePoints: 7 } });
    expect([status, body.pricePoints]).toEqual([200, 7]);
  });

  it('201 the right code logs in', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    losingReplies();
    expect((await logIn(phone, code)).status).toBe(201);
  });

  it('202 a code is sent', async () => {
    losingReplies();
    expect(await codeFor(somePhone())).toMatch(/^\d{6}$/);
  });

  it('200 a session is renewed', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    losingReplies();
    expect((await call(authContract, 'refresh', { body: { refreshToken } })).status).toBe(200);
  });
});
