import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { programme } from '../../shared/programme/programme.ts';
import { client } from '../../shared/table/client.ts';
import { type Count, meter } from './meter.ts';

/** Something to be done, ready to be done once. */
export type Ready = () => Promise<unknown>;

/** One operation: ours beside the naive design, what it may cost, and what any design must pay. */
export interface Operation {
  name: string;
  /** In equivalents; absent where none is set. */
  budget?: number;
  floor: number;
  ours: () => Promise<Count>;
  naive: () => Promise<Count>;
}

let aside: DynamoDBClient | undefined;

/** The client that looks on: what it asks is not counted. */
export function onlooker(): DynamoDBClient {
  aside ??= new DynamoDBClient({});
  return aside;
}

/** What this asked of the table. */
export async function costOf(work: Ready): Promise<Count> {
  const { count, stop } = meter(client, onlooker());
  try {
    await work();
  } finally {
    stop();
  }
  return count;
}

/**
 * What it costs in a container that runs already: done once before, and with the programme at hand, which a container
 * reads once a second whatever it does.
 */
export async function once(prepare: () => Promise<Ready>): Promise<Count> {
  const first = await prepare();
  await first();
  const work = await prepare();
  await programme();
  return costOf(work);
}

/** What each of `members` adds to a pass: its cost with them less its cost without, divided by how many they are. */
export function each(members: number, [without, having]: [Count, Count]): Count {
  return {
    writeUnits: (having.writeUnits - without.writeUnits) / members,
    readUnits: (having.readUnits - without.readUnits) / members,
    calls: (having.calls - without.calls) / members,
  };
}

const TRIES = 3;

/** A call that was cut, or a pass that left an account for the next try because its call was. */
function isLate({ name, message }: Error): boolean {
  return ['AbortError', 'TimeoutError'].includes(name) || message.startsWith('What lapsed with');
}

/** Measures anew, up to three times, where a busy machine let the table's answer come too late: units know no time. */
export async function patiently<T>(measuring: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await measuring();
    } catch (thrown) {
      if (!(thrown instanceof Error && isLate(thrown)) || tries === TRIES) throw thrown;
    }
  }
}
