import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { gift } from '../support/people.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

const NOBODY = 'prd_00000000000000000000000000';
const staff = asStaff('catalog.write');
const wish = { name: { zh: '茶杯', en: 'Cup' }, pricePoints: 100, stock: 3 };
const told = ({ status, body }: Called) => `${status} ${body.code as string}`;
const create = (body: object, key: string = randomUUID()) => call(catalogContract, 'create', { as: staff, body, key });
const read = (productId: string) => call(catalogContract, 'read', { params: { productId } });
const change = (productId: string, body: object) =>
  call(catalogContract, 'change', { as: staff, params: { productId }, body });
const list = (query: Record<string, string> = {}) => call(catalogContract, 'list', { query });

async function shelf(limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body }: Called = await list({ limit: String(limit), ...(cursor && { cursor }) });
    expect(status).toBe(200);
    const items = body.items as { productId: string }[];
    expect(items.length).toBeLessThanOrEqual(limit);
    ids.push(...items.map(({ productId }) => productId));
    cursor = body.nextCursor as string | null;
  }
  return ids;
}

describe('POST /v1/products', () => {
  it('201 puts a gift on the shelf', async () => {
    const { status, body } = await create({ ...wish, description: { zh: '白瓷', en: 'Porcelain' } });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...wish,
      stock: undefined,
      productId: expect.stringMatching(/^prd_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      description: { zh: '白瓷', en: 'Porcelain' },
      status: 'ON_SHELF',
      available: 3,
      soldOut: false,
      createdAt: expect.any(String) as string,
    });
    expect((await read(body.productId as string)).body).toEqual(body);
  });

  it('201 with the same gift for the same key, said to be replayed', async () => {
    const key = randomUUID();
    const first = await create(wish, key);
    clock('2026-11-23T04:00:00.001Z');
    const again = await create({ stock: 3, pricePoints: 100, name: wish.name }, key);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it('201 with one gift for 20 requests at once under one key', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(wish, key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
  });

  it('422 request.key_reused for another gift under the key', async () => {
    const key = randomUUID();
    const { body } = await create(wish, key);
    for (const other of [
      { ...wish, stock: 4 },
      { ...wish, pricePoints: 1 },
      { ...wish, status: 'OFF_SHELF' },
    ]) {
      expect(told(await create(other, key))).toBe('422 request.key_reused');
    }
    expect((await read(body.productId as string)).body).toEqual(body);
  });

  it('201 makes another gift for another client under the same key', async () => {
    const key = randomUUID();
    const mine = await create(wish, key);
    const theirs = await call(catalogContract, 'create', { as: { ...staff, id: 'staff-2' }, body: wish, key });
    expect(theirs.status).toBe(201);
    expect(theirs.body.productId).not.toBe(mine.body.productId);
  });

  it.each([
    ['a price of 0', { pricePoints: 0 }],
    ['a price of 10,000,001', { pricePoints: 10_000_001 }],
    ['a stock of −1', { stock: -1 }],
    ['a stock of 1,000,001', { stock: 1_000_001 }],
    ['half a stock', { stock: 0.5 }],
    ['an unknown status', { status: 'SOLD_OUT' }],
    ['a name in one language', { name: { zh: '茶杯' } }],
    ['an id of one’s own', { productId: NOBODY }],
  ])('400 request.invalid for %s', async (_, more) => {
    expect(told(await create({ ...wish, ...more }))).toBe('400 request.invalid');
  });
});

describe('GET /v1/products/{productId}', () => {
  it('404 catalog.not_found for what never was and for what is off the shelf, alike', async () => {
    const off = (await create({ ...wish, status: 'OFF_SHELF' })).body.productId as string;
    const [absent, hidden] = [await read(NOBODY), await read(off)];
    expect([told(absent), told(hidden)]).toEqual(['404 catalog.not_found', '404 catalog.not_found']);
    expect({ ...hidden.body, instance: '' }).toEqual({ ...absent.body, instance: '' });
  });

  it('200 says that it is sold out', async () => {
    expect((await read(await gift({ stock: 0 }))).body).toMatchObject({ available: 0, soldOut: true });
  });
});

describe('PATCH /v1/products/{productId}', () => {
  it('200 changes what it names and leaves the rest', async () => {
    const productId = await gift({ pricePoints: 100, stock: 3 });
    const { status, body } = await change(productId, { pricePoints: 120 });
    expect([status, body]).toMatchObject([
      200,
      { pricePoints: 120, name: wish.name, available: 3, status: 'ON_SHELF' },
    ]);
    const named = await change(productId, { name: { zh: '杯', en: 'Mug' }, description: { zh: '瓷', en: 'China' } });
    expect(named.body).toMatchObject({ pricePoints: 120, name: { en: 'Mug' }, description: { en: 'China' } });
    expect((await read(productId)).body).toEqual(named.body);
  });

  it('200 takes it off the shelf and puts it back in its place', async () => {
    clock('2026-11-24T04:00:00.000Z');
    const older = await gift();
    clock('2026-11-24T04:00:01.000Z');
    const newer = await gift();
    const ours = async () => (await shelf(100)).filter((id) => [older, newer].includes(id));
    expect((await change(older, { status: 'OFF_SHELF' })).status).toBe(200);
    expect([await ours(), told(await read(older))]).toEqual([[newer], '404 catalog.not_found']);
    await change(older, { status: 'ON_SHELF' });
    expect([await ours(), (await read(older)).status]).toEqual([[newer, older], 200]);
  });

  it('200 loses none of ten changes at once', async () => {
    const productId = await gift();
    const prices = Array.from({ length: 5 }, (_, i) => change(productId, { pricePoints: 200 + i }));
    const names = Array.from({ length: 5 }, () => change(productId, { name: { zh: '新', en: 'New' } }));
    const answers = await Promise.all([...prices, ...names]);
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { body } = await read(productId);
    expect(body.name).toEqual({ zh: '新', en: 'New' });
    expect(body.pricePoints).toBeGreaterThanOrEqual(200);
  });

  it('404 catalog.not_found for what never was', async () => {
    expect(told(await change(NOBODY, { pricePoints: 1 }))).toBe('404 catalog.not_found');
  });

  it.each([
    ['nothing', {}],
    ['stock', { stock: 100 }],
    ['version', { pricePoints: 1, version: 1 }],
    ['null', { description: null }],
  ])('400 request.invalid for %s', async (_, body) => {
    expect(told(await change(await gift(), body))).toBe('400 request.invalid');
  });

  it.each([
    ['401 auth.token_missing', undefined],
    ['403 auth.forbidden', asMember('mem_1')],
    ['403 auth.forbidden', asTill('catalog.write')],
    ['403 auth.forbidden', asStaff('orders.ship')],
  ])('%s', async (title, as) => {
    const params = { productId: await gift() };
    expect(told(await call(catalogContract, 'change', { as, params, body: { pricePoints: 1 } }))).toBe(title);
  });
});

describe('GET /v1/products', () => {
  it('200 lists each gift once, newest first, however long a page is', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      clock(new Date(Date.parse('2026-12-01T00:00:00.000Z') + Math.floor(i / 2)).toISOString());
      made.push(await gift());
    }
    const all = await shelf(100);
    const [a, b, c, d, e] = made;
    expect(all[0]).toBe(e);
    expect(new Set(all.slice(1, 3))).toEqual(new Set([c, d]));
    expect(new Set(all.slice(3, 5))).toEqual(new Set([a, b]));
    for (const limit of [1, 2, 3, all.length]) expect(await shelf(limit)).toEqual(all);
  });

  it.each(['x', 'x.y', '..'])('400 request.cursor_invalid for %j', async (cursor) => {
    expect(told(await list({ cursor }))).toBe('400 request.cursor_invalid');
  });
});
