import { ofType, type Resource } from './resources.ts';
import type { Outcome } from './worker-pool.ts';

/** How many executions an account has at once in a region, unless AWS has granted more (or, in a new account, fewer). */
export const ACCOUNT_CONCURRENCY = 1_000;

/** Who may run now. */
export interface Concurrency {
  /** Takes a place for one execution of this function; false when there is none. Whoever got one gives it back. */
  enter(functionName: string): boolean;
  leave(functionName: string): void;
}

/** What Lambda says of an execution for which there is no place. */
export const throttled: Outcome = {
  failed: 'throttled',
  message: 'TooManyRequestsException: Rate Exceeded.',
  error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
};

/**
 * Places as Lambda has them: a function for which the template reserves some has those and no others, and all the rest
 * share what is left of the account's. A call that waits for a sandbox of this machine has its place as one that runs.
 */
export function openConcurrency(resources: readonly Resource[], account = ACCOUNT_CONCURRENCY): Concurrency {
  const functions = ofType<{ ReservedConcurrentExecutions?: number }>(resources, 'AWS::Lambda::Function');
  const reserved = new Map(
    functions.flatMap(({ name, properties: { ReservedConcurrentExecutions: own } }) =>
      own === undefined ? [] : [[name, own] as const],
    ),
  );
  const shared = [...reserved.values()].reduce((left, own) => left - own, account);
  /** By the function that has places of its own, and '' for all others. */
  const taken = new Map<string, number>();
  const poolOf = (name: string): string => (reserved.has(name) ? name : '');
  return {
    enter(name) {
      const pool = poolOf(name);
      const now = taken.get(pool) ?? 0;
      if (now >= (reserved.get(name) ?? shared)) return false;
      taken.set(pool, now + 1);
      return true;
    },
    leave(name) {
      const pool = poolOf(name);
      taken.set(pool, (taken.get(pool) ?? 1) - 1);
    },
  };
}
