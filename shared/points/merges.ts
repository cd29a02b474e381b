import { Refusal } from '../errors.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Account, pendingOf, sum } from './account.ts';
import { move } from './moving.ts';
import { reference } from './seal.ts';
import { type AccountId, head } from './store.ts';

/** What a merge moved in one currency, and when it counts. */
export interface Merged {
  currency: string;
  points: number;
  pending: number;
  debt: number;
  at: number;
}

function mergedOf(
  currency: string,
  { lots, pending, debt }: Pick<Account, 'lots' | 'pending' | 'debt'>,
  at: number,
): Merged {
  return { currency, points: sum(lots), pending: pendingOf({ pending }), debt, at };
}

/**
 * Decides both sides of a merge in one currency: the account is closed, even one on which nothing ever moved, so that
 * nothing can move on it meanwhile; the heir takes over all that it had.
 */
export async function mergeInto(
  heirId: string,
  { memberId, currency }: AccountId,
  basis: Basis,
): Promise<{ writes: Write[]; merged: Merged }> {
  const merge = reference('merge', memberId);
  const out = await move({ memberId, currency }, { kind: 'MERGE_OUT', reference: merge, party: heirId }, basis);
  if (out.memberId !== memberId) throw new Refusal('members.merged', { memberId, heirId: out.memberId });
  const { pending = {}, forfeits = {}, debt = 0 } = out.draft.parts;
  const from = { lots: out.draft.draws, pending, forfeits, debt };
  const taking = { kind: 'MERGE_IN', reference: merge, party: memberId, from } as const;
  const into = await move({ memberId: heirId, currency }, taking, basis);
  if (into.memberId !== heirId) throw new Refusal('members.merged', { memberId: heirId, heirId: into.memberId });
  return { writes: [out.write, into.write], merged: mergedOf(currency, from, out.draft.recordedAt) };
}

/** What a merge moved out of this account, and into whose, if it was merged: a closed chain says so for ever. */
export async function mergeOf({ memberId, currency }: AccountId): Promise<(Merged & { heirId: string }) | undefined> {
  const newest = await head({ memberId, currency }, 'consistent');
  if (newest?.kind !== 'MERGE_OUT') return undefined;
  const { pending = {}, debt = 0, party } = newest.parts;
  return { ...mergedOf(currency, { lots: newest.draws, pending, debt }, newest.recordedAt), heirId: party as string };
}
