import { addDays, addMonths, type Day, endOfMonth, endOfYear, NEVER } from '../platform/calendar-day.ts';

/** Until when granted points count. Days are the programme's; the day of the grant is counted from. */
export type Expiry =
  | { policy: 'END_OF_YEAR' }
  | { policy: 'END_OF_NEXT_YEAR' }
  | { policy: 'ROLLING_DAYS'; days: number; roundTo?: 'DAY' | 'MONTH' | 'YEAR' | undefined }
  | { policy: 'ROLLING_MONTHS'; months: number; roundTo?: 'DAY' | 'MONTH' | 'YEAR' | undefined }
  | { policy: 'FIXED_DATE'; lastDay: Day }
  | { policy: 'NEVER' };

/** A policy may keep no more last days alive at once than this. */
export const MAX_LOTS = 40;

function rounded(day: Day, to: 'DAY' | 'MONTH' | 'YEAR'): Day {
  if (to === 'MONTH') return endOfMonth(day);
  return to === 'YEAR' ? endOfYear(day) : day;
}

/** The last day of points that become available on this day. */
export function lastDayFor(expiry: Expiry, day: Day): Day {
  switch (expiry.policy) {
    case 'END_OF_YEAR':
      return endOfYear(day);
    case 'END_OF_NEXT_YEAR':
      return endOfYear(day, 1);
    case 'ROLLING_DAYS':
      return rounded(addDays(day, expiry.days), expiry.roundTo ?? 'DAY');
    case 'ROLLING_MONTHS':
      return rounded(addMonths(day, expiry.months), expiry.roundTo ?? 'MONTH');
    case 'FIXED_DATE':
      return expiry.lastDay;
    case 'NEVER':
      return NEVER;
  }
}

/** How many different last days can be alive at once under this policy, at most. */
export function lotsAlive(expiry: Expiry): number {
  switch (expiry.policy) {
    case 'END_OF_NEXT_YEAR':
      return 2;
    case 'ROLLING_DAYS': {
      const perLot = { DAY: 1, MONTH: 28, YEAR: 365 }[expiry.roundTo ?? 'DAY'];
      return Math.ceil(expiry.days / perLot) + 1;
    }
    case 'ROLLING_MONTHS': {
      const lotsAMonth = { DAY: 31, MONTH: 1, YEAR: 1 / 12 }[expiry.roundTo ?? 'MONTH'];
      return Math.ceil(expiry.months * lotsAMonth) + 1;
    }
    default:
      return 1;
  }
}

/** Whole points for an amount of money at a rate in basis points (10,000 = 1 point a yuan), rounded as named. */
export function pointsFor(amountFen: number, rateBps: number, rounding: 'FLOOR' | 'ROUND_HALF_UP' | 'CEIL'): number {
  const scaled = BigInt(amountFen) * BigInt(rateBps);
  const unit = 1_000_000n;
  const extra = { FLOOR: 0n, ROUND_HALF_UP: unit / 2n, CEIL: unit - 1n }[rounding];
  return Number((scaled + extra) / unit);
}

interface Rate {
  from: string;
  to: string;
  take: number;
  give: number;
}

/** Whether somebody who exchanges on and on from this rate comes back to where they began with more than they had. */
function gains(rates: readonly Rate[], start: Rate): boolean {
  const follow = (at: string, seen: readonly string[], taken: bigint, given: bigint): boolean =>
    at === start.from
      ? given > taken
      : rates.some(
          ({ from, to, take, give }) =>
            from === at && !seen.includes(to) && follow(to, [...seen, to], taken * BigInt(take), given * BigInt(give)),
        );
  return follow(start.to, [start.to], BigInt(start.take), BigInt(start.give));
}

/** The parts of a policy that the rules look at; `contract.ts` has the whole. */
interface Checked {
  currencies: readonly { code: string; expiry: Expiry }[];
  exchange: readonly Rate[];
}

interface Fault {
  in: 'body';
  path: string;
  message: string;
}

function expiryFaults(expiry: Expiry, path: string, today: Day): Fault[] {
  const lots = lotsAlive(expiry);
  if (lots > MAX_LOTS) {
    const message = `could keep ${lots} last days alive, and an account carries at most ${MAX_LOTS}: round to MONTH or YEAR`;
    return [{ in: 'body', path, message }];
  }
  if (expiry.policy === 'FIXED_DATE' && expiry.lastDay < today) {
    return [{ in: 'body', path: `${path}.lastDay`, message: 'has passed already' }];
  }
  return [];
}

/** Currencies that were there and are no longer: members may hold them. */
export function removedCurrencies(before: Checked, after: Checked): Fault[] {
  const codes = after.currencies.map(({ code }) => code);
  const gone = before.currencies.filter(({ code }) => !codes.includes(code));
  const message = 'cannot be removed: members may hold it';
  return gone.map(({ code }) => ({ in: 'body', path: 'currencies', message: `${code} ${message}` }));
}

/** What is wrong with a policy beyond its form. `today` is the programme's day. */
export function faultsOf({ currencies, exchange }: Checked, today: Day): Fault[] {
  const codes = currencies.map(({ code }) => code);
  const faults = currencies.flatMap(({ expiry }, i) => expiryFaults(expiry, `currencies.${i}.expiry`, today));
  codes.forEach((code, i) => {
    if (codes.indexOf(code) !== i) faults.push({ in: 'body', path: `currencies.${i}.code`, message: 'stands twice' });
  });
  if (!codes.includes('POINTS')) {
    faults.push({ in: 'body', path: 'currencies', message: 'must include POINTS: purchases earn it, gifts cost it' });
  }
  const pairs = exchange.map(({ from, to }) => `${from}>${to}`);
  exchange.forEach((rate, i) => {
    const { from, to } = rate;
    const path = `exchange.${i}`;
    if (gains(exchange, rate)) faults.push({ in: 'body', path, message: 'gains points when exchanged there and back' });
    if (from === to) faults.push({ in: 'body', path, message: 'exchanges a currency for itself' });
    if (!codes.includes(from)) faults.push({ in: 'body', path: `${path}.from`, message: `no currency ${from}` });
    if (!codes.includes(to)) faults.push({ in: 'body', path: `${path}.to`, message: `no currency ${to}` });
    if (pairs.indexOf(`${from}>${to}`) !== i) faults.push({ in: 'body', path, message: 'stands twice' });
  });
  return faults;
}
