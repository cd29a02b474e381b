import { randomUUID } from 'node:crypto';
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type ErrorCode, errorRow, Refusal } from '../errors.ts';
import { elapsed, now } from '../platform/clock.ts';
import { logStep } from '../platform/logger.ts';
import { client, inTime, type Reading } from './client.ts';
import { keyName } from './keys.ts';
import type { Write } from './writes.ts';

const MAX_ATTEMPTS = 12;
const MAX_MS = 2_000;
/** How often a transaction is sent again while the table is still at it. */
const MAX_ASKED = 5;
const SHORTEST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 400;

/** Reasons of a cancelled transaction that say "again", not "no". */
const TRANSIENT = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

async function commitOne(write: Write): Promise<void> {
  const { Put, Update, Delete } = write.action;
  try {
    if (Put) await client.send(new PutItemCommand(Put), inTime());
    else if (Update) await client.send(new UpdateItemCommand(Update), inTime());
    else if (Delete) await client.send(new DeleteItemCommand(Delete), inTime());
    else throw new Error('A write alone puts, changes or takes away.');
  } catch (error) {
    if (error instanceof TransactionConflictException) throw new Refusal('table.conflict');
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (!error.Item || !write.isMine(error.Item)) throw new Refusal(write.otherwise);
  }
}

/** What a cancelled transaction means: no, it was done before, or (undefined) neither. */
function verdict(writes: readonly Write[], reasons: readonly CancellationReason[]): Refusal | 'done' | undefined {
  const tried = writes.map((write, i) => ({ write, reason: reasons[i] }));
  const refused = tried.find(({ reason }) => reason?.Code === 'ConditionalCheckFailed');
  if (!refused) return undefined;
  const telling = tried.filter(({ write }) => write.tells);
  const done = telling.length > 0 && telling.every(({ write, reason }) => reason?.Item && write.isMine(reason.Item));
  const { write, reason } = refused;
  return done ? 'done' : new Refusal((reason?.Item && write.meaning?.(reason.Item)) ?? write.otherwise);
}

/**
 * Sends a transaction until the table says what became of it. While it is still at one that was sent before (its answer
 * was lost), the same is sent under the same token: one that is decided anew would meet its own traces.
 */
async function transact(input: TransactWriteItemsCommandInput): Promise<void> {
  for (let asked = 1; ; asked += 1)
    try {
      await client.send(new TransactWriteItemsCommand(input), inTime());
      return;
    } catch (error) {
      if (!(error instanceof TransactionInProgressException) || asked === MAX_ASKED) throw error;
      await pause();
    }
}

async function commitAll(writes: readonly Write[]): Promise<void> {
  try {
    await transact({ TransactItems: writes.map(({ action }) => action), ClientRequestToken: randomUUID() });
  } catch (error) {
    if (error instanceof TransactionInProgressException) throw new Refusal('table.conflict');
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const meaning = verdict(writes, reasons);
    if (meaning === 'done') return;
    if (meaning) throw meaning;
    if (reasons.some(({ Code }) => TRANSIENT.has(Code ?? ''))) throw new Refusal('table.conflict');
    throw error;
  }
}

/**
 * Sends the list: one conditional write when it has one, a transaction when it has several. All or nothing. The first
 * write whose condition was refused decides the refusal: the list's order is the precedence. A list whose own items
 * stand there already (an answer was lost on the way) has succeeded.
 */
export async function commit(writes: readonly Write[]): Promise<void> {
  const [only, ...more] = writes;
  if (!only) return;
  await (more.length === 0 ? commitOne(only) : commitAll(writes));
  logStep('written', { keys: writes.map(({ key }) => keyName(key)) });
}

/** What was decided: the writes that make it so, and the answer once they have. */
export interface Decision<T> {
  writes: readonly Write[];
  answer: T;
  /** It was done before, and the answer is the one of then. */
  replayed?: boolean;
}

/** An answer, and whether it was given before for the same request. */
export interface Outcome<T> {
  answer: T;
  replayed: boolean;
}

function pause(): Promise<void> {
  const ms = SHORTEST_WAIT_MS + Math.random() * (LONGEST_WAIT_MS - SHORTEST_WAIT_MS);
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What the caller is told when tries run out, for a refusal that says "read and decide again". */
function again({ code }: Refusal): ErrorCode | undefined {
  return errorRow(code).again as ErrorCode | undefined;
}

/** What a decision rests on: one instant (epoch milliseconds) for all that it writes, and how surely it reads. */
export interface Basis {
  at: number;
  reading: Reading;
}

export type Decide<T> = (basis: Basis) => Promise<Decision<T>>;

/** Sends a list that was decided for good: it is tried again where it met other transactions, and never decided anew. */
export async function send(writes: readonly Write[]): Promise<void> {
  await exchange(async () => ({ writes, answer: null }));
}

/** What was answered when this very request was served before; undefined when it was not. */
export type Known<T> = (refusal: Refusal) => Promise<T | undefined>;

/** For what needs doing once, by whomever: that the table refuses it so says that it is done. Being busy says nothing. */
export function doneWhen<T>(code: ErrorCode, answer: T): Known<T> {
  return async (refusal) => (refusal.code === code ? answer : undefined);
}

type Attempt<T> = Outcome<T> | { refusal: Refusal; sure: boolean };

/** A refusal is sure when the table itself refused, or when it was decided on a consistent read. */
async function attempt<T>(decide: Decide<T>, reading: Reading): Promise<Attempt<T>> {
  let sure = reading === 'consistent';
  try {
    const { writes, answer, replayed = false } = await decide({ at: now(), reading });
    sure = true;
    await commit(writes);
    return { answer, replayed };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error, sure };
    throw error;
  }
}

/**
 * Decides and commits. The first decision may rest on an eventual read; a refusal never does. What moved under our
 * feet, and a transaction conflict, is read and decided again: up to 12 attempts within 2 s, with full jitter; after
 * that the caller is told it is busy, and nothing was written. Before any refusal is answered, `known` may find that
 * this very request was served before: then its answer is given again.
 */
export async function exchange<T>(decide: Decide<T>, known?: Known<T>): Promise<Outcome<T>> {
  const started = elapsed();
  let tried = await attempt(decide, 'eventual');
  for (let attempts = 1; 'refusal' in tried; attempts += 1) {
    const { refusal, sure } = tried;
    const busy = again(refusal);
    const mayTry = !sure || (busy !== undefined && attempts < MAX_ATTEMPTS && elapsed() - started < MAX_MS);
    if (!mayTry) {
      const before = await known?.(refusal);
      if (before !== undefined) return { answer: before, replayed: true };
      throw busy ? new Refusal(busy) : refusal;
    }
    if (busy) await pause();
    tried = await attempt(decide, 'consistent');
  }
  return tried;
}
