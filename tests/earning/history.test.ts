import { afterEach, describe, expect, it } from 'vitest';
import { handler as announce } from '../../functions/announcer/on-table-change.ts';
import { handler as noteLotOf } from '../../functions/points/on-points-lot-opened.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { available } from '../../shared/points/account.ts';
import { balanceAsOf, POINTS } from '../../shared/points/points.ts';
import { statement } from '../../shared/points/statements.ts';
import { asTill, call } from '../support/call.ts';
import { writeDownLapses } from '../support/lapses.ts';
import { bus, clock, openMall } from '../support/mall.ts';
import { availableOf, somePhone } from '../support/people.ts';
import { asImporter, buy, giveBack } from '../support/purchases.ts';
import { allItems, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => clock(START));

const history = (occurredAt: string, more: object = {}) => buy({ occurredAt, ...more }, asImporter);
const asOf = async (memberId: string, at: string) =>
  available((await balanceAsOf({ memberId, currency: POINTS }, Date.parse(at))).account);
const effective = (one: object) => (one as { effectiveAt: string }).effectiveAt;

describe('history that a system reports later, with the scope purchases:backfill', () => {
  it('201 counts from its own time, and as of then', async () => {
    const first = await history('2025-03-01T12:00:00+08:00');
    expect(first).toMatchObject({ points: 100, lastDay: '2025-12-31', recordedAt: START });
    expect(effective(first)).toBe('2025-03-01T04:00:00.000Z');
    const back = await giveBack(
      first.number,
      { amountFen: 3_000, occurredAt: '2025-06-01T12:00:00+08:00' },
      asImporter,
    );
    expect(back.body).toMatchObject({ points: 30, taken: 30, effectiveAt: '2025-06-01T04:00:00.000Z' });
    await history('2026-02-01T12:00:00+08:00', { member: { memberId: first.memberId } });
    const at = (instant: string) => asOf(first.memberId, instant);
    expect([
      await at('2025-03-01T11:59:59.999+08:00'),
      await at('2025-03-01T12:00:00+08:00'),
      await at('2025-06-01T12:00:00+08:00'),
      await at('2025-12-31T23:59:59.999+08:00'),
      await at('2026-01-01T00:00:00+08:00'),
      await at('2026-02-01T12:00:00+08:00'),
    ]).toEqual([0, 100, 70, 70, 0, 100]);
  });

  it('201 a movement that is older than the head of the chain takes effect at the head, and says so (§3.2)', async () => {
    const first = await history('2025-12-01T12:00:00+08:00');
    const member = { memberId: first.memberId };
    const older = await history('2025-03-01T12:00:00+08:00', { member });
    expect(older).toMatchObject({ occurredAt: '2025-03-01T04:00:00.000Z', lastDay: '2025-12-31', points: 100 });
    expect(effective(older)).toBe('2025-12-01T04:00:00.000Z');
    expect(await asOf(first.memberId, '2025-11-30T23:59:59.999+08:00')).toBe(0);
    expect(await asOf(first.memberId, '2025-12-01T12:00:00+08:00')).toBe(200);
    const late = await giveBack(older.number, { amountFen: 1_000, occurredAt: '2025-03-02T00:00:00Z' }, asImporter);
    expect([late.body.points, late.body.effectiveAt]).toEqual([10, '2025-12-01T04:00:00.000Z']);
  });

  it('201 whose last day has passed at the head is granted and lapses at once', async () => {
    const first = await history('2026-02-01T12:00:00+08:00');
    const older = await history('2025-03-01T12:00:00+08:00', { member: { memberId: first.memberId } });
    expect([older.points, effective(older)]).toEqual([100, '2026-02-01T04:00:00.000Z']);
    expect(await availableOf(first.memberId)).toBe(100);
    const { lines } = await statement({ memberId: first.memberId, currency: POINTS }, 10);
    expect(lines.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual(['EXPIRE -100', 'EARN 100', 'EARN 100']);
    const given = { amountFen: 4_000, occurredAt: '2026-03-01T12:00:00+08:00' };
    const back = await giveBack(older.number, given, asImporter);
    expect(back.body).toMatchObject({ points: 40, counted: 40, taken: 0 });
  });

  it('201 without the scope, or without a time, counts from now', async () => {
    const near = '2026-11-20T12:00:00+08:00';
    expect(effective(await buy({ occurredAt: near }))).toBe(START);
    expect(effective(await buy({}, asImporter))).toBe(START);
    expect(effective(await history(near))).toBe('2026-11-20T04:00:00.000Z');
  });

  it('201 keeps the time of a purchase that earns nothing', async () => {
    expect(effective(await history('2025-03-01T12:00:00+08:00', { amountFen: 60 }))).toBe('2025-03-01T04:00:00.000Z');
  });

  it('201 counts from its own time although the reaction to its first lot came in between; the day’s end writes the lapse down', async () => {
    const first = await history('2025-03-01T12:00:00+08:00');
    const account = { memberId: first.memberId, currency: POINTS };
    bus.events.length = 0;
    const [entry] = (await allItems()).filter(({ pk }) => pk === `LEDGER#POINTS#${first.memberId}`);
    await announce({ Records: [recordOf('1', entry as never)] });
    const opened = bus.events.filter(({ DetailType }) => DetailType === 'points.lot_opened');
    expect(opened.map(({ Detail }) => (JSON.parse(Detail) as { backfill?: boolean }).backfill)).toEqual([true]);
    for (const { Detail } of opened) await noteLotOf({ detail: JSON.parse(Detail) as never } as never);
    const second = await history('2025-06-01T12:00:00+08:00', { member: { memberId: first.memberId } });
    expect(effective(second)).toBe('2025-06-01T04:00:00.000Z');
    expect(await asOf(first.memberId, '2025-12-31T23:59:59.999+08:00')).toBe(200);
    clock('2026-11-24T00:00:00+08:00');
    expect(await writeDownLapses('2026-11-23')).toMatchObject({ written: 1 });
    const { lines } = await statement(account, 10);
    expect(lines.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual(['EXPIRE -200', 'EARN 100', 'EARN 100']);
    expect(await writeDownLapses('2026-11-23')).toMatchObject({ written: 0 });
  });

  it('409 purchases.too_old for a time before 1970, and for who may not', async () => {
    const body = { number: 'H-1', amountFen: 100, member: { phone: somePhone() }, occurredAt: '1969-12-31T23:59:59Z' };
    for (const as of [asImporter, asTill()]) {
      const answer = await call(earningContract, 'report', { as, body });
      expect(`${answer.status} ${answer.body.code as string}`).toBe('409 purchases.too_old');
    }
  });

  it('says on the bus that it is history; what happens now does not', async () => {
    const [old, now] = [await history('2025-03-01T12:00:00+08:00'), await buy()];
    const backs = [
      await giveBack(old.number, { amountFen: 1_000, occurredAt: '2025-03-02T12:00:00+08:00' }, asImporter),
      await giveBack(now.number, { amountFen: 1_000 }),
    ];
    const numbers = [old.number, now.number, ...backs.map(({ body }) => body.number)];
    const items = (await allItems()).filter(({ number }) => numbers.includes(number as string));
    bus.events.length = 0;
    await announce({ Records: items.map((item, i) => recordOf(String(i), item)) });
    const said = bus.events.map(({ DetailType, Detail }) => {
      const { memberId, backfill, points } = JSON.parse(Detail) as Record<string, unknown>;
      return `${DetailType} ${points as number} ${memberId === old.memberId ? 'old' : 'now'} ${String(backfill)}`;
    });
    expect(said.toSorted()).toEqual([
      'purchase.reported 100 now undefined',
      'purchase.reported 100 old true',
      'purchase.returned 10 now undefined',
      'purchase.returned 10 old true',
    ]);
  });
});
