import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMall } from '../support/mall.ts';
import { crowd, earnt, type Round, someone, write } from './crowd.ts';
import { replays } from './replays.ts';

const ROUNDS = 50;
const WRITERS = 64;
/** On the real table, each movement sent three times; the pure rule is followed through many more histories. */
const HISTORIES = 500;
const LAST_POINTS = [1, 3, 20];

openMall();

describe(`${WRITERS} writers on one member`, { shuffle: false }, () => {
  it('of a process and an emulator that have just started are served, or told that it is busy, and it is exact', async () => {
    const account = someone();
    const { served, refused, ...cold } = await crowd(account, WRITERS, () => earnt(1));
    console.table({ writers: WRITERS, served, ...cold });
    expect({ ...refused, served: cold.available }).toEqual(
      served === WRITERS ? { served } : { served, 'points.busy': WRITERS - served },
    );
  });

  it(`are each served, and the account is exact, in ${ROUNDS} rounds`, async () => {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await crowd(someone(), WRITERS, (i) => earnt(i + 1)));
    }
    const slowest = rounds.map(({ slowestMs }) => slowestMs).toSorted((a, b) => a - b);
    console.table({
      rounds: ROUNDS,
      writers: WRITERS,
      unserved: rounds.reduce((total, { served }) => total + WRITERS - served, 0),
      'slowest writer, median of rounds, ms': slowest[ROUNDS / 2],
      'slowest writer of all, ms': slowest.at(-1),
    });
    const exact = { served: WRITERS, refused: {}, available: (WRITERS * (WRITERS + 1)) / 2 };
    expect(rounds.map(({ served, refused, available }) => ({ served, refused, available }))).toEqual(
      Array.from({ length: ROUNDS }, () => exact),
    );
  });

  it.each(LAST_POINTS)(
    'win exactly %i of the last points, and the others are told that points are short',
    async (left) => {
      const account = someone();
      await write(account, earnt(left));
      const round = await crowd(account, WRITERS, (i) => ({ kind: 'SPEND', amount: 1, reference: `order:${i}` }));
      console.table({ left, ...round, refused: JSON.stringify(round.refused) });
      expect(round).toMatchObject({
        served: left,
        refused: { 'points.insufficient': WRITERS - left },
        available: 0,
      });
    },
  );
});

describe('replays', () => {
  it(`change nothing in ${HISTORIES} histories on the table`, async () => {
    await fc.assert(replays, { numRuns: HISTORIES });
    console.table({ property: 'a replay and a refusal change nothing', histories: HISTORIES });
  });
});
