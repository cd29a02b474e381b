import { AsyncLocalStorage } from 'node:async_hooks';
import { elapsed } from './clock.ts';

const ends = new AsyncLocalStorage<number>();

/** Does this work, which has so many milliseconds: handed on beside the arguments, and no decision hangs on it. */
export function within<T>(ms: number, work: () => T): T {
  return ends.run(elapsed() + ms, work);
}

/** How many milliseconds the work under way has left; never negative, and without end where nobody said. */
export function timeLeft(): number {
  return Math.max(0, (ends.getStore() ?? Number.POSITIVE_INFINITY) - elapsed());
}
