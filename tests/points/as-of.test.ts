import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import { POINTS } from '../../shared/points/points.ts';
import { asMember, call } from '../support/call.ts';
import { counting, longChain, shapes } from '../support/long-chain.ts';
import { clock, openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { life, live, type Step, viewOf } from './lives.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => clock(START));
afterEach(() => clock(START));

/** Each instant, asked for later, is as it was seen then. */
async function isAsSeen(happening: readonly Step[]) {
  const { seen, members } = await live(happening);
  for (const { memberId, currency, at, view } of seen) {
    expect(await viewOf(memberId, currency, at), `${currency} at ${view.asOf}`).toEqual(view);
  }
  return { seen, members };
}

describe('GET /v1/me/points?at= 往日余额', () => {
  it('200 is what was seen then, whatever happened, was reported late, or was merged since', async () => {
    await fc.assert(
      fc.asyncProperty(life, async (happening) => {
        await isAsSeen(happening);
      }),
      { numRuns: 2 },
    );
    expect.hasAssertions();
  });

  it('200 is what was seen then in a life that has everything in it', async () => {
    const { seen, members } = await isAsSeen([
      { does: 'backfill', who: 0, points: 40, hoursAgo: 1_500 },
      { does: 'buy', who: 1, points: 90 },
      { does: 'redeem', who: 0 },
      { does: 'hold', who: 0, points: 30 },
      { does: 'give', who: 1, points: 20 },
      { does: 'exchange', who: 0, points: 100 },
      { does: 'capture', pick: 0 },
      { does: 'wait', hours: 10 },
      { does: 'backfill', who: 0, points: 25, hoursAgo: 2 },
      { does: 'return', pick: 0 },
      { does: 'freeze', who: 0, act: 'freeze' },
      { does: 'freeze', who: 0, act: 'thaw' },
      { does: 'adjust', who: 1, points: 11, direction: 'UP' },
      { does: 'wait', hours: 700 },
      { does: 'merge' },
      { does: 'buy', who: 1, points: 5 },
      { does: 'wait', hours: 400 },
      { does: 'writeDown', who: 0 },
      { does: 'cancel', pick: 0 },
      { does: 'adjust', who: 0, points: 7, direction: 'DOWN' },
    ]);
    const points = seen.filter(({ currency }) => currency === POINTS);
    const [last, before] = [points.at(-1), points.find(({ memberId }) => memberId === members[1])];
    expect(last).toMatchObject({ memberId: members[1], owner: members[0], view: { lifetime: { spent: 71 } } });
    expect(before).toMatchObject({ owner: members[1], view: { available: 120 } });
    expect(points.some(({ view }) => (view.lifetime['lapsed'] ?? 0) > 0 && view.available === 0)).toBe(true);
    const coins = seen.filter(({ currency, view }) => currency === 'COINS' && view.available > 0);
    expect(new Set(coins.map(({ memberId }) => memberId))).toEqual(new Set(members));
  });

  it('400 request.invalid of an instant that has not come yet', async () => {
    const memberId = await memberWith(1);
    const ask = (at: string) => call(pointsContract, 'account', { as: asMember(memberId), query: { at } });
    const { status, body } = await ask('2026-11-23T04:00:00.001Z');
    expect([status, body.code, body.errors]).toEqual([
      400,
      'request.invalid',
      [{ in: 'query', path: 'at', message: 'has not come yet' }],
    ]);
    expect((await ask(START)).body).toMatchObject({ available: 1, asOf: START });
    expect((await ask('2026-11-23T12:00:00.000+08:00')).body).toMatchObject({ available: 1, asOf: START });
    expect((await ask('2026-11-23T03:59:59.999Z')).body).toMatchObject({ available: 0, lots: [] });
  });

  it.each(Object.entries(shapes))(
    '200 in a handful of reads on a chain of 2,000 entries, %s',
    async (_shape, instants) => {
      const { memberId, points } = await longChain(instants(2_000, Date.parse(START)));
      const asked = [0, 1, 37, 999, 1_313, 1_998, 1_999].flatMap((i) => {
        const { at } = points[i] as { at: number };
        return [at - 1, at];
      });
      const most: number[] = [];
      for (const at of asked) {
        const expected = points.findLast((point) => point.at <= at)?.available ?? 0;
        const { answer, calls } = await counting(() => viewOf(memberId, POINTS, at));
        expect(answer.available).toBe(expected);
        most.push(calls);
      }
      expect(Math.max(...most)).toBeLessThanOrEqual(6);
    },
  );
});
