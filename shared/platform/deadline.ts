import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';
import { elapsed } from './clock.ts';

const ends = new AsyncLocalStorage<number>();

/** Does this work, which has so many milliseconds: handed on beside the arguments, and no decision hangs on it. */
export function within<T>(ms: number, work: () => T): T {
  return ends.run(elapsed() + ms, work);
}

/** What is left for the answer when the table has had its time: the gateway makes a 500 of a function that it stops. */
const ANSWERING_MS = 500;

/** Does the work of one invocation of a function, which is to answer before it is stopped. */
export function withinInvocation<T>(context: Pick<Context, 'getRemainingTimeInMillis'>, work: () => T): T {
  return within(context.getRemainingTimeInMillis() - ANSWERING_MS, work);
}

/** How many milliseconds the work under way has left; never negative, and without end where nobody said. */
export function timeLeft(): number {
  return Math.max(0, (ends.getStore() ?? Number.POSITIVE_INFINITY) - elapsed());
}
