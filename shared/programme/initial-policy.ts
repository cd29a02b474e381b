import type { Policy } from './contract.ts';

/** The programme of a new deployment: ¥1 is 1 point, to the end of the year. */
export const initialPolicy: Policy = {
  currencies: [
    { code: 'POINTS', name: { zh: '积分', en: 'Points' }, expiry: { policy: 'END_OF_YEAR' } },
    { code: 'COINS', name: { zh: '酒币', en: 'Coins' }, expiry: { policy: 'NEVER' } },
  ],
  earning: { rateBps: 10_000, rounding: 'FLOOR', availableAfterDays: 0 },
  shortage: 'DEBT',
  refund: { policy: 'ORIGINAL_LOT_WITH_GRACE', graceDays: 30 },
  transfers: { maxPoints: 10_000, maxPointsPerDay: 50_000 },
  returnsUntilDays: 400,
  exchange: [
    { from: 'POINTS', to: 'COINS', take: 100, give: 1 },
    { from: 'COINS', to: 'POINTS', take: 1, give: 100 },
  ],
};
