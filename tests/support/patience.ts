import { setTimeout } from 'node:timers/promises';

const TRIES = 100;
const BETWEEN_MS = 200;

function isBusy(error: unknown): boolean {
  const { name = '', code } = error as { name?: string; code?: string };
  return code === 'points.busy' || ['TimeoutError', 'AbortError'].includes(name);
}

/** Tries again what a busy machine let run out of time, as whoever sent it does; what is done twice is done once. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error;
      await setTimeout(BETWEEN_MS);
    }
  }
}
