import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ordersContract } from '../../../shared/orders/contract.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { asMember, call } from '../../support/call.ts';
import { openMall } from '../../support/mall.ts';
import { gift, memberWith } from '../../support/people.ts';
import { allItems, losingReplies } from '../../support/table.ts';
import { own, told, violations } from './own.ts';

openMall();

const HOME = { recipient: '王五', phone: '13800138000', address: '杭州市西湖区文三路 1 号' };
const SHOWN = { ...HOME, phone: '+8613800138000' };
const ABSENT = `adr_${'0'.repeat(26)}`;

const someone = () => newId('mem');
const add = (memberId: string, body: object = HOME, key: string = randomUUID()) =>
  own(memberId)('addAddress', { body, key });
const added = async (memberId: string, address = HOME.address) =>
  (await add(memberId, { ...HOME, address })).body.addressId as string;

interface Shown {
  addressId: string;
  address: string;
  isDefault: boolean;
}
const bookOf = async (memberId: string) => (await own(memberId)('addresses')).body.items as Shown[];
const defaults = async (memberId: string) =>
  (await bookOf(memberId)).filter(({ isDefault }) => isDefault).map(({ addressId }) => addressId);

describe('POST /v1/me/addresses', () => {
  it('201 adds one, and the first is the default', async () => {
    const memberId = someone();
    const first = await add(memberId);
    expect(first).toMatchObject({ status: 201, body: { ...SHOWN, isDefault: true } });
    const second = await add(memberId, { ...HOME, address: '乙' });
    expect(second.body.isDefault).toBe(false);
    expect(await bookOf(memberId)).toEqual([first.body, second.body]);
    expect(await violations()).toEqual([]);
  });

  it('201 again under the same key is the same address, as it is by now; another one is 422 request.key_reused', async () => {
    const memberId = someone();
    const first = await add(memberId, HOME, 'k');
    const addressId = first.body.addressId as string;
    const again = await add(memberId, HOME, 'k');
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    await own(memberId)('changeAddress', { params: { addressId }, body: { ...HOME, address: '丙' } });
    expect((await add(memberId, HOME, 'k')).body).toMatchObject({ addressId, address: '丙' });
    expect(told(await add(memberId, { ...HOME, address: '丁' }, 'k'))).toBe('422 request.key_reused');
    expect(await bookOf(memberId)).toHaveLength(1);
  });

  it('404 members.address_not_found for a late repeat of one that was deleted: it does not come back', async () => {
    const memberId = someone();
    const { body } = await add(memberId, HOME, 'k');
    await own(memberId)('removeAddress', { params: { addressId: body.addressId as string } });
    expect(told(await add(memberId, HOME, 'k'))).toBe('404 members.address_not_found');
    expect(await bookOf(memberId)).toEqual([]);
  });

  it('409 members.addresses_full from the 21st on, also when they come at once; a repeat is none', async () => {
    const memberId = someone();
    for (let i = 0; i < 18; i += 1) await add(memberId, HOME, `k${i}`);
    const answers = await Promise.all([18, 19, 20, 21].map((i) => add(memberId, HOME, `k${i}`)));
    expect(answers.map(told).toSorted()).toEqual([
      '201',
      '201',
      '409 members.addresses_full',
      '409 members.addresses_full',
    ]);
    expect(told(await add(memberId, HOME, 'k0'))).toBe('201');
    expect(await bookOf(memberId)).toHaveLength(20);
  });

  it('201 once though replies are lost', async () => {
    const memberId = someone();
    const lost = losingReplies();
    const answers = [await add(memberId), await add(memberId, { ...HOME, address: '乙' })];
    lost.mockRestore();
    expect(answers.map(told)).toEqual(['201', '201']);
    expect((await allItems()).find(({ pk, sk }) => pk === `MEMBER#${memberId}` && sk === 'ADDRESSES')).toMatchObject({
      version: 2,
    });
    expect(await bookOf(memberId)).toHaveLength(2);
  });

  it.each([
    [{ ...HOME, recipient: '' }, 'recipient'],
    [{ ...HOME, phone: '123' }, 'phone'],
    [{ ...HOME, address: 'x'.repeat(201) }, 'address'],
    [{ ...HOME, isDefault: true }, 'isDefault'],
  ])('400 request.invalid for %j', async (body, path) => {
    const answer = await add(someone(), body);
    expect([told(answer), answer.body.errors]).toEqual(['400 request.invalid', [expect.objectContaining({ path })]]);
  });
});

describe('PUT|DELETE /v1/me/addresses/{addressId}', () => {
  it('200 changes one and leaves its place and the default', async () => {
    const memberId = someone();
    const [first, second] = [await added(memberId, '甲'), await added(memberId, '乙')];
    const body = { ...HOME, recipient: '赵六', address: '丙' };
    const answer = await own(memberId)('changeAddress', { params: { addressId: first }, body });
    expect(answer).toMatchObject({
      status: 200,
      body: { ...body, phone: SHOWN.phone, addressId: first, isDefault: true },
    });
    expect((await bookOf(memberId)).map(({ addressId }) => addressId)).toEqual([first, second]);
  });

  it('204 takes one away, and again 204; where it was the default another one is', async () => {
    const memberId = someone();
    const [first, second, third] = [await added(memberId), await added(memberId), await added(memberId)];
    const remove = (addressId: string) => own(memberId)('removeAddress', { params: { addressId } });
    expect([told(await remove(second)), told(await remove(second))]).toEqual(['204', '204']);
    expect(await defaults(memberId)).toEqual([first]);
    await remove(first);
    expect(await defaults(memberId)).toEqual([third]);
    await remove(third);
    expect(await bookOf(memberId)).toEqual([]);
    await added(memberId);
    expect(await defaults(memberId)).toHaveLength(1);
  });

  it.each(['changeAddress', 'removeAddress', 'makeDefault'] as const)(
    '404 members.address_not_found: %s of another member’s is like one that never was',
    async (name) => {
      const memberId = someone();
      await added(memberId);
      const foreign = await added(someone());
      const body = name === 'changeAddress' ? { body: HOME } : {};
      const answers = await Promise.all(
        [foreign, ABSENT].map((addressId) => own(memberId)(name, { params: { addressId }, ...body })),
      );
      expect(answers.map(told)).toEqual(['404 members.address_not_found', '404 members.address_not_found']);
      const [one, other] = answers.map(({ body }) => ({ ...body, instance: '' }));
      expect(one).toEqual(other);
    },
  );
});

describe('PUT /v1/me/addresses/{addressId}/default', () => {
  it('200 makes one the default, however many ask at once there is exactly one', async () => {
    const memberId = someone();
    const ids = [await added(memberId), await added(memberId), await added(memberId)];
    const answers = await Promise.all(ids.map((addressId) => own(memberId)('makeDefault', { params: { addressId } })));
    expect(answers.map(told)).toEqual(['200', '200', '200']);
    expect(await defaults(memberId)).toHaveLength(1);
    const { body } = await own(memberId)('makeDefault', { params: { addressId: ids[1] ?? '' } });
    expect((body.items as Shown[]).filter(({ isDefault }) => isDefault)).toEqual([
      expect.objectContaining({ addressId: ids[1] }),
    ]);
  });
});

describe('POST /v1/orders to an address of the book', () => {
  it('201 sends it there, wherever the book points afterwards; 404 members.address_not_found elsewhere', async () => {
    const [memberId, productId] = [await memberWith(300), await gift()];
    const addressId = await added(memberId);
    const foreign = await added(someone());
    const place = (id: string, key: string = randomUUID()) =>
      call(ordersContract, 'place', { as: asMember(memberId), key, body: { productId, shipTo: { addressId: id } } });
    const placed = await place(addressId, 'k');
    expect(placed).toMatchObject({ status: 201, body: { shipTo: SHOWN } });
    expect([told(await place(foreign)), told(await place(ABSENT))]).toEqual([
      '404 members.address_not_found',
      '404 members.address_not_found',
    ]);
    await own(memberId)('removeAddress', { params: { addressId } });
    const again = await place(addressId, 'k');
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, placed.body, 'true']);
  });
});
