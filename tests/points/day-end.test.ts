import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../functions/points/on-day-end.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { endDay } from '../../shared/points/day-end.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { announce } from '../../shared/points/notices.ts';
import { type AccountId, move, noteLot, POINTS } from '../../shared/points/points.ts';
import { client } from '../../shared/table/client.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';
import { expectYearEnd, openYear } from './year-end.ts';

openMall();
afterEach(() => {
  vi.restoreAllMocks();
});

const always = () => true;
const someone = (): AccountId => ({ memberId: `mem_${randomUUID()}`, currency: POINTS });
const midnight = (day: string) => new Date(`${day}T00:00:00+08:00`).toISOString();

async function write(account: AccountId, movement: Movement): Promise<void> {
  await exchange(async (basis) => ({ writes: [(await move(account, movement, basis)).write], answer: null }));
}

async function carrying(amount: number, lastDay: string): Promise<AccountId> {
  const account = someone();
  await write(account, { kind: 'EARN', amount, lastDay, rule: 'BASE@0', reference: `purchase:${randomUUID()}` });
  await noteLot(account, lastDay);
  return account;
}

const notices = async ({ memberId }: AccountId) =>
  (await call(pointsContract, 'notices', { as: asMember(memberId) })).body.items as Record<string, unknown>[];
const daysTold = async (account: AccountId) =>
  (await notices(account)).map(({ daysLeft, amount }) => [daysLeft, amount]);

describe('what members are told', () => {
  it('is told 30, 7 and 1 days before, exactly, once, and nothing to who has spent all', async () => {
    clock('2030-06-01T04:00:00.000Z');
    const [keeper, spender] = [await carrying(128, '2030-12-31'), await carrying(100, '2030-12-31')];
    await write(spender, { kind: 'SPEND', amount: 100, reference: 'order:1' });
    for (const day of ['2030-12-01', '2030-12-02', '2030-12-24', '2030-12-30', '2030-12-30']) {
      clock(midnight(day));
      await endDay(day, always);
      if (day === '2030-12-01') await write(keeper, { kind: 'SPEND', amount: 28, reference: 'order:2' });
    }
    expect(await daysTold(keeper)).toEqual([
      [1, 100],
      [7, 100],
      [30, 128],
    ]);
    expect(await notices(spender)).toEqual([]);
    const items = (await allItems()).filter((item) => item.type === 'notice' && item.memberId === keeper.memberId);
    expect(items.flatMap((item) => announce(item))).toMatchObject(
      [...items].map(({ daysLeft, amount }) => ({ name: 'points.expiring_soon', detail: { daysLeft, amount } })),
    );
  });

  it('is told of grace lots too', async () => {
    clock('2031-06-01T04:00:00.000Z');
    const account = someone();
    const back: Movement = {
      kind: 'ADJUST_UP',
      amount: 40,
      lots: { '2031-01-01': 40 },
      graceUntil: '2031-07-01',
      reference: 'adjustment:1',
    };
    await write(account, back);
    await noteLot(account, '2031-07-01');
    await endDay('2031-06-01', always);
    expect(await daysTold(account)).toEqual([[30, 40]]);
  });

  it('is told later, with the days that are left, when the day on which it was due was missed', async () => {
    clock('2032-06-01T04:00:00.000Z');
    const account = await carrying(5, '2032-09-30');
    for (const day of ['2032-09-03', '2032-09-04', '2032-09-30']) {
      clock(midnight(day));
      await endDay(day, always);
    }
    expect(await daysTold(account)).toEqual([
      [0, 5],
      [27, 5],
    ]);
  });
});

describe('the end of a day', () => {
  it('costs two reads while nobody has anything to lapse, and finds whoever has', async () => {
    clock('2029-06-01T04:00:00.000Z');
    const sent = vi.spyOn(client, 'send');
    expect((await endDay('2029-06-02', always)).lapses).toMatchObject({ seen: 0, finished: true });
    expect(sent).toHaveBeenCalledTimes(2);
    const account = await carrying(5, '2029-06-30');
    expect((await endDay('2029-06-03', always)).notices).toMatchObject({ seen: 1, written: 1, finished: true });
    expect(await daysTold(account)).toEqual([[27, 5]]);
  });

  it('writes down later what a missed day left, and then has nothing to do', async () => {
    clock('2033-06-01T04:00:00.000Z');
    const account = await carrying(5, '2033-09-28');
    clock(midnight('2033-10-01'));
    expect((await endDay('2033-10-01', always)).lapses).toMatchObject({ written: 1, finished: true });
    expect((await endDay('2033-10-01', always)).lapses).toMatchObject({ seen: 0, written: 0, finished: true });
    const { body } = await call(pointsContract, 'entries', { as: asMember(account.memberId) });
    expect(body.items).toMatchObject([{ kind: 'EXPIRE', at: midnight('2033-09-29') }, { kind: 'EARN' }]);
  });

  it('fails when its time is nearly over, so that it is tried again, and the next try finishes', async () => {
    clock('2034-06-01T04:00:00.000Z');
    await carrying(5, '2034-09-30');
    clock(midnight('2034-10-01'));
    const scheduledAt = midnight('2034-10-01');
    await expect(handler({ scheduledAt }, { getRemainingTimeInMillis: () => 60_000 })).rejects.toThrow(/goes on/);
    const done = await handler({ scheduledAt }, { getRemainingTimeInMillis: () => 900_000 });
    expect(done.lapses).toMatchObject({ written: 1, finished: true });
  });

  it('spends or lapses each point of 60 members, never both, killed and started again, with writers at midnight', async () => {
    const world = await openYear({ year: 2035, members: 60, atOnce: 8 });
    await expectYearEnd(world, { kills: 3 });
  });
});
