import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answered, runMall } from '../support/running.ts';

const held = runMall();
const PHONE = '13700137300';
const PERSON = 'maria';

/** The steps tell one story, each going on from the one before. */
describe('one person with two accounts', { shuffle: false }, () => {
  let [wechatId, token, refreshToken] = ['', '', ''];
  let heir = { memberId: '', token: '' };
  let [firstOrder, secondOrder, smsCode] = ['', '', ''];

  const told = ({ status, body }: Answered) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
  const send = (method: string, path: string, as: string, body?: unknown, key: string = randomUUID()) =>
    held.mall.send(method, path, { token: as, key, ...(body !== undefined && { body }) });
  const codeOf = async (person: string) =>
    (await held.mall.send('POST', `/local/provider-codes?person=${person}`)).body.code as string;
  const byWechat = async () =>
    (await held.mall.send('POST', '/v1/auth/sessions/wechat', { body: { code: await codeOf(PERSON) } })).body;
  async function later(seconds: number): Promise<void> {
    const { body } = await held.mall.send('GET', '/local/clock');
    await held.mall.clock(new Date(Date.parse(String(body.now)) + seconds * 1_000).toISOString());
  }
  async function codeFor(phone: string): Promise<string> {
    await later(61);
    expect((await held.mall.send('POST', '/v1/auth/codes', { body: { phone } })).status).toBe(202);
    const inbox = (await (await fetch(`${held.mall.api}/local/inbox`)).json()) as { to: string; text: string }[];
    return /\d{6}/.exec(inbox.find(({ to }) => to.endsWith(phone))?.text ?? '')?.[0] ?? '';
  }
  async function buys(member: object, amountFen: number): Promise<void> {
    const till = await held.mall.tokenOf(held.mall.demo.till);
    const body = { number: `M-${randomUUID()}`, amountFen, member };
    expect((await held.mall.send('POST', '/v1/purchases', { token: till, body })).status).toBe(201);
  }
  async function ordersOne(as: string): Promise<string> {
    const { items } = (await held.mall.send('GET', '/v1/products')).body as { items: { productId: string }[] };
    const placed = await send('POST', '/v1/orders', as, { productId: items[0]?.productId });
    expect(placed.status, JSON.stringify(placed.body)).toBe(201);
    return placed.body.orderId as string;
  }
  const available = async (as: string) => (await held.mall.send('GET', '/v1/me/points', { token: as })).body.available;

  it('1. they come by WeChat, earn points and order a gift', async () => {
    const body = await byWechat();
    [wechatId, token, refreshToken] = [body.memberId, body.accessToken, body.refreshToken] as [string, string, string];
    await buys({ memberId: wechatId }, 1_000_000);
    firstOrder = await ordersOne(token);
    expect(await available(token)).toBeLessThan(10_000);
    await send('POST', '/v1/me/addresses', token, { recipient: '王五', phone: PHONE, address: '杭州市 9 号' });
  });

  it('2. their phone has an account of its own, which a till made, with an order', async () => {
    await buys({ phone: PHONE }, 500_000);
    heir = await held.mall.logIn(PHONE);
    secondOrder = await ordersOne(heir.token);
    expect((await send('POST', `/v1/me/orders/${secondOrder}/cancellation`, heir.token)).status).toBe(200);
  });

  it('3. the phone is not bound a second time, and they are told what to do', async () => {
    smsCode = await codeFor(PHONE);
    const answer = await send('POST', '/v1/me/phone', token, { phone: PHONE, code: smsCode });
    expect([told(answer), answer.body.title]).toEqual(['409 members.phone_taken', expect.stringContaining('合并')]);
  });

  it('4. the merge waits for their order, and names it', async () => {
    smsCode = await codeFor(PHONE);
    const answer = await send('POST', '/v1/me/merges', token, { phone: PHONE, code: smsCode });
    expect([told(answer), answer.body.orderIds]).toEqual(['409 orders.open_orders', [firstOrder]]);
    expect((await send('POST', `/v1/me/orders/${firstOrder}/cancellation`, token)).status).toBe(200);
  });

  it('5. then it is done by the same code, and once: asked again, the answer is the same', async () => {
    const key = randomUUID();
    const body = { phone: PHONE, code: smsCode, device: { platform: 'MINI_PROGRAM' } };
    const done = await send('POST', '/v1/me/merges', token, body, key);
    expect([done.status, done.body.into]).toEqual([201, heir.memberId]);
    const again = await send('POST', '/v1/me/merges', token, body, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const session = again.body.session as { accessToken: string; memberId: string };
    expect(session.memberId).toBe(heir.memberId);
    const refresh = await held.mall.send('POST', '/v1/auth/sessions/refresh', { body: { refreshToken } });
    expect(told(refresh)).toBe('401 auth.session_ended');
    [token, heir.token] = [session.accessToken, token];
  });

  it('6. the app goes on as the heir: all points, both orders, the address; the old token is dead', async () => {
    await held.mall.drain();
    expect(await available(token)).toBe(15_000);
    const { items } = (await held.mall.send('GET', '/v1/me/orders', { token })).body as {
      items: { orderId: string }[];
    };
    expect(items.map(({ orderId }) => orderId).toSorted()).toEqual([firstOrder, secondOrder].toSorted());
    const book = (await held.mall.send('GET', '/v1/me/addresses', { token })).body as { items: object[] };
    expect(book.items).toMatchObject([{ recipient: '王五', isDefault: true }]);
    expect((await held.mall.events('member.merged')).map(({ detail }) => detail)).toMatchObject([
      { memberId: wechatId, heirId: heir.memberId },
    ]);
    await later(61);
    expect(told(await held.mall.send('GET', '/v1/me', { token: heir.token }))).toBe('401 auth.token_revoked');
  });

  it('7. WeChat and the phone are one account, and a till finds it', async () => {
    expect(await byWechat()).toMatchObject({ memberId: heir.memberId, firstVisit: false });
    expect((await held.mall.logIn(PHONE)).memberId).toBe(heir.memberId);
    await buys({ memberId: wechatId }, 100);
    expect(await available((await byWechat()).accessToken as string)).toBe(15_001);
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
    await later(700);
    expect(await held.mall.violations()).toEqual([]);
  });
});
