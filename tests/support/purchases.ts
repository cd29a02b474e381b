import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { move, POINTS } from '../../shared/points/points.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asTill, type Called, call } from './call.ts';
import { somePhone } from './people.ts';

/** A till that may also report history. */
export const asImporter = asTill('purchases:write purchases:backfill');

/** A purchase that was taken. */
export interface Bought {
  number: string;
  memberId: string;
  points: number;
}

/** Reports a purchase of somebody (new when nobody is said); it must be taken. */
export async function buy(more: object = {}, as = asTill()): Promise<Bought> {
  const body = { number: `P-${randomUUID()}`, amountFen: 10_000, member: { phone: somePhone() }, ...more };
  const answer = await call(earningContract, 'report', { as, body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as unknown as Bought;
}

/** Reports a return of a purchase. */
export function giveBack(purchase: string, more: object, as = asTill()): Promise<Called> {
  return call(earningContract, 'reportReturn', { as, body: { number: `R-${randomUUID()}`, purchase, ...more } });
}

/** Sends it again, the same, while the account is too busy: as a till does that is told to come again. */
export async function persistently(send: () => Promise<Called>, tries = 5): Promise<Called> {
  const answer = await send();
  return answer.status === 503 && tries > 1 ? persistently(send, tries - 1) : answer;
}

/** A movement on somebody's account that no route makes yet; answers its sequence number. */
export async function happens(memberId: string, movement: Movement): Promise<number> {
  const { answer } = await exchange(async (basis) => {
    const step = await move({ memberId, currency: POINTS }, movement, basis);
    return { writes: [step.write], answer: step.seq };
  });
  return answer;
}
