import { setTimeout as sleep } from 'node:timers/promises';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { ofType, type Resource } from './resources.ts';
import type { Outcome } from './worker-pool.ts';

interface InvokeConfigProperties {
  FunctionName: string;
  Qualifier: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: { OnFailure?: { Destination: string } };
}

/** Hands an event to a function as the bus and the calendar do: retried, then a dead letter; never a throw. */
export type InvokeAsynchronously = (functionArn: string, event: unknown, at?: number) => Promise<void>;

/** Between the tries of one event; Lambda waits a minute, nobody here has that much time. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Lambda's own queue holds what waits, and asks for no more places than it needs: it must not take those of callers. */
const AT_ONCE = 10;
const LONGEST_AGE_SECONDS = 21_600;

/** Lets so many work at once for each name; the others wait their turn. */
function turns(atOnce: number) {
  const waiting = new Map<string, { under: number; next: (() => void)[] }>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const queue = waiting.get(name) ?? { under: 0, next: [] };
    waiting.set(name, queue);
    if (queue.under >= atOnce) await new Promise<void>((resolve) => queue.next.push(resolve));
    else queue.under += 1;
    try {
      return await work();
    } finally {
      const next = queue.next.shift();
      if (next) next();
      else queue.under -= 1;
    }
  };
}

export function asynchronous(
  resources: readonly Resource[],
  functions: Pick<Functions, 'invoke'>,
  queues: Pick<Queues, 'send'>,
): InvokeAsynchronously {
  const configs = ofType<InvokeConfigProperties>(resources, 'AWS::Lambda::EventInvokeConfig').map(
    ({ properties }) => properties,
  );
  const inTurn = turns(AT_ONCE);

  /** Tries while there is no place to run: that is no failure of the function, and does not count as a try. */
  async function whenThereIsRoom(functionArn: string, event: unknown, at: number | undefined, until: number) {
    for (let waited = 0; ; waited += 1) {
      const outcome: Outcome = await functions.invoke(functionArn, event, at);
      if (outcome.failed !== 'throttled' || performance.now() >= until) return outcome;
      await sleep(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** waited));
    }
  }

  async function deliver(functionArn: string, event: unknown, at: number | undefined): Promise<void> {
    const config = configs.find(({ FunctionName, Qualifier }) => functionArn.endsWith(`:${FunctionName}:${Qualifier}`));
    const retries = config?.MaximumRetryAttempts ?? 2;
    const until = performance.now() + (config?.MaximumEventAgeInSeconds ?? LONGEST_AGE_SECONDS) * 1_000;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await whenThereIsRoom(functionArn, event, at, until);
      if (!outcome.failed) return;
      const tooOld = outcome.failed === 'throttled';
      if (tooOld || attempt >= retries) {
        const destination = config?.DestinationConfig?.OnFailure?.Destination;
        if (!destination) return;
        const condition = tooOld ? 'EventAgeExceeded' : 'RetriesExhausted';
        queues.send(destination, {
          requestContext: { functionArn, condition, approximateInvokeCount: attempt + 1 },
          requestPayload: event,
          responsePayload: outcome.error,
        });
        return;
      }
      await sleep(PAUSE_MS * (attempt + 1));
    }
  }

  return (functionArn, event, at) => inTurn(functionArn, () => deliver(functionArn, event, at));
}
