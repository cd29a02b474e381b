export interface DateRow {
  cron: string;
  says: string;
  /** What the function logs when it has finished: the watch stack raises an alarm when a day passes without it. */
  done?: string;
}

/**
 * Every date on which something wakes by itself. `functions/<room>/on-<name>.ts` is what wakes;
 * the cron is EventBridge Scheduler's, in the programme's zone.
 */
export const calendar = {
  'key-rotation': {
    cron: '0 3 1 * ? *',
    says: 'makes the next key that signs tokens; the one before it is good for as long as its tokens live',
  },
  'day-end': {
    cron: '0 0 * * ? *',
    says: 'writes down what lapsed with the day that has just ended, and tells members what will lapse',
    done: 'a day has ended',
  },
  'webhook-retries': {
    cron: '0/5 * * * ? *',
    says: 'tells partners again what their webhooks did not take',
  },
  'hold-sweep': {
    cron: '0/5 * * * ? *',
    says: 'ends the holds whose time is over and gives their points back',
  },
} as const satisfies Record<string, DateRow>;

export type DateName = keyof typeof calendar;
