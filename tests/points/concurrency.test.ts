import { describe, expect, it } from 'vitest';
import { openMall } from '../support/mall.ts';
import { crowd, earnt, someone, write } from './crowd.ts';

openMall();

/** The soak has 64 writers and 50 rounds of the same. */
const WRITERS = 6;

describe(`§3 two writers: one appends, the other reads again: ${WRITERS} at once`, () => {
  it('are each served, and the account is exact', async () => {
    const round = await crowd(someone(), WRITERS, (i) => earnt(i + 1));
    expect(round).toMatchObject({ served: WRITERS, refused: {}, available: (WRITERS * (WRITERS + 1)) / 2 });
  });

  it('win exactly the last 2 points, and the others are told that points are short', async () => {
    const account = someone();
    await write(account, earnt(2));
    const round = await crowd(account, WRITERS, (i) => ({ kind: 'SPEND', amount: 1, reference: `order:${i}` }));
    expect(round).toMatchObject({ served: 2, refused: { 'points.insufficient': WRITERS - 2 }, available: 0 });
  });
});
