import { beforeAll, describe, expect, it } from 'vitest';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { importsAll } from '../support/import-soak.ts';
import { runMall } from '../support/running.ts';

const held = runMall();

/** With the stream and its reactions beside it: what they write must not come between two lines of one customer. */
describe('all real purchases and returns in a mall that runs', { shuffle: false, timeout: 3_600_000 }, () => {
  beforeAll(async () => {
    const token = await held.mall.tokenOf(held.mall.demo.staff);
    const [points, ...others] = initialPolicy.currencies;
    const currencies = [{ ...points, expiry: { policy: 'END_OF_NEXT_YEAR' } }, ...others];
    const { status } = await held.mall.send('PUT', '/v1/programme', { token, body: { ...initialPolicy, currencies } });
    expect(status).toBe(200);
  });

  importsAll({
    api: () => held.mall.api,
    importer: () => held.mall.demo.importer,
    expiry: 'END_OF_NEXT_YEAR',
    yearsMore: 1,
    totals: [261_852, 261_852, 4_566_333, 4_304_514],
    frozen: false,
  });

  it('leave no event behind that nobody could take', async () => {
    expect(await held.mall.drain()).toMatchObject({ deadLetters: 0 });
  });
});
