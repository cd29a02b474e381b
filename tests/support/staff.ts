import { expect } from 'vitest';
import { seal } from '../../shared/platform/chain-seal.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { asStaff, call } from './call.ts';
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
