import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { client } from '../../shared/table/client.ts';
import { onlooker } from './measure.ts';
import { buy, memberWith } from './people.ts';
import type { Ratio } from './report.ts';

const CUSTOMERS = 64;
/** As many customers as `npm run import` serves at once. */
const AT_ONCE = 8;
const WARMING_UP = 4;

/** A request as the product sent it. */
interface Sent {
  command: string;
  input: object;
}

type Act = () => Promise<unknown>;

/** Does each lane's acts in order, so many lanes at once; answers how many acts a second. */
async function rateOf(lanes: readonly (readonly Act[])[]): Promise<number> {
  const waiting = lanes.values();
  const worker = async () => {
    for (const lane of waiting) for (const act of lane) await act();
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const acts = lanes.reduce((sum, lane) => sum + lane.length, 0);
  return acts / ((performance.now() - since) / 1_000);
}

/** What one purchase of this member asks of the table. */
async function requestsOf(memberId: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const name = 'recorder';
  client.middlewareStack.add(
    (next, context) => (args) => {
      sent.push({ command: String(context.commandName), input: args.input });
      return next(args);
    },
    { step: 'initialize', name },
  );
  try {
    await buy({ memberId }, 100, Date.now());
  } finally {
    client.middlewareStack.remove(name);
  }
  return sent;
}

const SENDERS: Record<string, (sdk: DynamoDBClient, input: never) => Promise<unknown>> = {
  GetItemCommand: (sdk, input) => sdk.send(new GetItemCommand(input)),
  QueryCommand: (sdk, input) => sdk.send(new QueryCommand(input)),
  TransactWriteItemsCommand: (sdk, input) => sdk.send(new TransactWriteItemsCommand(input)),
};

/** The same transaction into partitions where nothing stands yet, under no token. */
function anew(value: unknown, mark: string): unknown {
  if (Array.isArray(value)) return value.map((one) => anew(one, mark));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const fields = Object.entries(value).filter(([name]) => name !== 'ClientRequestToken');
  return Object.fromEntries(
    fields.map(([name, of]: [string, unknown]) => {
      const partition = name === 'pk' && typeof of === 'object' && of !== null && 'S' in of;
      return [name, partition ? { S: `${String(of.S)}#${mark}` } : anew(of, mark)];
    }),
  );
}

/** The same reads, and the same writes for somebody new, sent without any of ours between. */
function sendingRaw(sent: readonly Sent[]): Act {
  const mark = randomUUID();
  const ready = sent.map(({ command, input }) => {
    const send = SENDERS[command];
    if (!send) throw new Error(`The bench cannot send a ${command} by itself.`);
    return { send, input: (command === 'TransactWriteItemsCommand' ? anew(input, mark) : input) as never };
  });
  return async () => {
    for (const { send, input } of ready) await send(onlooker(), input);
  };
}

/**
 * Purchases a second through the earning function, beside the same reads and transactions sent raw by the SDK at the
 * same concurrency.
 */
export async function importRate(purchases: number): Promise<Ratio> {
  const each = Math.ceil(purchases / CUSTOMERS);
  const members: string[] = [];
  const recorded: Sent[][] = [];
  while (members.length < CUSTOMERS) {
    const memberId = await memberWith(1_000);
    members.push(memberId);
    recorded.push(await requestsOf(memberId));
  }
  const times = <T>(one: () => T): T[] => Array.from({ length: each }, one);
  const own = members.map((memberId) => times(() => () => buy({ memberId }, 100, Date.now())));
  const raw = recorded.map((sent) => times(() => sendingRaw(sent)));
  await rateOf(own.map((lane) => lane.slice(0, WARMING_UP)));
  await rateOf(recorded.map((sent) => Array.from({ length: WARMING_UP }, () => sendingRaw(sent))));
  const [ours, reference] = [await rateOf(own), await rateOf(raw)];
  return { name: `import: purchases a second ÷ raw, ${AT_ONCE} at once`, ours, reference, ratio: ours / reference };
}
