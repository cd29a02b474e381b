import { AsyncLocalStorage } from 'node:async_hooks';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { needsOf } from '../../infra/constructs/function-needs.ts';
import { client } from '../../shared/table/client.ts';

/** Which function runs. */
const running = new AsyncLocalStorage<string>();

const PART_OF = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' };

/** What a command needs to be allowed: a transaction, whatever its writes do. */
function actionsOf(command: string, input: object): string[] {
  const { TransactItems } = input as { TransactItems?: TransactWriteItem[] };
  const parts = Object.entries(PART_OF);
  if (!TransactItems) return [command];
  return TransactItems.flatMap((item) => parts.flatMap(([part, action]) => (part in item ? [action] : [])));
}

client.middlewareStack.add(
  (next, { commandName = '' }) =>
    (args) => {
      const entry = running.getStore();
      const may: readonly string[] = (entry !== undefined && needsOf(entry).table) || [];
      const denied = actionsOf(commandName.replace(/Command$/, ''), args.input).find((action) => !may.includes(action));
      if (entry !== undefined && denied) throw new Error(`functions/${entry}.ts has no leave for dynamodb:${denied}.`);
      return next(args);
    },
  { step: 'initialize', name: 'permitted' },
);

/** Runs a function with the leave that it has of the table, as IAM does: what it was not given fails. */
export const asFunction = <T>(entry: string, run: () => Promise<T>): Promise<T> => running.run(entry, run);
