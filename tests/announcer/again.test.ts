import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord, EventBridgeEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { handler as announce } from '../../functions/announcer/on-table-change.ts';
import { handler as onLotOpened } from '../../functions/points/on-points-lot-opened.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { asMember, call } from '../support/call.ts';
import { bus, clock, openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { allItems, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => {
  clock(START);
  bus.events.length = 0;
});

type Item = Awaited<ReturnType<typeof allItems>>[0];
type Event = Record<string, string | number> & { name: string };

const keyOf = ({ pk, sk }: Item) => `${pk}|${sk}`;
const inOrder = (items: readonly Item[]) => items.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
const heard = (): Event[] =>
  bus.events.map(({ DetailType, Detail }) => ({ name: DetailType, ...(JSON.parse(Detail) as object) }));

/** The stream of what these steps do, one after the other. */
async function streamOf(steps: readonly (() => Promise<unknown>)[]): Promise<DynamoDBRecord[]> {
  const records: DynamoDBRecord[] = [];
  let before = new Map((await allItems()).map((item) => [keyOf(item), item]));
  for (const step of steps) {
    await step();
    const now = await allItems();
    for (const item of now) {
      const old = before.get(keyOf(item));
      if (JSON.stringify(old) !== JSON.stringify(item)) records.push(recordOf(`${1_000 + records.length}`, item, old));
    }
    before = new Map(now.map((item) => [keyOf(item), item]));
  }
  return records;
}

/** The same records, each key's own in order, and the keys in any. */
function betweenKeys(records: readonly DynamoDBRecord[]): DynamoDBRecord[] {
  const keyIn = ({ dynamodb }: DynamoDBRecord) => `${dynamodb?.NewImage?.pk?.S}|${dynamodb?.NewImage?.sk?.S}`;
  const keys = [...Map.groupBy(records, keyIn).values()];
  return keys.toReversed().flat();
}

const SIGNS: Record<string, number> = { 'points.earned': 1, 'points.spent': -1, 'points.refunded': 1 };
/** What a follower of the bus who knows each event by its id would say that a member has. */
function folded(events: readonly Event[], memberId: string): number {
  const each = [...new Map(events.map((event) => [event['eventId'], event])).values()];
  const own = each.filter((event) => event['memberId'] === memberId && event['currency'] === 'POINTS');
  return own.reduce((sum, { name, amount }) => sum + (SIGNS[name] ?? 0) * Number(amount), 0);
}

const bought = (memberId: string, points: number) => buy({ amountFen: points * 100, member: { memberId } });

describe('the stream out of order between keys, and again from its beginning (FLT-10)', () => {
  it('is the same events, from which the same balances follow', async () => {
    const members = [await memberWith(100), await memberWith(50)];
    const [one = '', other = ''] = members;
    const productId = await gift({ pricePoints: 30 });
    let orderId = '';
    const stream = await streamOf([
      () => bought(one, 100),
      async () => {
        const placed = await call(ordersContract, 'place', { as: asMember(one), body: { productId } });
        orderId = placed.body.orderId as string;
      },
      () => bought(other, 7),
      () => call(ordersContract, 'cancelMine', { as: asMember(one), params: { orderId }, key: randomUUID() }),
      () => bought(one, 1),
    ]);
    const before = await Promise.all(members.map(availableOf));
    await announce({ Records: stream });
    const orderly = heard();
    bus.events.length = 0;
    for (const part of [betweenKeys(stream), stream, stream.slice(3)]) await announce({ Records: part });
    const again = heard();
    const byId = (events: readonly Event[]) => new Map(events.map((event) => [event['eventId'], event]));
    expect(byId(again)).toEqual(byId(orderly));
    expect(again.length).toBeGreaterThan(2 * orderly.length);
    for (const [i, start] of [100, 50].entries()) {
      expect(start + folded(again, members[i] ?? '')).toBe(before[i]);
    }
  });
});

describe('an event that comes again (FLT-9)', () => {
  const opened = (memberId: string) => {
    const detail = { memberId, currency: 'POINTS', lastDay: '2026-12-31' };
    return onLotOpened({ detail } as EventBridgeEvent<'points.lot_opened', typeof detail>);
  };

  it.each([
    ['a second', '2026-11-23T04:00:01.000Z'],
    ['ten minutes', '2026-11-23T04:10:00.000Z'],
    ['25 hours', '2026-11-24T05:00:00.000Z'],
  ])('after %s changes nothing', async (_, later) => {
    const memberId = await memberWith(100);
    await opened(memberId);
    const before = inOrder(await allItems());
    expect(before.filter((item) => item.type === 'lapse' && item.memberId === memberId)).toHaveLength(1);
    clock(later);
    await Promise.all([opened(memberId), opened(memberId)]);
    expect(inOrder(await allItems())).toEqual(before);
  });

  it('or for the first time, out of the dead letters when its day is long over, has its one effect once', async () => {
    const memberId = await memberWith(100);
    clock('2027-02-01T04:00:00.000Z');
    await opened(memberId);
    const entries = (await allItems()).filter((item) => item.type === 'entry' && item.pk.endsWith(memberId));
    expect(entries.map(({ a }) => a)).toEqual([100, 100]);
    const before = inOrder(await allItems());
    await Promise.all([opened(memberId), opened(memberId)]);
    expect(inOrder(await allItems())).toEqual(before);
  });
});
