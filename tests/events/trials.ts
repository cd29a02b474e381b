import type { APIGatewayRequestAuthorizerEventV2, DynamoDBRecord, EventBridgeEvent } from 'aws-lambda';
import { expect } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { handler as staff } from '../../functions/authorizer/staff.ts';
import { handler as dayEnd } from '../../functions/points/on-day-end.ts';
import { handler as holdSweep } from '../../functions/points/on-hold-sweep.ts';
import { handler as lotOpened } from '../../functions/points/on-points-lot-opened.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { eventSource, events } from '../../shared/events.ts';
import { issueToken } from '../../shared/http/tokens.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { asMember, asStaff, asTill, call, contextWith } from '../support/call.ts';
import { bus, clock } from '../support/mall.ts';
import { gift, memberWith } from '../support/people.ts';
import { allItems, recordOf } from '../support/table.ts';
import { deliver, mangled } from './mangled.ts';

export const AT = '2026-12-31T15:00:00.000Z';
const AFTER = '2026-12-31T16:00:00.000Z';
const LONG = { getRemainingTimeInMillis: () => 900_000 };

const table = async () => JSON.stringify((await allItems()).toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)));

/** What became of one: done, or refused in a way that goes to the retries and then to the dead letters. */
const outcome = (running: Promise<unknown>) =>
  running.then(
    () => 'done' as const,
    () => 'failed' as const,
  );

/** Sends each mangled event, and sees that one that failed wrote nothing; says how many did. */
async function tryAll<Event>(all: readonly Event[], handle: (event: Event) => Promise<unknown>): Promise<number> {
  let failed = 0;
  for (const event of all) {
    const before = await table();
    const came = await outcome((async () => handle(event))());
    if (came === 'failed') failed += 1;
    const told = JSON.stringify(event)?.slice(0, 400);
    if (came === 'failed') expect(await table(), told).toBe(before);
    const lots = (await allItems()).filter(({ type }) => type === 'lapse');
    for (const lot of lots)
      expect(lot, told).toMatchObject({ memberId: expect.stringMatching(/^mem_\w{26}$/) as string });
  }
  return failed;
}

/** Something of everything that speaks when it appears or changes. */
async function records(): Promise<DynamoDBRecord[]> {
  const memberId = await memberWith(1_000);
  const productId = await gift({ pricePoints: 10 });
  const { body } = await call(ordersContract, 'place', { as: asMember(memberId), body: { productId } });
  const before = await allItems();
  const shipped = { carrier: 'SF', trackingNumber: 'SF1' };
  const params = { orderId: body.orderId as string };
  await call(ordersContract, 'ship', { as: asStaff('orders.ship'), params, body: shipped });
  await call(catalogContract, 'change', {
    as: asStaff('catalog.write'),
    params: { productId },
    body: { pricePoints: 20 },
  });
  const number = before.find(({ type }) => type === 'purchase')?.['number'];
  await call(earningContract, 'reportReturn', {
    as: asTill(),
    body: { number: 'R-1', purchase: number, amountFen: 100 },
  });
  const was = new Map(before.map((item) => [item.pk + item.sk, item]));
  const now = await allItems();
  const fresh = now.map((item, i) => recordOf(`${1_000 + i}`, item));
  const changes = now.flatMap((item, i) => {
    const old = was.get(item.pk + item.sk);
    return old && JSON.stringify(old) !== JSON.stringify(item) ? [recordOf(`${5_000 + i}`, item, old)] : [];
  });
  return [...fresh, ...changes];
}

/** A mangled change between two good ones: these are announced, it is announced in whole or ends as a dead letter. */
export async function tryStream(times: number, seed: number): Promise<{ dead: number }> {
  const all = (await records()).filter(({ dynamodb }) =>
    /entry|member|product|order|purchase|return/.test(dynamodb?.NewImage?.['type']?.S ?? ''),
  );
  const good = all.find(({ dynamodb }) => dynamodb?.NewImage?.['type']?.S === 'product') as DynamoDBRecord;
  const [one, other] = ['1', '3'].map((SequenceNumber) => ({
    ...good,
    dynamodb: { ...good.dynamodb, SequenceNumber },
  })) as [DynamoDBRecord, DynamoDBRecord];
  let dead = 0;
  for (const [i, record] of all.entries()) {
    for (const poison of mangled(record, Math.ceil(times / all.length), seed + i)) {
      bus.events.length = 0;
      const delivery = await deliver(announcer, [one, poison, other]);
      const told = JSON.stringify(poison)?.slice(0, 600);
      expect(
        delivery.dead.filter((each) => !Object.is(each, poison)),
        told,
      ).toEqual([]);
      expect(delivery.calls, told).toBeLessThanOrEqual(8);
      expect(
        bus.events.filter(({ DetailType }) => DetailType === 'product.changed').length,
        told,
      ).toBeGreaterThanOrEqual(2);
      for (const { DetailType, Source, Detail } of bus.events) {
        expect([Object.hasOwn(events, DetailType), Source], told).toEqual([true, eventSource]);
        expect(JSON.parse(Detail), told).toMatchObject({
          eventId: expect.any(String) as string,
          at: expect.any(String) as string,
        });
        expect(Detail, told).not.toMatch(/null|undefined|NaN/);
      }
      dead += delivery.dead.length;
    }
  }
  return { dead };
}

/** Mangled events of a lot between good ones. */
export async function tryReaction(times: number, seed: number): Promise<{ failed: number }> {
  const memberId = await memberWith(10);
  const detail = { eventId: 'e', at: AT, memberId, currency: 'POINTS', lastDay: '2027-12-31' };
  const event = { version: '0', id: '1', source: eventSource, 'detail-type': 'points.lot_opened', time: AT, detail };
  type Lot = Parameters<typeof lotOpened>[0];
  const failed = await tryAll(mangled(event, times, seed), (one) => lotOpened(one as unknown as Lot));
  await lotOpened(event as unknown as EventBridgeEvent<'points.lot_opened', never>);
  const noted = (await allItems()).filter((item) => item.type === 'lapse' && item['memberId'] === memberId);
  expect(noted.map(({ lastDay }) => lastDay)).toContain('2027-12-31');
  return { failed };
}

/** Mangled wake-ups before a day's end, which then does what it has to. */
export async function tryDayEnd(times: number, seed: number): Promise<{ failed: number }> {
  clock(AT);
  const memberId = await memberWith(10);
  const lot = { memberId, currency: 'POINTS', lastDay: '2026-12-31' };
  await lotOpened({ detail: lot } as EventBridgeEvent<'points.lot_opened', typeof lot>);
  const future = ['2027-01-01T16:00:00Z', '2026-12-31T16:00:00Z', '2100-01-01T00:00:00Z'].map((scheduledAt) => ({
    scheduledAt,
  }));
  const junk = mangled({ scheduledAt: AFTER, id: 'x' }, times, seed).filter((one) => one?.scheduledAt !== AFTER);
  const failed = await tryAll([...junk, ...future], (one) => dayEnd(one, LONG));
  clock(AFTER);
  const { lapses } = await dayEnd({ scheduledAt: AFTER }, LONG);
  expect(lapses.written).toBeGreaterThanOrEqual(1);
  clock(AT);
  return { failed };
}

/** The sweep asks nothing of what wakes it: it does its work once, whatever comes. */
export async function trySweep(times: number, seed: number): Promise<void> {
  clock(AT);
  const as = asTill('holds:write');
  const body = { member: { memberId: await memberWith(50) }, points: 5, minutes: 1 };
  expect((await call(holdsContract, 'make', { as, body })).status).toBe(201);
  clock('2026-12-31T15:02:00.000Z');
  const sweep = holdSweep as (event: unknown) => ReturnType<typeof holdSweep>;
  const [first, ...rest] = mangled({ time: AT, detail: { a: [1] }, id: 'x' }, times, seed);
  expect(await sweep(first)).toEqual({ seen: 1, timedOut: 1 });
  for (const event of rest) expect(await sweep(event)).toEqual({ seen: 0, timedOut: 0 });
  clock(AT);
}

/** Nobody is let in by a mangled question: it is told what is wrong, or it fails and stays outside. */
export async function tryAuthorizers(times: number, seed: number): Promise<{ failed: number }> {
  let failed = 0;
  for (const [authorizer, audience] of [
    [clients, 'member'],
    [clients, 'partner'],
    [staff, 'staff'],
  ] as const) {
    const token = await issueToken({ audience, subject: 'mem_1', grants: ['points.adjust'], lifetimeSeconds: 60 });
    const event = { version: '2.0', type: 'REQUEST', identitySource: [`Bearer ${token}`] };
    const broken = mangled(event, times, seed).filter((one) => one?.identitySource?.[0] !== event.identitySource[0]);
    const cut = Array.from({ length: times }, (_, i) => {
      // Not the last letter: four of its six bits say nothing, and other letters are the same signature.
      const at = (i * 7_919) % (token.length - 1);
      const other = token[at] === 'A' ? 'B' : 'A';
      return {
        ...event,
        identitySource: [`Bearer ${token.slice(0, at)}${i % 2 === 0 ? '' : other}${token.slice(at + 1)}`],
      };
    });
    for (const one of [...broken, ...cut]) {
      const answer = await authorizer(one as unknown as APIGatewayRequestAuthorizerEventV2, contextWith()).catch(
        () => undefined,
      );
      if (!answer) failed += 1;
      else expect(Object.keys(answer.context), JSON.stringify(one)).toEqual(['problem']);
    }
    const good = await authorizer(event as unknown as APIGatewayRequestAuthorizerEventV2, contextWith());
    expect(good.context).toMatchObject({ kind: audience });
  }
  return { failed };
}
