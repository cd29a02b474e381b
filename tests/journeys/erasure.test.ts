import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runMall } from '../support/running.ts';

const held = runMall();

/** The clock of the mall, so many seconds on. */
async function later(seconds: number): Promise<void> {
  const { body } = await held.mall.send('GET', '/local/clock');
  await held.mall.clock(new Date(Date.parse(String(body['now'])) + seconds * 1_000).toISOString());
}

describe('a member who goes, over HTTP, from the template', () => {
  it('takes along all that is held on them, waits for their order, and leaves nothing but a number', async () => {
    const { mall } = held;
    const phone = '13700137009';
    const { token, memberId, refreshToken } = await mall.logIn(phone);
    const send = (method: string, path: string, body?: unknown) =>
      mall.send(method, path, { token, ...(body !== undefined && { body }), key: randomUUID() });
    const till = await mall.tokenOf(mall.demo.till);
    const sale = { number: `E-${randomUUID()}`, amountFen: 1_000_000, member: { phone } };
    expect((await mall.send('POST', '/v1/purchases', { token: till, body: sale })).status).toBe(201);
    await send('PATCH', '/v1/me/profile', { nickname: '小雀' });
    await send('POST', '/v1/me/addresses', { recipient: '王五', phone, address: '杭州市桃花坞 9 号' });
    const { items } = (await send('GET', '/v1/products')).body as { items: { productId: string }[] };
    const shipTo = { recipient: '王五', phone, address: '杭州市桃花坞 9 号' };
    const placed = await send('POST', '/v1/orders', { productId: items[0]?.productId, shipTo });
    expect(placed.status, JSON.stringify(placed.body)).toBe(201);

    const exported = await send('POST', '/v1/me/exports');
    expect(exported.status).toBe(201);
    for (const url of [exported.body['json'], exported.body['csv']]) {
      const file = await fetch(String(url));
      const text = await file.text();
      for (const word of [phone, '小雀', '王五', '桃花坞']) expect(text).toContain(word);
    }

    const goodbye = () => send('POST', '/v1/me/erasure', { confirm: 'ERASE' });
    const { orderId } = placed.body as { orderId: string };
    expect(await goodbye()).toMatchObject({
      status: 409,
      body: { code: 'privacy.order_open', orderIds: [orderId] },
    });
    expect((await send('POST', `/v1/me/orders/${orderId}/cancellation`)).status).toBe(200);
    expect((await goodbye()).status).toBe(200);
    expect((await fetch(String(exported.body['json']))).status).toBe(404);

    await later(61);
    expect(await send('GET', '/v1/me')).toMatchObject({ status: 401, body: { code: 'auth.token_revoked' } });
    expect((await mall.send('POST', '/v1/auth/sessions/refresh', { body: { refreshToken } })).status).toBe(401);
    expect(await mall.violations()).toEqual([]);
    expect((await mall.events('member.erased')).map(({ detail }) => detail['memberId'])).toEqual([memberId]);

    const back = { number: `E-${randomUUID()}`, purchase: sale.number, amountFen: 1_000_000 };
    expect((await mall.send('POST', '/v1/returns', { token: till, body: back })).status).toBe(201);
    expect((await mall.logIn(phone)).memberId).not.toBe(memberId);
    expect(await mall.violations()).toEqual([]);
  });
});
