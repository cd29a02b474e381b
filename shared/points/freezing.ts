import { mustBeMember } from '../members/members.ts';
import { type By, requestDigest } from '../platform/ids.ts';
import { currencyCodes, mustHaveCurrency, programme } from '../programme/programme.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Freeze } from './movements.ts';
import { freezeOnce } from './moving.ts';
import { reference } from './seal.ts';

/** Whose spending is stopped or allowed again, in one currency or in all, and why. */
export interface FreezeWish {
  memberId: string;
  kind: Freeze['kind'];
  currency?: string | undefined;
  reason: string;
}

/** What an account's spending is after a freeze or a thaw. */
interface Spending {
  currency: string;
  frozen: boolean;
}

async function currenciesOf({ currency }: FreezeWish): Promise<readonly string[]> {
  const rules = await programme();
  if (currency === undefined) return currencyCodes(rules);
  mustHaveCurrency(rules, currency);
  return [currency];
}

async function decide(wish: FreezeWish, by: By, eventually: Basis) {
  // Where nothing is written, nothing guards what was read.
  const basis: Basis = { ...eventually, reading: 'consistent' };
  const { memberId, kind, reason } = wish;
  await mustBeMember(memberId, basis);
  const currencies = await currenciesOf(wish);
  const movement = { kind, reference: reference(kind.toLowerCase(), await requestDigest(by)) } as const;
  const found = await Promise.all(currencies.map((currency) => freezeOnce({ memberId, currency }, movement, basis)));
  const replayed = found.some(({ repeat }) => repeat !== undefined);
  const steps = replayed ? [] : found.flatMap(({ step }) => step ?? []);
  const frozen = kind === 'FREEZE';
  const answer = currencies.map((currency): Spending => ({ currency, frozen }));
  if (steps.length === 0) return { writes: [], answer, replayed };
  const touched = currencies.filter((_, i) => found[i]?.step);
  const state = (is: boolean) => Object.fromEntries(touched.map((currency) => [currency, is]));
  const act = { clientId: by.caller, act: `points-staff.${kind.toLowerCase()}`, subject: memberId, why: reason };
  const told = await record({ ...act, before: state(!frozen), after: state(frozen) }, basis);
  return { writes: [...steps.map(({ write }) => write), told], answer };
}

/**
 * Stops, or allows again, what a member spends, in all currencies of the programme at once unless one is named. Where it
 * is so already nothing is written; a request that comes again after the opposite was done is still the one of then.
 */
export function freeze(wish: FreezeWish, by: By): Promise<Outcome<Spending[]>> {
  return exchange((basis) => decide(wish, by, basis));
}
