import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../shared/platform/ids.ts';
import { available } from '../../shared/points/account.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { balance, move, noteLot, POINTS, reference } from '../../shared/points/points.ts';
import { statement } from '../../shared/points/statements.ts';
import { partOf } from '../../shared/points/store.ts';
import { exchange } from '../../shared/table/commit.ts';
import { writeDownLapses } from '../support/lapses.ts';
import { clock, openMall } from '../support/mall.ts';

openMall();

const someone = () => ({ memberId: `mem_${randomUUID()}`, currency: POINTS });

async function write(account: ReturnType<typeof someone>, movement: Movement): Promise<number> {
  const { answer } = await exchange(async (basis) => {
    const step = await move(account, movement, basis);
    return { writes: [step.write], answer: step.seq };
  });
  return answer;
}

const earn = (amount: number, lastDay = '2026-12-31'): Movement => ({
  kind: 'EARN',
  amount,
  lastDay,
  rule: 'BASE@1',
  reference: reference('purchase', randomUUID()),
});

describe('one chain', () => {
  beforeEach(() => clock('2026-11-23T04:00:00.000Z'));

  it('takes 6 writers at once: each is served, and the account is exact', async () => {
    const account = someone();
    const seqs = await Promise.all(Array.from({ length: 6 }, (_, i) => write(account, earn(i + 1))));
    expect(new Set(seqs).size).toBe(6);
    expect(Math.max(...seqs)).toBe(6);
    expect(available((await balance(account)).account)).toBe((6 * 7) / 2);
    const { lines } = await statement(account, 100);
    expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe((6 * 7) / 2);
  });

  it('is refused a movement decided on an entry that is no longer the newest, and nothing is written', async () => {
    const account = someone();
    await write(account, earn(100));
    const late = await move(
      account,
      { kind: 'SPEND', amount: 100, reference: 'order:late' },
      { at: Date.now(), reading: 'consistent' },
    );
    await write(account, { kind: 'SPEND', amount: 100, reference: 'order:first' });
    const decisions: number[] = [];
    const again = exchange(async () => {
      decisions.push(1);
      const step =
        decisions.length === 1
          ? late
          : await move(
              account,
              { kind: 'SPEND', amount: 100, reference: 'order:late' },
              { at: Date.now(), reading: 'consistent' },
            );
      return { writes: [step.write], answer: null };
    });
    await expect(again).rejects.toMatchObject({ code: 'points.insufficient' });
    expect(decisions).toHaveLength(2);
    expect((await statement(account, 10)).lines).toHaveLength(2);
  });
});

describe('the lapse calendar', () => {
  it('spreads members evenly over its 16 parts, and keeps each where it is', () => {
    const members = Array.from({ length: 1_600 }, () => newId('mem'));
    const counts = Map.groupBy(members, (memberId) => partOf(memberId));
    expect(counts.size).toBe(16);
    for (const [, those] of counts) expect(those.length).toBeLessThan(200);
    expect(partOf('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E')).toBe(11);
  });
});

describe('the year end', () => {
  it('is true before any job has run, and the job writes it down once, however often it runs', async () => {
    clock('2030-06-01T04:00:00.000Z');
    const owners = Array.from({ length: 20 }, () => someone());
    for (const [i, account] of owners.entries()) {
      await write(account, earn(100 + i, '2030-12-31'));
      await noteLot(account, '2030-12-31');
      await noteLot(account, '2030-12-31');
    }
    clock('2030-12-31T15:59:59.999Z');
    expect(available((await balance(owners[0] as never)).account)).toBe(100);
    expect(await writeDownLapses('2030-12-31')).toEqual({ seen: 20, written: 0 });
    clock('2030-12-31T16:00:00.000Z');
    for (const account of owners) expect(available((await balance(account)).account)).toBe(0);
    expect(await writeDownLapses('2030-12-31')).toEqual({ seen: 20, written: 20 });
    expect(await writeDownLapses('2030-12-31')).toEqual({ seen: 20, written: 0 });
    const { lines } = await statement(owners[3] as never, 10);
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['EXPIRE', -103],
      ['EARN', 103],
    ]);
  });

  it('is written down by the note itself when that comes after the job: earned a moment before midnight', async () => {
    clock('2032-12-31T15:59:59.999Z');
    const account = someone();
    await write(account, earn(100, '2032-12-31'));
    clock('2032-12-31T16:00:00.000Z');
    expect(await writeDownLapses('2032-12-31')).toEqual({ seen: 0, written: 0 });
    await noteLot(account, '2032-12-31');
    await noteLot(account, '2032-12-31');
    expect(await writeDownLapses('2032-12-31')).toEqual({ seen: 1, written: 0 });
    const { lines } = await statement(account, 10);
    expect(lines.map(({ id, kind, amount }) => [id, kind, amount])).toEqual([
      ['2-0', 'EXPIRE', -100],
      ['1-0', 'EARN', 100],
    ]);
  });

  it('leaves alone who has spent all, and whoever spends at that moment spends or lapses each point, never both', async () => {
    clock('2031-06-01T04:00:00.000Z');
    const account = someone();
    await write(account, earn(100, '2031-12-31'));
    await write(account, earn(100, '2032-12-31'));
    await noteLot(account, '2031-12-31');
    clock('2031-12-31T16:00:00.000Z');
    const spend: Movement = { kind: 'SPEND', amount: 60, reference: 'order:1' };
    await Promise.all([writeDownLapses('2031-12-31'), write(account, spend), writeDownLapses('2031-12-31')]);
    const { account: after } = await balance(account);
    expect(after).toMatchObject({ lots: { '2032-12-31': 40 }, totals: { EARN: 200, EXPIRE: 100, SPEND: 60 } });
  });
});
