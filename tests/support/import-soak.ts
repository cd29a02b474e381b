import { expect, it } from 'vitest';
import { type Importer, pointsOf, startCommand } from './importing.ts';
import { clock } from './mall.ts';
import { patiently } from './patience.ts';
import { happenings, MOMENTS, realFiles, type Worked, workedOut, type YearsMore } from './real-purchases.ts';
import { allItems } from './table.ts';

const LINES = 8_819 + 240;
const CUSTOMERS = 2_172;
const DOCUMENTS = ['purchase', 'return'];

export interface Imported {
  /** Known when the tests run. */
  api: () => string;
  importer: () => Importer;
  expiry: string;
  yearsMore: YearsMore;
  /** What is available in all at each of the moments, where it tells. */
  totals?: readonly number[];
  /** The clock stands still, so a test moves it. */
  frozen: boolean;
}

const sumOf = (all: readonly Worked[], figure: keyof Worked) => all.reduce((sum, one) => sum + one[figure], 0);

/** Something for each, a few at once. */
async function eachOf<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += 50) {
    results.push(...(await Promise.all(all.slice(from, from + 50).map((one) => work(one)))));
  }
  return results;
}

async function items() {
  const all = await allItems();
  return all.toSorted((one, other) => (`${one.pk}|${one.sk}` < `${other.pk}|${other.sk}` ? -1 : 1));
}

const ledgerOf = (all: Awaited<ReturnType<typeof items>>) =>
  all.filter(({ type }) => type === 'entry' || DOCUMENTS.includes(type));

/** What the report says of how many lines were new, known and refused. */
function figuresOf(stdout: string): number[] {
  return ['accepted', 'already known', 'refused', 'took effect later than their own time'].map((title) =>
    Number(new RegExp(`^${title} +([\\d,]+)`, 'm').exec(stdout)?.[1]?.replaceAll(',', '')),
  );
}

/** The tests of an import of all that is in the files; they follow one another. */
export function importsAll({ api, importer, expiry, yearsMore, totals, frozen }: Imported): void {
  const files = realFiles();
  const all = happenings(files);
  const customers = [...all.keys()];
  let ledger: Awaited<ReturnType<typeof items>> = [];
  const run = () => startCommand([files.purchases, files.returns, '--api', api()], importer()).ended;

  it('go in, each of them, and each at its own time', async () => {
    const since = performance.now();
    const { code, stdout, stderr } = await run();
    console.info(`${expiry}: ${((performance.now() - since) / 1_000).toFixed(0)} s\n${stderr}${stdout}`);
    // Whose answer was lost on the way was sent again, and is known then.
    const [accepted = 0, known = 0, ...others] = figuresOf(stdout);
    expect([code, accepted + known, ...others]).toEqual([0, LINES, 0, 0]);
    ledger = ledgerOf(await items());
    expect(ledger.filter(({ type }) => DOCUMENTS.includes(type))).toHaveLength(LINES);
    expect(customers).toHaveLength(CUSTOMERS);
  });

  it.each(MOMENTS.map(([local, at], i) => [local, at, i] as const))(
    'come to what the files say as of %s, for every customer',
    async (local, at, i) => {
      const found = await eachOf(customers, (customer) => patiently(() => pointsOf(customer, at)));
      const worked = customers.map((customer) => workedOut(all.get(customer) ?? [], local, yearsMore));
      const figures = ({ available, debt, issued }: Worked) => ({ available, debt, issued });
      const [available, issued, debt] = [sumOf(found, 'available'), sumOf(found, 'issued'), sumOf(found, 'debt')];
      console.info(
        `${expiry} ${at}: ${available} available, issued ${issued}, taken back ${sumOf(found, 'clawedBack')}, debt ${debt}`,
      );
      expect(found.map(figures)).toEqual(worked.map(figures));
      if (totals) expect([available, debt]).toEqual([totals[i], 0]);
      if (totals && i === 3) expect([issued, sumOf(found, 'clawedBack')]).toEqual([4_574_859, 8_526]);
    },
  );

  it('change nothing when they come again', async () => {
    if (frozen) clock('2026-12-24T04:00:00.000Z');
    const { code, stdout } = await run();
    expect([code, ...figuresOf(stdout)]).toEqual([0, 0, LINES, 0, 0]);
    expect(ledgerOf(await items())).toEqual(ledger);
  });
}
