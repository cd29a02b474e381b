import fc from 'fast-check';
import { expect, it } from 'vitest';
import { POINTS } from '../../shared/points/points.ts';
import { counting, longChain, shapes } from '../support/long-chain.ts';
import { clock, openMall } from '../support/mall.ts';
import { life, live, viewOf } from './lives.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

it('each past instant is what was seen then, in many lives', async () => {
  await fc.assert(
    fc.asyncProperty(life, async (happening) => {
      for (const { memberId, currency, at, view } of (await live(happening)).seen) {
        expect(await viewOf(memberId, currency, at), `${currency} at ${view.asOf}`).toEqual(view);
      }
    }),
    { numRuns: Number(process.env['LIVES'] ?? 60) },
  );
});

it.each(Object.entries(shapes))(
  'a handful of reads finds any instant of 100,000 entries, %s',
  async (shape, instants) => {
    clock(START);
    const { memberId, points } = await longChain(instants(100_000, Date.parse(START)));
    let most = 0;
    for (let i = 0; i < 200; i += 1) {
      const { at } = points[(i * 7_919) % points.length] as { at: number };
      const expected = points.findLast((point) => point.at <= at)?.available;
      const { answer, calls } = await counting(() => viewOf(memberId, POINTS, at));
      expect(answer.available).toBe(expected);
      most = Math.max(most, calls);
    }
    console.info(`${shape}: at most ${most} calls`);
    expect(most).toBeLessThanOrEqual(8);
  },
);
