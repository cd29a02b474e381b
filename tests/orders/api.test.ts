import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { findOrder } from '../../shared/orders/store.ts';
import { digest } from '../../shared/platform/digest.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';

openMall();

const staff = asStaff('catalog.write', 'orders.read', 'orders.ship', 'orders.cancel');

const redeem = (memberId: string, productId: string, more: object = {}, key: string = randomUUID()) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId, ...more }, key });

async function leftOf(productId: string): Promise<unknown> {
  return (await call(catalogContract, 'read', { params: { productId } })).body.available;
}

describe('POST /v1/orders', () => {
  it('201 takes points and a piece, and answers the order', async () => {
    const memberId = await memberWith(128);
    const productId = await gift();
    const { status, body } = await redeem(memberId, productId);
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'PENDING_SHIPMENT', quantity: 1, points: 100, product: { productId } });
    expect(await availableOf(memberId)).toBe(28);
    expect(await leftOf(productId)).toBe(2);
  });

  it('201 again for the same key: the same order, marked as replayed, and nothing is taken twice', async () => {
    const memberId = await memberWith(128);
    const productId = await gift();
    const key = randomUUID();
    const first = await redeem(memberId, productId, {}, key);
    const again = await redeem(memberId, productId, {}, key);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await availableOf(memberId)).toBe(28);
    expect(await leftOf(productId)).toBe(2);
  });

  it('201 for the same key of two members: two orders', async () => {
    const productId = await gift();
    const key = randomUUID();
    const [one, two] = [await memberWith(100), await memberWith(100)];
    const first = await redeem(one, productId, {}, key);
    const second = await redeem(two, productId, {}, key);
    expect(second.status).toBe(201);
    expect(second.body.orderId).not.toBe(first.body.orderId);
  });

  it('422 request.key_reused for another wish under the same key', async () => {
    const memberId = await memberWith(500);
    const productId = await gift();
    const key = randomUUID();
    await redeem(memberId, productId, {}, key);
    const { status, body } = await redeem(memberId, productId, { quantity: 2 }, key);
    expect([status, body.code]).toEqual([422, 'request.key_reused']);
    expect(await availableOf(memberId)).toBe(400);
  });

  it('400 request.key_missing without an Idempotency-Key', async () => {
    const memberId = await memberWith(100);
    const productId = await gift();
    const { status, body } = await call(ordersContract, 'place', {
      as: asMember(memberId),
      body: { productId },
      key: null,
    });
    expect([status, body.code]).toEqual([400, 'request.key_missing']);
  });

  it('409 points.insufficient says how many are missing', async () => {
    const memberId = await memberWith(72);
    const { status, body } = await redeem(memberId, await gift());
    expect([status, body.code, body.missing, body.available]).toEqual([409, 'points.insufficient', 28, 72]);
    expect(await availableOf(memberId)).toBe(72);
  });

  it('409 catalog.sold_out for the fourth of three, and it costs nothing', async () => {
    const productId = await gift({ stock: 3 });
    const members = await Promise.all([1, 2, 3, 4].map(() => memberWith(100)));
    const answers = [];
    for (const memberId of members) answers.push(await redeem(memberId, productId));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 409]);
    expect(answers[3]?.body.code).toBe('catalog.sold_out');
    expect(await availableOf(members[3] as string)).toBe(100);
  });

  it('409 catalog.sold_out for all but three of 50 members at once on 3 pieces', async () => {
    const productId = await gift({ stock: 3 });
    const members = await Promise.all(Array.from({ length: 50 }, () => memberWith(100)));
    const answers = await Promise.all(members.map((memberId) => redeem(memberId, productId)));
    const served = members.filter((_, i) => answers[i]?.status === 201);
    expect(served).toHaveLength(3);
    expect(answers.filter(({ body }) => body.code === 'catalog.sold_out')).toHaveLength(47);
    expect(await leftOf(productId)).toBe(0);
    const balances = await Promise.all(members.map((memberId) => availableOf(memberId)));
    expect(balances.filter((balance) => balance === 0)).toHaveLength(3);
    expect(balances.filter((balance) => balance === 100)).toHaveLength(47);
  });

  it('201 once of 20 at once with the points of one member for one gift; the rest are 409 points.insufficient', async () => {
    const memberId = await memberWith(100);
    const productId = await gift({ stock: 50 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(memberId, productId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'points.insufficient')).toHaveLength(19);
    expect(await leftOf(productId)).toBe(49);
  });

  it('201 twenty times over for one key at once: one order, twenty equal answers', async () => {
    const memberId = await memberWith(1_000);
    const productId = await gift({ stock: 50 });
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(memberId, productId, {}, key)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await availableOf(memberId)).toBe(900);
    expect(await leftOf(productId)).toBe(49);
  });

  it('404 catalog.not_found for a product that never was', async () => {
    const { status, body } = await redeem(await memberWith(100), 'prd_00000000000000000000000000');
    expect([status, body.code]).toEqual([404, 'catalog.not_found']);
  });

  it('409 catalog.off_shelf for a product that was taken off', async () => {
    const productId = await gift();
    await call(catalogContract, 'change', { as: staff, params: { productId }, body: { status: 'OFF_SHELF' } });
    const { status, body } = await redeem(await memberWith(100), productId);
    expect([status, body.code]).toEqual([409, 'catalog.off_shelf']);
  });

  it('409 catalog.price_changed when the member saw another price', async () => {
    const productId = await gift({ pricePoints: 120 });
    const { status, body } = await redeem(await memberWith(500), productId, { pricePoints: 100 });
    expect([status, body.code, body.pricePoints]).toEqual([409, 'catalog.price_changed', 120]);
  });

  it.each([
    ['quantity 0', { quantity: 0 }],
    ['quantity −1', { quantity: -1 }],
    ['quantity 1.5', { quantity: 1.5 }],
    ['quantity 100', { quantity: 100 }],
    ['quantity as text', { quantity: '1' }],
    ['points of one’s own', { points: 1 }],
    ['a status', { status: 'RECEIVED' }],
    ['an address without a name', { shipTo: { phone: '13800138000', address: '上海' } }],
  ])('400 request.invalid for %s', async (_, more) => {
    const memberId = await memberWith(200);
    const { status, body } = await redeem(memberId, await gift(), more);
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect((body.errors as unknown[]).length).toBeGreaterThan(0);
    expect(await availableOf(memberId)).toBe(200);
  });
});

describe('an order on its way', () => {
  const ship = (orderId: string, body: object, key: string = randomUUID()) =>
    call(ordersContract, 'ship', { as: staff, params: { orderId }, body, key });
  const parcel = { carrier: '顺丰速运', trackingNumber: 'SF1234567890' };

  async function placed(shipTo?: object): Promise<{ memberId: string; orderId: string; productId: string }> {
    const memberId = await memberWith(128);
    const productId = await gift();
    const { body } = await redeem(memberId, productId, shipTo ? { shipTo } : {});
    return { memberId, productId, orderId: body.orderId as string };
  }

  it('200 is shipped by staff and confirmed by the member, with a timeline of who and when', async () => {
    const { memberId, orderId } = await placed({
      recipient: '王小明',
      phone: '13800138000',
      address: '上海市南京东路 1 号',
    });
    const shipped = await ship(orderId, parcel);
    expect(shipped.body).toMatchObject({ status: 'IN_TRANSIT', shipment: parcel, memberId });
    expect(shipped.body.shipTo).toMatchObject({ recipient: '王小明', phone: '+8613800138000' });
    const received = await call(ordersContract, 'receive', { as: asMember(memberId), params: { orderId } });
    expect(received.body.status).toBe('RECEIVED');
    const timeline = received.body.timeline as { status: string; by: string; at: string; clientId?: string }[];
    expect(timeline.map(({ status, by }) => [status, by])).toEqual([
      ['PENDING_SHIPMENT', 'MEMBER'],
      ['IN_TRANSIT', 'STAFF'],
      ['RECEIVED', 'MEMBER'],
    ]);
    expect(timeline.every(({ clientId, at }) => clientId === undefined && at.endsWith('Z'))).toBe(true);
    const seen = await call(ordersContract, 'read', { as: staff, params: { orderId } });
    expect((seen.body.timeline as { clientId?: string }[])[1]?.clientId).toBe('client:staff-1');
  });

  it('200 shipping again with the same parcel changes nothing; 422 request.key_reused with another under the same key', async () => {
    const { orderId } = await placed();
    const key = randomUUID();
    const first = await ship(orderId, parcel, key);
    const again = await ship(orderId, parcel, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await ship(orderId, { ...parcel, trackingNumber: 'SF0' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'request.key_reused']);
  });

  it('409 orders.wrong_status for what the status does not allow', async () => {
    const { memberId, orderId } = await placed();
    const early = await call(ordersContract, 'receive', { as: asMember(memberId), params: { orderId } });
    expect([early.status, early.body.code, early.body.orderStatus]).toEqual([
      409,
      'orders.wrong_status',
      'PENDING_SHIPMENT',
    ]);
    await ship(orderId, parcel);
    const late = await call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } });
    expect([late.status, late.body.code]).toEqual([409, 'orders.wrong_status']);
    const another = await ship(orderId, { ...parcel, trackingNumber: 'SF0' });
    expect([another.status, another.body.code]).toEqual([409, 'orders.wrong_status']);
    expect(await availableOf(memberId)).toBe(28);
  });

  it('200 cancelling before shipment gives points and piece back; a second time is no news', async () => {
    const { memberId, orderId, productId } = await placed();
    const cancel = () => call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } });
    const first = await cancel();
    expect(first.body).toMatchObject({ status: 'CANCELLED', refund: { points: 100, lapsed: 0 } });
    const second = await cancel();
    expect([second.status, second.body.status]).toEqual([200, 'CANCELLED']);
    expect(await availableOf(memberId)).toBe(128);
    expect(await leftOf(productId)).toBe(3);
  });

  it('200 one cancellation of 10 at once by member and staff', async () => {
    const { memberId, orderId, productId } = await placed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        i % 2 === 0
          ? call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } })
          : call(ordersContract, 'cancel', { as: staff, params: { orderId } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await availableOf(memberId)).toBe(128);
    expect(await leftOf(productId)).toBe(3);
  });

  it('404 orders.not_found alike for another member’s order and for one that never was', async () => {
    const { orderId } = await placed();
    const stranger = asMember(await memberWith(1));
    const never = 'ord_00000000000000000000000000';
    for (const name of ['readMine', 'cancelMine', 'receive'] as const) {
      const foreign = await call(ordersContract, name, { as: stranger, params: { orderId } });
      const absent = await call(ordersContract, name, { as: stranger, params: { orderId: never } });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'orders.not_found']);
      expect({ ...foreign.body, instance: '' }).toEqual({ ...absent.body, instance: '' });
    }
  });

  it('200 shows where it goes in clear only to who may ship it', async () => {
    const { orderId } = await placed({ recipient: '王小明', phone: '13800138000', address: '杭州市西湖区 1 号' });
    const seen = async (...permissions: string[]) =>
      (await call(ordersContract, 'read', { as: asStaff(...permissions), params: { orderId } })).body.shipTo;
    const [clear, masked] = [await seen('orders.read', 'orders.ship'), await seen('orders.read')];
    expect(clear).toMatchObject({ phone: expect.stringMatching(/^\+86\d{11}$/) as string });
    expect(masked).toMatchObject({ phone: expect.stringContaining('****') as string, address: '***' });
    const cancelled = await call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params: { orderId } });
    expect(cancelled.body.shipTo).toEqual(masked);
  });

  it('403 auth.forbidden for staff without the permission', async () => {
    const { orderId } = await placed();
    const answer = await call(ordersContract, 'ship', {
      as: asStaff('orders.read'),
      params: { orderId },
      body: parcel,
    });
    expect([answer.status, answer.body.code, answer.body.needs]).toEqual([403, 'auth.forbidden', 'orders.ship']);
  });
});

describe('lists of orders', () => {
  it('200 a member’s own, newest first, page by page; 400 request.cursor_invalid for another member’s cursor', async () => {
    const memberId = await memberWith(1_000);
    const productId = await gift({ stock: 10 });
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push((await redeem(memberId, productId)).body.orderId);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await call(ordersContract, 'mine', {
        as: asMember(memberId),
        query: { limit: '2', ...(cursor !== null && { cursor }) },
      });
      seen.push(...(body.items as { orderId: string }[]).map(({ orderId }) => orderId));
      cursor = body.nextCursor as string | null;
    } while (cursor !== null);
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(ids));
    const { body } = await call(ordersContract, 'mine', { as: asMember(memberId), query: { limit: '2' } });
    const stranger = asMember(await memberWith(1));
    const stolen = await call(ordersContract, 'mine', { as: stranger, query: { cursor: body.nextCursor as string } });
    expect([stolen.status, stolen.body.code]).toEqual([400, 'request.cursor_invalid']);
  });

  it('200 for staff by status, with names and numbers masked', async () => {
    const memberId = await memberWith(100);
    const shipTo = { recipient: '王小明', phone: '13800138000', address: '上海市南京东路 1 号' };
    const { body } = await redeem(memberId, await gift(), { shipTo });
    const list = await call(ordersContract, 'list', { as: staff, query: { limit: '100' } });
    const mine = (list.body.items as { orderId: string; shipTo: unknown }[]).find(
      (one) => one.orderId === body.orderId,
    );
    expect(mine?.shipTo).toEqual({ recipient: '王**', phone: '+86138****8000', address: '***' });
    const shipped = await call(ordersContract, 'list', { as: staff, query: { status: 'IN_TRANSIT', limit: '100' } });
    expect((shipped.body.items as { orderId: string }[]).map(({ orderId }) => orderId)).not.toContain(body.orderId);
  });
});

describe('what an order keeps of its request', () => {
  it('201 keeps a keyed digest, from which nobody can guess an address', async () => {
    const memberId = await memberWith(100);
    const wish = {
      quantity: 1,
      productId: await gift(),
      shipTo: { recipient: '王小明', phone: '13800138000', address: '上海市南京东路 1 号' },
    };
    const { body } = await call(ordersContract, 'place', { as: asMember(memberId), body: wish });
    const order = await findOrder(body.orderId as string);
    const sent = { ...wish, shipTo: { ...wish.shipTo, phone: '+8613800138000' } };
    expect(order?.timeline[0]?.request).not.toBe(digest(sent));
    expect(order?.timeline[0]?.request).toMatch(/^[\w-]{22}$/);
  });
});
