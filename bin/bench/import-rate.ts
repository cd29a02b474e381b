import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { client } from '../../shared/table/client.ts';
import { onlooker } from './measure.ts';
import { buy, memberWith } from './people.ts';

const CUSTOMERS = 64;
const AT_ONCE = 16;

/** A request as the product sent it. */
interface Sent {
  command: string;
  input: object;
}

type Act = () => Promise<void>;

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

/** Notes every request of the client until `stop`. */
function record(): { sent: Sent[]; stop(): void } {
  const sent: Sent[] = [];
  const name = 'recorder';
  client.middlewareStack.add(
    (next, context) => (args) => {
      sent.push({ command: String(context.commandName), input: args.input });
      return next(args);
    },
    { step: 'initialize', name },
  );
  return { sent, stop: () => client.middlewareStack.remove(name) };
}

const COMMANDS = {
  GetItemCommand: (sdk: DynamoDBClient, input: never) => sdk.send(new GetItemCommand(input)),
  QueryCommand: (sdk: DynamoDBClient, input: never) => sdk.send(new QueryCommand(input)),
  TransactWriteItemsCommand: (sdk: DynamoDBClient, input: never) => sdk.send(new TransactWriteItemsCommand(input)),
};

/** The same request to another table, as a transaction of its own. */
function elsewhere(value: unknown, table: string): unknown {
  if (Array.isArray(value)) return value.map((one) => elsewhere(one, table));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const fields = Object.entries(value).filter(([field]) => field !== 'ClientRequestToken');
  return Object.fromEntries(
    fields.map(([field, of]) => [field, field === 'TableName' ? table : elsewhere(of, table)]),
  );
}

function rawAct(sent: readonly Sent[], table: string): Act {
  const requests = sent.map(({ command, input }) => {
    const send = COMMANDS[command as keyof typeof COMMANDS];
    if (!send) throw new Error(`The bench cannot repeat a ${command}.`);
    return { send, input: elsewhere(input, table) as never };
  });
  return async () => {
    for (const { send, input } of requests) await send(onlooker(), input);
  };
}

/** One purchase after another, by itself, to know what each asks of the table. */
async function sample(members: readonly string[]): Promise<Sent[][]> {
  const all: Sent[][] = [];
  for (const memberId of members) {
    const { sent, stop } = record();
    await buy({ memberId }, 100);
    stop();
    all.push([...sent]);
  }
  return all;
}

/**
 * Purchases a second through the earning function beside the same reads and transactions sent raw, at the same
 * concurrency. The raw ones go to a table of their own; each is a purchase that was recorded, under new keys.
 */
export async function importRate(purchases: number, table: string) {
  const members = await Promise.all(Array.from({ length: CUSTOMERS }, () => memberWith(1_000)));
  const each = Math.ceil(purchases / CUSTOMERS);
  const lanes = members.map((memberId) =>
    Array.from({ length: each }, () => async () => {
      await buy({ memberId }, 100, Date.now());
    }),
  );
  const [recorded] = [await sample(members)];
  const raw = recorded.map((sent) => Array.from({ length: each }, () => rawAct(renamed(sent), table)));
  await rateOf(lanes.map((lane) => lane.slice(0, 4)));
  await rateOf(recorded.map((sent) => [rawAct(renamed(sent), table)]));
  const ours = await rateOf(lanes);
  const reference = await rateOf(raw);
  return { name: 'import', ours, reference, ratio: ours / reference };
}

/** The same requests for another partition, so that every put is a new one. */
function renamed(sent: readonly Sent[]): Sent[] {
  const mark = randomUUID();
  const within = (value: unknown, field = ''): unknown => {
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.map((one) => within(one));
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    if (field === 'pk' && 'S' in value) return { S: `${String(value.S)}#${mark}` };
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, within(of, name)]));
  };
  return sent.map(({ command, input }) => ({ command, input: within(input) as object }));
}
