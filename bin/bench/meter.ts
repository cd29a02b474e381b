import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { keys } from '../../shared/table/keys.ts';
import { type Attributes, indexUnits, itemSize, readUnits, writeUnits } from './units.ts';

/** What was asked of the table, in units of our own counting. */
export interface Count {
  writeUnits: number;
  readUnits: number;
  calls: number;
}

interface Target {
  TableName?: string | undefined;
  Key: Attributes;
  check: boolean;
}

interface Asked {
  ConsistentRead?: boolean;
  FilterExpression?: string;
  ProjectionExpression?: string;
  IndexName?: string;
  RequestItems?: Record<string, { Keys?: Attributes[]; ConsistentRead?: boolean }>;
}

interface Answered {
  Item?: Attributes;
  Items?: Attributes[];
  Responses?: Record<string, Attributes[]>;
}

const keyOf = ({ pk, sk }: Attributes): Attributes => ({ ...(pk && { pk }), ...(sk && { sk }) });

function targetOf({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): Target {
  const write = Put ?? Update ?? Delete ?? ConditionCheck;
  const Key = keyOf(Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? {});
  return { TableName: write?.TableName, Key, check: ConditionCheck !== undefined };
}

/** The writes of a request, and what each unit of them costs. */
function targetsOf(name: string, input: object): { targets: Target[]; factor: number } | undefined {
  const action = input as never;
  if (name === 'PutItemCommand') return { targets: [targetOf({ Put: action })], factor: 1 };
  if (name === 'UpdateItemCommand') return { targets: [targetOf({ Update: action })], factor: 1 };
  if (name === 'DeleteItemCommand') return { targets: [targetOf({ Delete: action })], factor: 1 };
  if (name !== 'TransactWriteItemsCommand') return undefined;
  const { TransactItems = [] } = input as { TransactItems?: TransactWriteItem[] };
  return { targets: TransactItems.map(targetOf), factor: 2 };
}

/** Units of a read: a query by the sum of what it found, a batch by each key, absent ones too. */
function readOf(name: string, input: Asked, output: Answered): number {
  if (input.FilterExpression ?? input.ProjectionExpression) throw new Error('The meter sees only what comes whole.');
  if (name === 'GetItemCommand') return readUnits(itemSize(output.Item), input.ConsistentRead === true);
  if (name === 'QueryCommand') {
    const bytes = (output.Items ?? []).reduce((sum, item) => sum + itemSize(item), 0);
    return readUnits(bytes, input.ConsistentRead === true);
  }
  if (name !== 'BatchGetItemCommand') throw new Error(`The meter does not know ${name}.`);
  return Object.entries(input.RequestItems ?? {}).reduce((sum, [table, { Keys = [], ConsistentRead = false }]) => {
    const found = output.Responses?.[table] ?? [];
    const absent = Keys.length - found.length;
    return (
      sum + [...found, ...Array<undefined>(absent)].reduce((s, i) => s + readUnits(itemSize(i), ConsistentRead), 0)
    );
  }, 0);
}

/** A container reads the programme once a second, whatever it does: that is no operation's cost. */
function isProgramme(input: { ExpressionAttributeValues?: Attributes }): boolean {
  return input.ExpressionAttributeValues?.[':pk']?.S === keys.programme(0).pk;
}

/** Counts what this client sends until `stop`; old and new items are read by `aside`, which is not counted. */
export function meter(client: DynamoDBClient, aside: DynamoDBClient): { count: Count; stop(): void } {
  const count: Count = { writeUnits: 0, readUnits: 0, calls: 0 };
  const look = async ({ TableName, Key }: Target) =>
    (await aside.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  const bill = async (
    { targets, factor }: { targets: Target[]; factor: number },
    before: (Attributes | undefined)[],
  ) => {
    const after = await Promise.all(targets.map(look));
    targets.forEach(({ check }, i) => {
      count.writeUnits += factor * writeUnits(before[i], after[i]);
      if (!check) count.writeUnits += indexUnits(before[i], after[i]);
    });
  };
  const name = 'unitMeter';
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isProgramme(args.input as never)) return next(args);
      count.calls += 1;
      const command = String(context.commandName);
      const write = targetsOf(command, args.input);
      if (!write) {
        const answer = await next(args);
        count.readUnits += readOf(command, args.input as Asked, answer.output as Answered);
        return answer;
      }
      const before = await Promise.all(write.targets.map(look));
      try {
        return await next(args);
      } finally {
        await bill(write, before);
      }
    },
    { step: 'initialize', name },
  );
  return { count, stop: () => client.middlewareStack.remove(name) };
}

/** To a thousandth. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** Write units, and a fifth of the read units: what they cost beside each other. */
export function equivalents({ writeUnits: writes, readUnits: reads }: Count): number {
  return rounded(writes + 0.2 * reads);
}
