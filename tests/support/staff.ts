import { expect } from 'vitest';
import { seal } from '../../shared/platform/chain-seal.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { move, POINTS } from '../../shared/points/points.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, asStaff, asTill, type Called, call, type Who } from './call.ts';
import { allItems } from './table.ts';

/** A record as `GET /v1/audit` shows it. */
export interface Told {
  clientId: string;
  seq: number;
  at: string;
  act: string;
  subject: string;
  why: string | null;
  before: string | null;
  after: string | null;
  approval: string | null;
  from: string | null;
  requestId: string | null;
  hash: string;
}

/** What staff did to this subject, newest first. */
export async function recordsOf(subject: string): Promise<Told[]> {
  const { status, body } = await call(staffContract, 'audit', {
    as: asStaff('audit.read'),
    query: { subject, limit: '100' },
  });
  expect(status).toBe(200);
  return body.items as Told[];
}

/** Every chain of records in the table has no gap, and each record is sealed with the one before it. */
export async function recordsHold(): Promise<number> {
  const records = (await allItems()).filter(({ type }) => type === 'audit');
  for (const [, chain] of Map.groupBy(records, ({ pk }) => pk)) {
    let before: Uint8Array | undefined;
    for (const [i, { hash, ...item }] of chain.toSorted((a, b) => (a.sk < b.sk ? -1 : 1)).entries()) {
      expect(item['seq']).toBe(i + 1);
      expect(Buffer.from(hash as Uint8Array).equals(Buffer.from(seal(before, item)))).toBe(true);
      before = hash as Uint8Array;
    }
  }
  return records.length;
}

/** Moves points of a member by the ledger's own movement, where no route does. */
export async function moveNow(memberId: string, movement: Movement, currency = POINTS): Promise<void> {
  await exchange(async (basis) => {
    const { write } = await move({ memberId, currency }, movement, basis);
    return { writes: [write], answer: null };
  });
}

/** All kinds of refusal for lack of rights, for a route that asks for this permission. */
export const strangers = (permission: string): [string, Who | undefined][] => [
  ['401 auth.token_missing', undefined],
  ['403 auth.forbidden', asMember('mem_1')],
  ['403 auth.forbidden', asTill(permission)],
  ['403 auth.forbidden', asStaff('orders.ship')],
];

export const told = ({ status, body }: Called) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
