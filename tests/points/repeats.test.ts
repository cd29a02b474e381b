import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Amounted } from '../../shared/points/movements.ts';
import { type AccountId, moveOnce, reference } from '../../shared/points/points.ts';
import { head } from '../../shared/points/store.ts';
import { exchange } from '../../shared/table/commit.ts';
import { clock, openMall } from '../support/mall.ts';
import { earnt, someone, write } from './crowd.ts';
import { replays } from './replays.ts';

openMall();

/** How many entries the head and an entry 33 before it know together, and one more. */
const BEYOND = 34;

async function once(account: AccountId, movement: Amounted): Promise<{ seq: number; repeated: boolean }> {
  const { answer, replayed } = await exchange(async (basis) => {
    const done = await moveOnce(account, movement, basis);
    if ('repeat' in done) return { writes: [], answer: done.repeat.seq, replayed: true };
    return { writes: [done.step.write], answer: done.step.seq };
  });
  return { seq: answer, repeated: replayed };
}

const given = (more: object = {}): Amounted => ({
  kind: 'ADJUST_UP',
  amount: 5,
  lots: { '2027-12-31': 5 },
  reference: reference('adjustment', randomUUID()),
  ...more,
});

async function moveOn(account: AccountId, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await write(account, earnt(1));
}

describe('§3.6 exactly once: a movement without a document', () => {
  it('is found again by the head that it is, and among the 32 references that the head knows', async () => {
    const account = someone();
    const movement = given();
    expect(await once(account, movement)).toEqual({ seq: 1, repeated: false });
    expect(await once(account, movement)).toEqual({ seq: 1, repeated: true });
    await moveOn(account, 32);
    expect(await once(account, movement)).toEqual({ seq: 1, repeated: true });
    expect((await head(account, 'consistent'))?.seq).toBe(33);
  });

  it('is found again behind more movements than the head knows, for 24 hours', async () => {
    clock('2026-11-23T04:00:00.000Z');
    const account = someone();
    const movement = given();
    await once(account, movement);
    await moveOn(account, BEYOND);
    clock('2026-11-24T04:00:00.000Z');
    expect(await once(account, movement)).toEqual({ seq: 1, repeated: true });
  });

  it('is found again however old its own time is, where the caller gave it', async () => {
    clock('2026-11-23T04:00:00.000Z');
    const account = someone();
    const movement = given({ occurredAt: Date.parse('2026-11-23T04:04:00.000Z') });
    await once(account, movement);
    await moveOn(account, 2 * BEYOND);
    clock('2026-11-28T04:00:00.000Z');
    expect(await once(account, movement)).toEqual({ seq: 1, repeated: true });
  });

  it.each([
    ['another amount', { amount: 4 }],
    ['another kind', { kind: 'ADJUST_DOWN', shortage: 'REFUSE' }],
    ['another time', { occurredAt: Date.parse('2026-11-23T03:00:00.000Z') }],
  ])('422 request.key_reused for %s under the same reference, and nothing is written', async (_, other) => {
    clock('2026-11-23T04:00:00.000Z');
    const account = someone();
    const movement = given({ occurredAt: Date.parse('2026-11-23T02:00:00.000Z') });
    await once(account, movement);
    const clash = once(account, { ...movement, ...other } as Amounted);
    await expect(clash).rejects.toMatchObject({ code: 'request.key_reused' });
    expect((await head(account, 'consistent'))?.seq).toBe(1);
  });

  it('422 request.key_reused for another party', async () => {
    const account = someone();
    await write(account, earnt(100));
    const gift: Amounted = { kind: 'TRANSFER_OUT', amount: 5, party: 'mem_a', reference: reference('transfer', '1') };
    await once(account, gift);
    await expect(once(account, { ...gift, party: 'mem_b' })).rejects.toMatchObject({ code: 'request.key_reused' });
    expect(await once(account, gift)).toEqual({ seq: 2, repeated: true });
  });
});

/** The soak tries many more. */
const HISTORIES = 8;

it('§3.6 exactly once: in any history a replay changes nothing, and a refused movement changes nothing', async () => {
  await fc.assert(replays, { numRuns: HISTORIES });
});

describe('§3.2 three times: functions whose clocks differ', () => {
  it.each([
    ['5 minutes behind', '2026-11-23T03:55:00.000Z'],
    ['a step backwards over midnight', '2026-11-22T15:59:59.999Z'],
  ])('%s: the chain’s times never run backwards, and its sequence is its order', async (_, second) => {
    clock('2026-11-23T04:05:00.000Z');
    const account = someone();
    await write(account, earnt(10));
    const first = await head(account, 'consistent');
    clock(second);
    await write(account, earnt(20));
    const entry = await head(account, 'consistent');
    expect(entry).toMatchObject({ seq: 2, recordedAt: first?.recordedAt, effectiveAt: first?.effectiveAt });
    clock('2026-11-23T04:10:00.000Z');
    await write(account, earnt(30));
    expect(await head(account, 'consistent')).toMatchObject({
      seq: 3,
      recordedAt: Date.parse('2026-11-23T04:10:00.000Z'),
    });
  });
});
