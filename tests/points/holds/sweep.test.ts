import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as sweep } from '../../../functions/points/on-hold-sweep.ts';
import { logger } from '../../../shared/platform/logger.ts';
import { pointsContract } from '../../../shared/points/contract.ts';
import { holdsContract } from '../../../shared/points/holds/contract.ts';
import { sweepHolds } from '../../../shared/points/holds/sweep.ts';
import { asMember, asTill, call } from '../../support/call.ts';
import { clock, openMall } from '../../support/mall.ts';
import { availableOf, memberWith } from '../../support/people.ts';
import { allItems, throttled, trouble } from '../../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
const OVER = '2026-11-23T04:15:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

const shop = asTill('holds:write');

async function held(minutes?: number): Promise<{ memberId: string; holdId: string }> {
  const memberId = await memberWith(100);
  const body = { member: { memberId }, points: 100, minutes };
  return { memberId, holdId: (await call(holdsContract, 'make', { as: shop, body })).body.holdId as string };
}

const read = async (holdId: string) => (await call(holdsContract, 'read', { as: shop, params: { holdId } })).body;

describe('the sweep of holds', () => {
  it('gives back what is overdue, leaves what is not, and does it once however often it runs', async () => {
    const [short, long] = [await held(5), await held(60)];
    clock('2026-11-23T04:04:59.999Z');
    expect(await sweepHolds()).toEqual({ seen: 0, timedOut: 0, failed: 0 });
    clock('2026-11-23T04:05:00.000Z');
    expect(await sweep()).toEqual({ seen: 1, timedOut: 1 });
    expect(await read(short.holdId)).toMatchObject({
      status: 'TIMED_OUT',
      ended: { at: '2026-11-23T04:05:00.000Z', captured: 0, returned: 100, lapsed: 0 },
    });
    expect(await read(long.holdId)).toMatchObject({ status: 'HELD' });
    expect([await availableOf(short.memberId), await availableOf(long.memberId)]).toEqual([100, 0]);
    expect(await sweep()).toEqual({ seen: 0, timedOut: 0 });
    await call(holdsContract, 'release', { as: shop, params: { holdId: long.holdId } });
    clock('2026-11-23T06:00:00.000Z');
    expect(await sweepHolds()).toEqual({ seen: 0, timedOut: 0, failed: 0 });
  });

  it('lets lapse at once what comes back after its last day: time ended the hold, not the shop', async () => {
    clock('2026-12-31T15:50:00.000Z');
    const { memberId, holdId } = await held();
    clock('2026-12-31T16:05:00.000Z');
    await sweep();
    expect(await read(holdId)).toMatchObject({ ended: { captured: 0, returned: 0, lapsed: 100 } });
    const { body } = await call(pointsContract, 'entries', { as: asMember(memberId) });
    const lines = (body.items as { kind: string; amount: number }[]).map(({ kind, amount }) => `${kind} ${amount}`);
    expect(lines).toEqual(['EXPIRE -100', 'RELEASE 100', 'HOLD -100', 'EARN 100']);
  });

  it('goes on past a hold that cannot be ended, says which, and ends it when it can', async () => {
    const all = [await held(1), await held(1), await held(1)];
    clock(OVER);
    const complain = vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    const ill = trouble((write) => (write === 1 ? throttled() : undefined));
    await expect(sweep()).rejects.toThrow('1 holds cannot be ended.');
    ill.mockRestore();
    expect(complain.mock.calls.length).toBe(1);
    expect(complain.mock.calls[0]?.[1]).toMatchObject({ holdId: expect.stringMatching(/^hld_/) });
    complain.mockRestore();
    const after = await Promise.all(all.map(({ holdId }) => read(holdId)));
    expect(after.filter(({ ended }) => ended !== null)).toHaveLength(2);
    expect(await sweep()).toEqual({ seen: 1, timedOut: 1 });
  });

  it('finds them all over several pages', async () => {
    const memberId = await memberWith(105);
    const other = await memberWith(105);
    const make = (of: string) =>
      call(holdsContract, 'make', { as: shop, body: { member: { memberId: of }, points: 1, minutes: 1 } });
    for (let i = 0; i < 52; i += 1) await Promise.all([make(memberId), make(other)]);
    clock(OVER);
    expect(await sweepHolds()).toEqual({ seen: 104, timedOut: 104, failed: 0 });
    expect([await availableOf(memberId), await availableOf(other)]).toEqual([105, 105]);
    const holds = (await allItems()).filter(({ type }) => type === 'hold');
    expect(holds.filter((hold) => 'gsi2pk' in hold)).toHaveLength(0);
  });
});
