import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/data/online-retail/', import.meta.url));

/** The files of real purchases, beside the repository. Without them nothing is proved, so a test fails and says so. */
export function realFiles(): { purchases: string; returns: string } {
  const files = { purchases: `${FOLDER}purchases.csv`, returns: `${FOLDER}returns.csv` };
  for (const file of Object.values(files)) {
    if (!existsSync(file)) {
      throw new Error('The real purchases are not there: ../shared/data/online-retail lies beside the repository.');
    }
  }
  return files;
}

/** One line of a file, as this page reads it: it shares nothing with the importer. */
interface Happening {
  customer: string;
  /** Local time in Asia/Shanghai as text, which sorts as time does. */
  at: string;
  fen: number;
  purchase: string;
  isReturn: boolean;
}

function linesOf(file: string): string[][] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => line.trim().split(','));
}

const fenOf = (yuan = '') => Math.round(Number.parseFloat(yuan) * 100);

/** What happened to each customer, in order. */
export function happenings({ purchases, returns }: { purchases: string; returns: string }): Map<string, Happening[]> {
  const bought = linesOf(purchases).map(
    ([purchase = '', day = '', customer = '', price]): Happening => ({
      customer,
      at: `${day} 12:00:00`,
      fen: fenOf(price),
      purchase,
      isReturn: false,
    }),
  );
  const boughtAt = new Map(bought.map(({ purchase, at }) => [purchase, at]));
  const back = linesOf(returns).map(([, own = '', customer = '', purchase = '', amount]): Happening => {
    const at = [own, boughtAt.get(purchase) ?? ''].toSorted().at(-1) ?? '';
    return { customer, at, fen: fenOf(amount), purchase, isReturn: true };
  });
  const inTime = [...bought, ...back].toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return Map.groupBy(inTime, ({ customer }) => customer);
}

/** How many years after that of the purchase its points live on. */
export type YearsMore = 0 | 1;

export interface Worked {
  available: number;
  debt: number;
  issued: number;
  clawedBack: number;
}

const yearOf = (at: string) => Number(at.slice(0, 4));

/** What a customer has as of a local time (itself included), worked out with a table of years and nothing else. */
export function workedOut(all: readonly Happening[], asOf: string, more: YearsMore): Worked {
  const have = new Map<number, number>();
  const lapsed = new Map<number, number>();
  const left = new Map<string, { fen: number; lastYear: number }>();
  const worked = { available: 0, debt: 0, issued: 0, clawedBack: 0 };
  const turn = (year: number) => {
    for (const [lastYear, points] of have) {
      if (lastYear >= year) continue;
      lapsed.set(lastYear, (lapsed.get(lastYear) ?? 0) + points);
      have.delete(lastYear);
    }
  };
  const take = (from: Map<number, number>, year: number, wanted: number) => {
    const part = Math.min(wanted, from.get(year) ?? 0);
    from.set(year, (from.get(year) ?? 0) - part);
    return part;
  };
  for (const { at, fen, purchase, isReturn } of all.filter((one) => one.at <= asOf)) {
    turn(yearOf(at));
    if (!isReturn) {
      const lastYear = yearOf(at) + more;
      const points = Math.floor(fen / 100);
      const paid = Math.min(points, worked.debt);
      worked.debt -= paid;
      worked.issued += points;
      have.set(lastYear, (have.get(lastYear) ?? 0) + points - paid);
      left.set(purchase, { fen, lastYear });
      continue;
    }
    const rest = left.get(purchase);
    if (!rest) throw new Error(`The files have no purchase ${purchase}.`);
    const points = Math.floor(rest.fen / 100) - Math.floor((rest.fen - fen) / 100);
    rest.fen -= fen;
    worked.clawedBack += points;
    let wanted = points - take(have, rest.lastYear, points);
    wanted -= take(lapsed, rest.lastYear, wanted);
    for (const year of [...have.keys()].toSorted((a, b) => a - b)) wanted -= take(have, year, wanted);
    worked.debt += wanted;
  }
  turn(yearOf(asOf));
  worked.available = [...have.values()].reduce((sum, points) => sum + points, 0);
  return worked;
}

/** The moments at which the figures are compared, as local time and as an instant. */
export const MOMENTS = [
  ['2010-12-31 23:59:59.999', '2010-12-31T23:59:59.999+08:00'],
  ['2011-01-01 00:00:00', '2011-01-01T00:00:00+08:00'],
  ['2011-12-31 23:59:59.999', '2011-12-31T23:59:59.999+08:00'],
  ['2012-01-01 00:00:00', '2012-01-01T00:00:00+08:00'],
] as const;
