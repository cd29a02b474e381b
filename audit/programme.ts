import { daysAfter } from './days.ts';
import { ofType, type World } from './world.ts';

/** What of a version of the programme the audit needs. */
export interface Version {
  version: number;
  at: number;
  rateBps: number;
  rounding: string;
  shortage: string;
  /** For so many days points that come back late still count; 0 where they do not. */
  graceDays: number;
  currencies: string[];
  exchange: { from: string; to: string; take: number; give: number }[];
}

/** What a programme is before anybody has decided anything: no item holds it. */
const INITIAL: Version = {
  version: 0,
  at: 0,
  rateBps: 10_000,
  rounding: 'FLOOR',
  shortage: 'DEBT',
  graceDays: 30,
  currencies: ['POINTS', 'COINS'],
  exchange: [
    { from: 'POINTS', to: 'COINS', take: 100, give: 1 },
    { from: 'COINS', to: 'POINTS', take: 1, give: 100 },
  ],
};

interface Stored {
  version: number;
  at: number;
  earning: { rateBps: number; rounding: string };
  shortage: string;
  refund: { policy: string; graceDays: number };
  currencies: { code: string }[];
  exchange: Version['exchange'];
}

/** Every version of the programme, oldest first. */
export function versionsOf(world: World): Version[] {
  const stored = ofType(world, 'programme').map(({ all }): Version => {
    const { version, at, earning, shortage, refund, currencies, exchange } = all as unknown as Stored;
    return {
      version,
      at,
      ...earning,
      shortage,
      graceDays: refund.policy === 'ORIGINAL_LOT_WITH_GRACE' ? refund.graceDays : 0,
      currencies: currencies.map(({ code }) => code),
      exchange,
    };
  });
  return [INITIAL, ...stored.toSorted((one, other) => one.version - other.version)];
}

/** Whoever decides may go by a version that was replaced a moment ago. */
const LAG_MS = 5_000;

/** The versions by which somebody may have decided at this instant. */
export function inForce(versions: readonly Version[], at: number): Version[] {
  const newest = versions.findLastIndex((version) => version.at <= at + LAG_MS);
  const oldest = versions.findLastIndex((version) => version.at <= at - LAG_MS);
  return versions.slice(Math.max(0, oldest), newest + 1);
}

/** Whole points for so much money under a version. */
export function pointsFor(fen: number, { rateBps, rounding }: Version): number {
  const scaled = BigInt(fen) * BigInt(rateBps);
  const whole = scaled / 1_000_000n;
  const rest = scaled % 1_000_000n;
  const up = rounding === 'CEIL' ? rest > 0n : rounding === 'ROUND_HALF_UP' && rest >= 500_000n;
  return Number(up ? whole + 1n : whole);
}

/** The latest last day that days of grace can give on this day. */
export function latestGraceDay(versions: readonly Version[], at: number, today: string): string {
  return daysAfter(today, Math.max(...inForce(versions, at).map(({ graceDays }) => graceDays)));
}
