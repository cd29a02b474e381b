import { setTimeout as sleep } from 'node:timers/promises';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { ofType, type Resource } from './resources.ts';

interface InvokeConfigProperties {
  FunctionName: string;
  Qualifier: string;
  MaximumRetryAttempts?: number;
  DestinationConfig?: { OnFailure?: { Destination: string } };
}

/** Hands an event to a function as the bus and the calendar do: retried, then a dead letter; never a throw. */
export type InvokeAsynchronously = (functionArn: string, event: unknown, at?: number) => Promise<void>;

/** Between the tries of one event; Lambda waits a minute, nobody here has that much time. */
const PAUSE_MS = 100;

export function asynchronous(
  resources: readonly Resource[],
  functions: Functions,
  queues: Queues,
): InvokeAsynchronously {
  const configs = ofType<InvokeConfigProperties>(resources, 'AWS::Lambda::EventInvokeConfig').map(
    ({ properties }) => properties,
  );
  return async (functionArn, event, at) => {
    const config = configs.find(({ FunctionName, Qualifier }) => functionArn.endsWith(`:${FunctionName}:${Qualifier}`));
    const retries = config?.MaximumRetryAttempts ?? 2;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await functions.invoke(functionArn, event, at);
      if (!outcome.failed) return;
      if (attempt >= retries) {
        const destination = config?.DestinationConfig?.OnFailure?.Destination;
        if (!destination) return;
        queues.send(destination, {
          requestContext: { functionArn, condition: 'RetriesExhausted', approximateInvokeCount: attempt + 1 },
          requestPayload: event,
          responsePayload: outcome.error,
        });
        return;
      }
      await sleep(PAUSE_MS * (attempt + 1));
    }
  };
}
