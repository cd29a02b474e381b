import { beforeAll, describe, expect, it } from 'vitest';
import { type Answered, runMall } from '../support/running.ts';

const held = runMall();
const PHONE = '13900139000';
/** The clock does not go back behind what the seed wrote, so the story plays next year. */
const YEAR = new Date().getUTCFullYear() + 1;
const LAST_DAY = `${YEAR}-12-31`;
const YEAR_END = Date.parse(`${LAST_DAY}T16:00:00.000Z`);

/** The steps tell one story, each going on from the one before. */
describe('a purchase goes in, a gift comes out, the year turns', { shuffle: false }, () => {
  let till = '';
  let staff = '';
  let member = { token: '', memberId: '' };
  let giftId = '';
  let orderId = '';

  const send: (typeof held.mall)['send'] = (...request) => held.mall.send(...request);
  const purchase = (number: string, amountFen: number, who: object, key?: string) =>
    send('POST', '/v1/purchases', { token: till, body: { number, amountFen, member: who }, ...(key && { key }) });
  const account = async (token = member.token) => (await send('GET', '/v1/me/points', { token })).body;

  async function lines(token = member.token): Promise<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    let cursor = '';
    do {
      const page = await send('GET', `/v1/me/points/entries?limit=2${cursor}`, { token });
      all.push(...(page.body.items as Record<string, unknown>[]));
      cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor as string}`;
    } while (cursor !== '');
    return all;
  }

  /** Tokens are short: whoever moves the clock logs in again. */
  async function logInAgain(): Promise<void> {
    member = await held.mall.logIn(PHONE);
    till = await held.mall.tokenOf(held.mall.demo.till);
    staff = await held.mall.tokenOf(held.mall.demo.staff);
  }

  beforeAll(async () => {
    await held.mall.clock(`${YEAR}-11-23T04:00:00.000Z`);
    till = await held.mall.tokenOf(held.mall.demo.till);
    staff = await held.mall.tokenOf(held.mall.demo.staff);
  });

  it('1. logs a person in with phone and code; the same person again is the same member', async () => {
    const first = await held.mall.logIn(PHONE);
    await held.mall.clock(`${YEAR}-11-23T04:01:00.000Z`);
    member = await held.mall.logIn(PHONE);
    expect(member.memberId).toBe(first.memberId);
    const me = await send('GET', '/v1/me', { token: member.token });
    expect(me.body).toMatchObject({ memberId: member.memberId, phone: '+86139****9000' });
  });

  it('1. makes one member of a login that races with a till’s first purchase', async () => {
    const phone = '13700137000';
    await send('POST', '/v1/auth/codes', { body: { phone } });
    const inbox = (await (await fetch(`${held.mall.api}/local/inbox`)).json()) as { to: string; text: string }[];
    const code = /\d{6}/.exec(inbox.find(({ to }) => to === `+86${phone}`)?.text ?? '')?.[0];
    const [login, ...bought] = await Promise.all([
      send('POST', '/v1/auth/sessions', { body: { phone, code } }),
      ...[1, 2, 3, 4].map((i) => purchase(`RACE-${i}`, 100, { phone })),
    ]);
    expect(new Set([login, ...bought].map(({ body }) => body.memberId)).size).toBe(1);
  });

  it('2. takes a purchase of ¥128.60 for 128 points, once however often it is reported', async () => {
    const first = await purchase('A-1001', 12_860, { phone: PHONE }, 'k-1');
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ points: 128, memberId: member.memberId, lastDay: LAST_DAY });
    const again = await purchase('A-1001', 12_860, { phone: PHONE }, 'k-1');
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    const other = await purchase('A-1001', 12_861, { phone: PHONE });
    expect([other.status, other.body.code]).toEqual([422, 'purchases.number_reused']);
    const external = await purchase('A-1002', 500, { externalId: 'crm-42' });
    const byId = await purchase('A-1003', 500, { memberId: external.body.memberId });
    expect([external.status, byId.status, byId.body.memberId]).toEqual([201, 201, external.body.memberId]);
  });

  it('3. shows the account, and a statement whose lines add up to it', async () => {
    expect(await account()).toMatchObject({
      available: 128,
      pending: 0,
      held: 0,
      debt: 0,
      nextLapse: { amount: 128, lastDay: LAST_DAY, lapsesAt: new Date(YEAR_END).toISOString() },
      lifetime: { earned: 128, spent: 0, refunded: 0, lapsed: 0 },
    });
    expect(await lines()).toMatchObject([
      { kind: 'EARN', amount: 128, balanceAfter: 128, reference: 'purchase:A-1001', lastDay: LAST_DAY },
    ]);
  });

  it('4. puts a gift on the shelf, and redeems it until it is sold out', async () => {
    const body = { name: { zh: '限量书签', en: 'Bookmark' }, pricePoints: 100, stock: 3 };
    const made = await send('POST', '/v1/products', { token: staff, body });
    expect(made.status).toBe(201);
    giftId = made.body.productId as string;
    const shelf = await send('GET', '/v1/products');
    expect((shelf.body.items as { productId: string }[])[0]).toMatchObject({ productId: giftId, available: 3 });

    const redeemed = await send('POST', '/v1/orders', { token: member.token, body: { productId: giftId } });
    expect(redeemed.status).toBe(201);
    orderId = redeemed.body.orderId as string;
    const short = await send('POST', '/v1/orders', { token: member.token, body: { productId: giftId } });
    expect([short.status, short.body.code, short.body.missing]).toEqual([409, 'points.insufficient', 72]);
    expect((await account()).available).toBe(28);
  });

  it('4. of 50 members at once on 3 pieces serves exactly 3', async () => {
    const body = { name: { zh: '抢手货', en: 'Rarity' }, pricePoints: 100, stock: 3 };
    const { productId } = (await send('POST', '/v1/products', { token: staff, body })).body;
    const phones = Array.from({ length: 50 }, (_, i) => `1360000${String(1000 + i)}`);
    await Promise.all(phones.map((phone) => purchase(`CROWD-${phone}`, 10_000, { phone })));
    const members = await Promise.all(phones.map((phone) => held.mall.logIn(phone)));
    const redeem = ({ token }: { token: string }) => send('POST', '/v1/orders', { token, body: { productId } });
    const answers: Answered[] = await Promise.all(members.map((one) => redeem(one)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter((answer) => answer.body.code === 'catalog.sold_out')).toHaveLength(47);
  });

  it('5. ships the order, and the member confirms, with a timeline of who and when', async () => {
    const parcel = { carrier: '顺丰速运', trackingNumber: 'SF1234567890' };
    const shipped = await send('POST', `/v1/orders/${orderId}/shipment`, { token: staff, body: parcel });
    expect(shipped.body).toMatchObject({ status: 'IN_TRANSIT', shipment: parcel });
    const received = await send('POST', `/v1/me/orders/${orderId}/receipt`, { token: member.token });
    expect(
      (received.body.timeline as { status: string; by: string }[]).map(({ status, by }) => `${status} ${by}`),
    ).toEqual(['PENDING_SHIPMENT MEMBER', 'IN_TRANSIT STAFF', 'RECEIVED MEMBER']);
  });

  it('5. cancels before shipment: stock and points go back to where they came from', async () => {
    await purchase('A-1004', 10_000, { phone: PHONE });
    const placed = await send('POST', '/v1/orders', { token: member.token, body: { productId: giftId } });
    const path = `/v1/me/orders/${String(placed.body.orderId)}/cancellation`;
    const cancelled = await send('POST', path, { token: member.token });
    expect(cancelled.body).toMatchObject({ status: 'CANCELLED', refund: { points: 100, lapsed: 0 } });
    expect(await account()).toMatchObject({ available: 128, lots: [{ lastDay: LAST_DAY, amount: 128 }] });
    expect((await send('GET', `/v1/products/${giftId}`)).body.available).toBe(2);
  });

  it('6. is told 30, 7 and 1 days before what will lapse, exactly, on the bus and to the member', async () => {
    for (const day of ['12-01', '12-24', '12-30']) {
      await held.mall.clock(`${YEAR}-${day}T09:00:00+08:00`);
      await held.mall.drain();
    }
    await logInAgain();
    const told = [1, 7, 30].map((daysLeft) => ({ lastDay: LAST_DAY, daysLeft, amount: 128 }));
    const { body } = await send('GET', '/v1/me/notices', { token: member.token });
    expect(body.items).toMatchObject(told);
    const events = (await held.mall.events('points.expiring_soon')).map(({ detail }) => detail);
    expect(events.filter(({ memberId }) => memberId === member.memberId)).toMatchObject(told);
  });

  it('6. has all in the last millisecond of the year, and nothing one later, before any job has run', async () => {
    await held.mall.clock(new Date(YEAR_END - 1).toISOString());
    await logInAgain();
    expect((await account()).available).toBe(128);
    await held.mall.clock(new Date(YEAR_END).toISOString());
    expect(await account()).toMatchObject({ available: 0, lots: [], nextLapse: null, lifetime: { lapsed: 128 } });
    const late = await send('POST', '/v1/orders', { token: member.token, body: { productId: giftId } });
    expect([late.status, late.body.code, late.body.missing]).toEqual([409, 'points.insufficient', 100]);
    expect((await lines())[0]).toMatchObject({ kind: 'EXPIRE', amount: -128, balanceAfter: 0 });
  });

  it('6. writes the year end down once, however often it runs, with an event per member on the bus', async () => {
    const before = await lines();
    const drained = await held.mall.drain();
    expect(Date.parse(drained.schedules.at(-1)?.dueAt ?? '')).toBe(YEAR_END);
    expect(drained.deadLetters).toBe(0);
    const expired = await held.mall.events('points.expired');
    expect(expired.filter(({ detail }) => detail.memberId === member.memberId)).toMatchObject([
      { detail: { amount: 128, lastDay: LAST_DAY } },
    ]);
    expect(new Set(expired.map(({ detail }) => detail.memberId)).size).toBe(expired.length);
    expect((await held.mall.drain()).schedules).toEqual([]);
    expect(await held.mall.events('points.expired')).toHaveLength(expired.length);
    expect(await lines()).toEqual(before);
    const sum = (await lines()).reduce((total, { amount }) => total + (amount as number), 0);
    expect(sum).toBe(0);
  });

  it('serves its description without a login, and says 404 and 405 itself', async () => {
    expect((await send('GET', '/openapi.json')).body.openapi).toBe('3.1.0');
    expect((await send('GET', '/docs')).body.text).toContain('swagger-ui');
    const lost = await send('GET', '/v1/nowhere');
    expect([lost.status, lost.body.code]).toEqual([404, 'request.unknown_path']);
    const wrong = await send('DELETE', '/v1/products');
    expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
      405,
      'request.unknown_method',
      'GET, POST',
    ]);
    const nobody = await send('GET', '/v1/me/points');
    expect([nobody.status, nobody.body]).toEqual([401, { message: 'Unauthorized' }]);
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
