import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/announcer/on-table-change.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { events } from '../../shared/events.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { bus, clock, openMall, type Put } from '../support/mall.ts';
import { gift, somePhone } from '../support/people.ts';
import { allItems, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => {
  clock(START);
  bus.events.length = 0;
});
afterEach(() => {
  bus.refuses = () => false;
});

type Items = Awaited<ReturnType<typeof allItems>>;

const keyOf = ({ pk, sk }: Items[0]) => `${pk}|${sk}`;
const detailOf = ({ Detail }: Put) => JSON.parse(Detail) as Record<string, unknown>;
const names = () => bus.events.map(({ DetailType }) => DetailType);
const announce = (...Records: DynamoDBRecord[]) => handler({ Records });
const failures = (...sequences: string[]) => ({
  batchItemFailures: sequences.map((itemIdentifier) => ({ itemIdentifier })),
});

/** The records of what these steps did to the table. */
async function changesOf(steps: () => Promise<unknown>): Promise<DynamoDBRecord[]> {
  const before = new Map((await allItems()).map((item) => [keyOf(item), item]));
  await steps();
  const changed = (await allItems()).filter((item) => JSON.stringify(before.get(keyOf(item))) !== JSON.stringify(item));
  return changed.map((item, i) => recordOf(String(1_000 + i), item, before.get(keyOf(item))));
}

async function buy(phone: string, points = 128): Promise<string> {
  const body = { number: `E-${randomUUID()}`, amountFen: points * 100, member: { phone } };
  return (await call(earningContract, 'report', { as: asTill(), body })).body.memberId as string;
}

describe('what the table’s changes say', () => {
  it('a first purchase is a member, a purchase, points and a new lot', async () => {
    let memberId = '';
    const records = await changesOf(async () => {
      memberId = await buy(somePhone());
    });
    expect(await announce(...records)).toEqual(failures());
    expect(new Set(names())).toEqual(
      new Set(['member.registered', 'purchase.reported', 'points.earned', 'points.lot_opened']),
    );
    expect(bus.events).toHaveLength(4);
    for (const put of bus.events) {
      expect(put).toMatchObject({ EventBusName: 'bus', Source: 'points-mall' });
      expect(Object.keys(events)).toContain(put.DetailType);
      expect(detailOf(put)).toMatchObject({ memberId, eventId: expect.any(String) as string, at: START });
    }
    const earned = bus.events.find(({ DetailType }) => DetailType === 'points.earned') as Put;
    expect(detailOf(earned)).toMatchObject({
      amount: 128,
      balanceAfter: 128,
      currency: 'POINTS',
      lastDay: '2026-12-31',
    });
  });

  it('a second purchase opens no lot that is open already', async () => {
    const phone = somePhone();
    await buy(phone);
    await announce(...(await changesOf(() => buy(phone))));
    expect(names().toSorted()).toEqual(['points.earned', 'purchase.reported']);
  });

  it('a year that has ended is points that expired, dated at its end', async () => {
    const phone = somePhone();
    await buy(phone);
    clock('2027-01-05T04:00:00.000Z');
    await announce(...(await changesOf(() => buy(phone, 5))));
    expect(names().toSorted()).toEqual(['points.earned', 'points.expired', 'points.lot_opened', 'purchase.reported']);
    const expired = bus.events.find(({ DetailType }) => DetailType === 'points.expired') as Put;
    expect(detailOf(expired)).toMatchObject({ amount: 128, at: '2026-12-31T16:00:00.000Z', balanceAfter: 0 });
    expect(expired.Time).toBe(Date.parse('2026-12-31T16:00:00.000Z') / 1_000);
  });

  it('an order says each step once, and nothing personal', async () => {
    const [phone, recipient, street] = [somePhone(), '王小明', '南京东路一号'];
    const memberId = await buy(phone);
    const productId = await gift();
    const staff = asStaff('orders.ship', 'orders.cancel');
    const body = { productId, shipTo: { recipient, phone, address: street } };
    let orderId = '';
    const placed = await changesOf(async () => {
      orderId = (await call(ordersContract, 'place', { as: asMember(memberId), body })).body.orderId as string;
    });
    await announce(...placed);
    expect(names().toSorted()).toEqual(['order.placed', 'points.spent']);
    const shipment = { carrier: 'SF', trackingNumber: 'SF1234567890' };
    const shipped = await changesOf(() =>
      call(ordersContract, 'ship', { as: staff, params: { orderId }, body: shipment }),
    );
    await announce(...shipped);
    const received = await changesOf(() =>
      call(ordersContract, 'receive', { as: asMember(memberId), params: { orderId } }),
    );
    await announce(...received);
    expect(names().slice(2)).toEqual(['order.shipped', 'order.received']);
    const told = JSON.stringify(bus.events);
    for (const personal of [phone, phone.slice(3), recipient, street]) expect(told).not.toContain(personal);
  });

  it('a gift that appears or changes is a product that changed; its stock and what vanished say nothing', async () => {
    let productId = '';
    const made = await changesOf(async () => {
      productId = await gift();
    });
    await announce(...made);
    const params = { productId };
    const changed = await changesOf(() =>
      call(catalogContract, 'change', { as: asStaff('catalog.write'), params, body: { pricePoints: 7 } }),
    );
    await announce(...changed);
    expect(bus.events.map(detailOf)).toMatchObject([
      { productId, version: 1 },
      { productId, version: 2, pricePoints: 7 },
    ]);
    const gone = {
      eventID: 'x',
      eventName: 'REMOVE',
      dynamodb: { SequenceNumber: '1', OldImage: made[0]?.dynamodb?.NewImage },
    };
    expect(await announce(gone as DynamoDBRecord)).toEqual(failures());
    expect(bus.events).toHaveLength(2);
  });
});

describe('a batch', () => {
  it('sent again has the same ids', async () => {
    const records = await changesOf(() => buy(somePhone()));
    await announce(...records);
    clock('2026-11-24T04:00:00.000Z');
    await announce(...records);
    const ids = bus.events.map((put) => detailOf(put).eventId);
    expect(ids.slice(0, 4)).toEqual(ids.slice(4));
    expect(new Set(ids).size).toBe(4);
  });

  it('with a poison record answers its number, with those before it done and those after it not', async () => {
    const [first, second] = [await changesOf(() => buy(somePhone())), await changesOf(() => buy(somePhone()))];
    const entry = [...first, ...second].find(({ dynamodb }) => dynamodb?.NewImage?.type?.S === 'entry');
    const image = { ...entry?.dynamodb?.NewImage };
    delete image.x;
    const poison = { eventID: 'p', eventName: 'INSERT', dynamodb: { SequenceNumber: '777', NewImage: image } };
    expect(await announce(...first, poison as DynamoDBRecord, ...second)).toEqual(failures('777'));
    expect(bus.events).toHaveLength(4);
    expect(await announce(poison as DynamoDBRecord)).toEqual(failures('777'));
  });

  it('of which the bus refuses something answers the first record that is not done', async () => {
    const phones = Array.from({ length: 5 }, () => somePhone());
    const records = await changesOf(async () => Promise.all(phones.map((phone) => buy(phone))));
    const numbered = records.map((record, i) => ({
      ...record,
      dynamodb: { ...record.dynamodb, SequenceNumber: `${i}` },
    }));
    const purchases = numbered.filter(({ dynamodb }) => dynamodb.NewImage?.type?.S === 'purchase');
    const third = purchases[2]?.dynamodb;
    const number = third?.NewImage?.purchaseId?.S ?? '';
    bus.refuses = ({ Detail }) => Detail.includes(number);
    expect(await announce(...(numbered as DynamoDBRecord[]))).toEqual(failures(third?.SequenceNumber ?? ''));
    bus.refuses = () => false;
    const rest = numbered.slice(Number(third?.SequenceNumber)) as DynamoDBRecord[];
    expect(await announce(...rest)).toEqual(failures());
    expect(new Set(bus.events.map((put) => detailOf(put).eventId)).size).toBe(20);
  });

  it('of nothing is done', async () => {
    expect(await announce()).toEqual(failures());
  });
});
