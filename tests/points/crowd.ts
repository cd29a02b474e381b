import { randomUUID } from 'node:crypto';
import { available } from '../../shared/points/account.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { type AccountId, balance, move, POINTS, reference } from '../../shared/points/points.ts';
import { exchange } from '../../shared/table/commit.ts';

export const someone = (): AccountId => ({ memberId: `mem_${randomUUID()}`, currency: POINTS });

/** Writes one movement as a domain would, in an exchange of its own; the answer is its sequence number. */
export async function write(account: AccountId, movement: Movement): Promise<number> {
  const { answer } = await exchange(async (basis) => {
    const step = await move(account, movement, basis);
    return { writes: [step.write], answer: step.seq };
  });
  return answer;
}

export const earnt = (amount: number, lastDay = '2026-12-31'): Movement => ({
  kind: 'EARN',
  amount,
  lastDay,
  rule: 'BASE@1',
  reference: reference('purchase', randomUUID()),
});

export interface Round {
  /** What was answered, by code; `served` are the others. */
  refused: Record<string, number>;
  served: number;
  /** The longest that anybody waited. */
  slowestMs: number;
  available: number;
}

/** So many writers at once on one member's chain: who was served, who was not, and what the account says then. */
export async function crowd(account: AccountId, writers: number, movementOf: (i: number) => Movement): Promise<Round> {
  const refused: Record<string, number> = {};
  const waits: number[] = [];
  const one = async (i: number): Promise<number> => {
    const from = performance.now();
    try {
      await write(account, movementOf(i));
      return 1;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined) throw error;
      refused[code] = (refused[code] ?? 0) + 1;
      return 0;
    } finally {
      waits.push(performance.now() - from);
    }
  };
  const served = await Promise.all(Array.from({ length: writers }, (_, i) => one(i)));
  return {
    refused,
    served: served.reduce<number>((total, count) => total + count, 0),
    slowestMs: Math.round(Math.max(...waits)),
    available: available((await balance(account)).account),
  };
}
