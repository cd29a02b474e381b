import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asStaff, call } from '../support/call.ts';
import { openFront } from '../support/front.ts';
import { type Importer, newImporter, pointsOf, startCommand } from '../support/importing.ts';
import { clock, openMall } from '../support/mall.ts';
import { happenings, MOMENTS, realFiles, type Worked, workedOut } from '../support/real-purchases.ts';
import { allItems } from '../support/table.ts';

const LINES = 8_819 + 240;
const CUSTOMERS = 2_172;

const sumOf = (all: readonly Worked[], figure: keyof Worked) => all.reduce((sum, one) => sum + one[figure], 0);

/** Something for each, a few at once. */
async function eachOf<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += 50) {
    results.push(...(await Promise.all(all.slice(from, from + 50).map((one) => work(one)))));
  }
  return results;
}

const POLICIES = [
  ['END_OF_YEAR', 0, undefined],
  ['END_OF_NEXT_YEAR', 1, [261_852, 261_852, 4_566_333, 4_304_514]],
] as const;

for (const [expiry, more, totals] of POLICIES) {
  describe(`all real purchases and returns under ${expiry}`, { shuffle: false, timeout: 1_800_000 }, () => {
    openMall();
    const front = openFront();
    const files = realFiles();
    const all = happenings(files);
    const customers = [...all.keys()];
    let importer: Importer;
    let ledger: unknown[] = [];
    const started: { child: { kill(): boolean } }[] = [];
    afterAll(() => started.forEach(({ child }) => child.kill()));

    const run = async () => {
      const command = startCommand([files.purchases, files.returns, '--api', front.url], importer);
      started.push(command);
      return command.ended;
    };
    const items = async () =>
      (await allItems()).toSorted((one, other) => (`${one.pk}|${one.sk}` < `${other.pk}|${other.sk}` ? -1 : 1));

    beforeAll(async () => {
      importer = await newImporter(`importer-${randomUUID()}`);
      const [points, ...others] = initialPolicy.currencies;
      const currencies = [{ ...points, expiry: { policy: expiry } }, ...others];
      const body = { ...initialPolicy, currencies };
      expect((await call(programmeContract, 'replace', { as: asStaff('programme.write'), body })).status).toBe(200);
    });

    it('go in, each of them', async () => {
      const since = performance.now();
      const { code, stdout } = await run();
      console.info(`${expiry}: imported in ${((performance.now() - since) / 1_000).toFixed(0)} s\n${stdout}`);
      expect(stdout).toContain('accepted       9,059\nalready known  0\nrefused        0\n');
      expect(stdout).toContain('took effect later than their own time  0 ');
      expect(code).toBe(0);
      ledger = await items();
      expect(ledger.filter((item) => ['purchase', 'return'].includes((item as { type: string }).type))).toHaveLength(
        LINES,
      );
      expect(customers).toHaveLength(CUSTOMERS);
    });

    it.each(MOMENTS.map((moment, i) => [...moment, i] as const))(
      'come to what the files say as of %s, for every customer',
      async (local, at, i) => {
        const found = await eachOf(customers, (customer) => pointsOf(customer, at));
        const worked = customers.map((customer) => workedOut(all.get(customer) ?? [], local, more));
        const figures = ({ available, debt, issued }: Worked) => ({ available, debt, issued });
        expect(found.map(figures)).toEqual(worked.map(figures));
        const available = sumOf(found, 'available');
        const returned = ledger.reduce<number>((sum, item) => sum + pointsOfReturn(item), 0);
        console.info(
          `${expiry} ${at}: ${available} available, issued ${sumOf(found, 'issued')}, debt ${sumOf(found, 'debt')}`,
        );
        if (totals) expect([available, sumOf(found, 'debt')]).toEqual([totals[i], 0]);
        if (totals && i === 3) {
          expect([sumOf(found, 'issued'), sumOf(found, 'clawedBack'), returned]).toEqual([4_574_859, 8_526, 8_526]);
        }
      },
    );

    it('change nothing when they come again', async () => {
      clock('2026-12-24T04:00:00.000Z');
      const { code, stdout } = await run();
      expect(stdout).toContain('accepted       0\nalready known  9,059\nrefused        0\n');
      expect(code).toBe(0);
      expect(await items()).toEqual(ledger);
    });
  });
}

function pointsOfReturn(item: unknown): number {
  const { type, points } = item as { type: string; points?: number };
  return type === 'return' ? (points ?? 0) : 0;
}
