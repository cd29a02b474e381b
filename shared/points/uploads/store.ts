import { query } from '../../table/client.ts';
import { keys } from '../../table/keys.ts';
import { put, type Write } from '../../table/writes.ts';

/** A row of an upload that counts, once for ever. */
export interface Grant {
  batch: string;
  memberId: string;
  /** On whose chain the entry lies, where the account was merged into another. */
  heirId?: string;
  currency: string;
  lastDay: string;
  /** The row named no last day: the currency's policy gave this one. */
  byPolicy?: true;
  amount: number;
  seq: number;
  by: string;
  at: number;
}

/** More lots than an account can carry in each of ten currencies. */
const MOST = 500;

/** All that this batch has given to a member, read consistently. */
export function grantsOf(batch: string, memberId: string): Promise<Grant[]> {
  return query<Grant>({ pk: keys.grant(batch, memberId, '', '').pk, limit: MOST });
}

/** The write that makes a row count, unless it does already. */
export function addGrant(grant: Grant): Write {
  const { batch, memberId, currency, lastDay } = grant;
  return put({ ...keys.grant(batch, memberId, currency, lastDay), type: 'grant', v: 1, ...grant }, 'points.moved');
}
