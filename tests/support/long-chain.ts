import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { vi } from 'vitest';
import { available, type Draft, type Entry } from '../../shared/points/account.ts';
import { link, load } from '../../shared/points/chain.ts';
import { POINTS } from '../../shared/points/points.ts';
import { next } from '../../shared/points/rules.ts';
import { client, tableName, toAttributes } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { ZONE } from './mall.ts';

const A_BATCH = 25;

/** When an entry of a chain counts, and what is available after it. */
export interface Point {
  at: number;
  available: number;
}

/**
 * A chain with an entry at each of these instants, decided and sealed by the ledger itself; only the writes are put
 * together, so that it is there soon.
 */
export async function longChain(instants: Iterable<number>): Promise<{ memberId: string; points: Point[] }> {
  const memberId = `mem_${randomUUID()}`;
  const points: Point[] = [];
  let head: Entry | undefined;
  let waiting: Record<string, unknown>[] = [];
  const flush = async () => {
    const requests = waiting.map((item) => ({ PutRequest: { Item: toAttributes(item) } }));
    waiting = [];
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName()]: requests } }));
    if (Object.keys(answer.UnprocessedItems ?? {}).length > 0) throw new Error('A batch was left unwritten.');
  };
  for (const now of instants) {
    const seq: number = (head?.seq ?? 0) + 1;
    const movement = {
      kind: 'EARN',
      amount: 1,
      lastDay: '9999-12-31',
      rule: 'BASE@0',
      reference: `purchase:${seq}`,
    } as const;
    const item = link(head, next(head, movement, { now, zone: ZONE }) as Draft, keys.entry(POINTS, memberId, seq));
    head = load(item);
    points.push({ at: now, available: available(head.after) });
    waiting.push(item as unknown as Record<string, unknown>);
    if (waiting.length === A_BATCH) await flush();
  }
  if (waiting.length > 0) await flush();
  return { memberId, points };
}

/** What the work answers, and how many calls to the table it took. */
export async function counting<T>(work: () => Promise<T>): Promise<{ answer: T; calls: number }> {
  const sends = vi.spyOn(client, 'send');
  try {
    return { answer: await work(), calls: sends.mock.calls.length };
  } finally {
    sends.mockRestore();
  }
}

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

/** Ways in which entries lie in time, newest at `end`. */
export const shapes: Record<string, (count: number, end: number) => number[]> = {
  'one a minute': (count, end) => Array.from({ length: count }, (_, i) => end - (count - 1 - i) * MINUTE_MS),
  'a year apart but for one busy day': (count, end) => [
    end - 3 * YEAR_MS,
    ...Array.from({ length: count - 2 }, (_, i) => end - YEAR_MS + i * 10),
    end,
  ],
  'ever closer together': (count, end) =>
    Array.from({ length: count }, (_, i) => end - Math.floor(3 * YEAR_MS * ((count - 1 - i) / count) ** 8)),
  'all at the same millisecond but the last': (count, end) => [
    ...Array.from({ length: count - 1 }, () => end - YEAR_MS),
    end,
  ],
};
