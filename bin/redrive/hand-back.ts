import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { StreamRecords } from '../../infra/local/stream-records.ts';
import { messageOf } from '../tools/stop.ts';
import type { Letter, Origin } from './letters.ts';
import type { DeadLetters } from './queues.ts';

export interface Tools {
  letters: DeadLetters;
  lambda: LambdaClient;
  streams: StreamRecords;
}

/** What came of one letter: handed back, or why it lies where it lay. */
export interface Fate {
  letter: Letter;
  left?: string;
}

export interface Watching {
  /** Told after each letter how many were gone through. */
  told?: (done: number) => void;
  /** Only this one. */
  id?: string | undefined;
}

/** The event that is to be handed over; a text says why there is none. */
async function eventOf(origin: Origin, { streams }: Tools): Promise<{ event: unknown } | string> {
  if ('event' in origin) return { event: origin.event };
  const event = await streams.eventOf(origin.batch);
  return event ? { event } : 'the stream keeps a change for 24 hours and no longer has it';
}

/** Lets the function do it and waits for the end: only then the letter may go. Undefined when it is done. */
async function handBack({ origin }: Letter, tools: Tools): Promise<string | undefined> {
  if (!origin) return 'it has no form that we know, so nobody can be given it';
  const found = await eventOf(origin, tools);
  if (typeof found === 'string') return found;
  const Payload = Buffer.from(JSON.stringify(found.event ?? null));
  const answer = await tools.lambda.send(new InvokeCommand({ FunctionName: origin.functionArn, Payload }));
  const said = JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8') || 'null') as {
    errorType?: string;
    errorMessage?: string;
    batchItemFailures?: unknown[];
  } | null;
  if (answer.FunctionError !== undefined) return `failed again: ${said?.errorType ?? ''}: ${said?.errorMessage ?? ''}`;
  if ('batch' in origin && said?.batchItemFailures?.length) return 'failed again: the reader names a record that fails';
  return undefined;
}

/**
 * Hands every letter back to where it came from, one after the other, and takes away those that are done. What fails
 * again is hidden until the end, so that nothing is tried twice in one go, and lies there afterwards as before.
 */
export async function redrive(tools: Tools, { told, id }: Watching = {}): Promise<Fate[]> {
  const { letters } = tools;
  const fates: Fate[] = [];
  try {
    for (let [letter] = await letters.take(1); letter; [letter] = await letters.take(1)) {
      if (id !== undefined && letter.id !== id) continue;
      const left = await handBack(letter, tools).catch((thrown: unknown) => `not handed over: ${messageOf(thrown)}`);
      if (left === undefined) await letters.remove(letter);
      fates.push({ letter, ...(left !== undefined && { left }) });
      told?.(fates.length);
      if (id !== undefined) break;
    }
  } finally {
    await letters.release();
  }
  return fates;
}

/** Everything that lies there; looking takes nothing away. */
export async function look({ letters }: Pick<Tools, 'letters'>): Promise<Letter[]> {
  const found: Letter[] = [];
  try {
    for (let some = await letters.take(10); some.length > 0; some = await letters.take(10)) found.push(...some);
  } finally {
    await letters.release();
  }
  return found;
}
