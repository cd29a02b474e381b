/**
 * Every date on which something wakes by itself. `functions/<room>/on-<name>.ts` is what wakes;
 * the cron is EventBridge Scheduler's, in the programme's zone.
 */
export const calendar = {
  'year-end': {
    cron: '0 0 1 1 ? *',
    says: 'writes down what lapsed with the year that has just ended',
  },
} as const satisfies Record<string, { cron: string; says: string }>;

export type DateName = keyof typeof calendar;
