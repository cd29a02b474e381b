import { lastDayOf } from './days.ts';
import type { Cause, Effect } from './effect.ts';
import type { Account, Entry, Parts } from './entry.ts';
import { draw, earliestFirst, put, putAll, total } from './lots.ts';
import { come, comeBack, earned, joined } from './rule-in.ts';
import { newAccount } from './settlement.ts';

/** How much of an amount that is taken is missing, in which way, as the entry says. */
function shortage(entry: Entry, missing: number): Parts {
  const { owed = 0, lost = 0, offset = 0 } = entry.parts;
  if (lost > 0 && owed === 0) return { lost: missing };
  if (offset > 0 && owed === 0) return { offset: missing };
  return { owed: missing };
}

function taken(account: Account, { kind, amount, seq, parts }: Entry): Effect {
  const draws = draw(account.lots, earliestFirst(account.lots), amount);
  if (kind === 'HOLD') account.held[String(seq)] = amount;
  put(account.totals, kind, amount);
  return { amount, draws, parts: parts.party === undefined ? {} : { party: parts.party } };
}

function adjustedDown(account: Account, entry: Entry, { lots: first = {} }: Cause): Effect {
  const draws = draw(account.lots, Object.keys(first), 0);
  for (const lot of earliestFirst(first)) {
    const part = Math.min(first[lot] ?? 0, entry.amount - total(draws));
    putAll(draws, draw(account.lots, [lot], part));
  }
  putAll(draws, draw(account.lots, earliestFirst(account.lots), entry.amount - total(draws)));
  const parts = shortage(entry, entry.amount - total(draws));
  account.debt += parts.owed ?? 0;
  put(account.totals, 'ADJUST_DOWN', total(draws) + (parts.owed ?? 0));
  return { amount: entry.amount, draws, parts };
}

/** How much of a clawback comes out of the purchase's own pending points. */
function fromPending(account: Account, entry: Entry, day: string | undefined, lot: string): number {
  if (day === undefined) return 0;
  const waiting = account.pending[day]?.[lot] ?? 0;
  // All that waits for an event lies together: how much of it is this purchase's, only the entry says.
  const own = day === 'EVENT' ? total(entry.parts.pending?.EVENT) : entry.amount;
  return Math.min(entry.amount, waiting, own);
}

function clawedBack(account: Account, entry: Entry, { lastDay = '', availableOn }: Cause): Effect {
  const { amount } = entry;
  const pendingLot = availableOn === 'EVENT' ? 'EVENT' : lastDay;
  const waiting = fromPending(account, entry, availableOn, pendingLot);
  const parts: Parts = {};
  if (waiting > 0 && availableOn !== undefined) {
    const lots = account.pending[availableOn] ?? {};
    put(lots, pendingLot, -waiting);
    if (total(lots) === 0) delete account.pending[availableOn];
    parts.pending = { [availableOn]: { [pendingLot]: waiting } };
  }
  const draws = draw(account.lots, [lastDay], amount - waiting);
  const counted = total(draw(account.forfeits, [lastDay], amount - waiting - total(draws)));
  putAll(draws, draw(account.lots, earliestFirst(account.lots), amount - waiting - counted - total(draws)));
  Object.assign(parts, { counted }, shortage(entry, amount - waiting - counted - total(draws)));
  account.debt += parts.owed ?? 0;
  put(account.totals, 'CLAWBACK', waiting + total(draws) + (parts.owed ?? 0));
  return { amount, draws, parts };
}

function mergedOut(account: Account, { parts: { party = '' } }: Entry): Effect {
  const amount = total(account.lots) + Object.values(account.pending).reduce((sum, lots) => sum + total(lots), 0);
  const { lots: draws, pending, forfeits, debt, totals, held, frozen } = account;
  put(totals, 'MERGE_OUT', amount);
  Object.assign(account, newAccount(), { totals, held, frozen });
  return { amount, draws, parts: { party, pending, forfeits, debt } };
}

function still(account: Account, entry: Entry): Effect {
  if (entry.kind !== 'EXPIRE') account.frozen = entry.kind === 'FREEZE';
  return { amount: entry.kind === 'EXPIRE' ? total(entry.settled.lapsed) : 0, draws: {}, parts: {} };
}

/**
 * What the rules of the ledger make of this movement on an account for which time has passed: written from the
 * description of the rules, and sharing nothing with the code that wrote the entry. The account is changed in place.
 */
export function effectOf(account: Account, entry: Entry, cause: Cause, today: string): Effect {
  switch (entry.kind) {
    case 'EARN':
    case 'ACTIVATE':
      return earned(account, entry, cause, today);
    case 'CAPTURE':
    case 'RELEASE':
    case 'REFUND':
    case 'ADJUST_UP':
      return comeBack(account, entry, cause, today);
    case 'TRANSFER_IN':
    case 'EXCHANGE_IN':
      return come(account, entry, today);
    case 'MERGE_IN':
      return joined(account, entry, today);
    case 'MERGE_OUT':
      return mergedOut(account, entry);
    case 'CLAWBACK':
      return clawedBack(account, entry, cause);
    case 'ADJUST_DOWN':
      return adjustedDown(account, entry, cause);
    case 'EXPIRE':
    case 'FREEZE':
    case 'THAW':
      return still(account, entry);
    default:
      return taken(account, entry);
  }
}

/** Why this movement should have been refused on this account, if it should. */
export function mustBeRefused(account: Account, { kind, amount, parts }: Entry): string | undefined {
  const leaving = ['SPEND', 'HOLD', 'TRANSFER_OUT', 'EXCHANGE_OUT'].includes(kind);
  if (leaving && account.frozen) return 'the account was frozen';
  if (leaving && amount > total(account.lots)) return `only ${total(account.lots)} were available`;
  if (kind === 'TRANSFER_OUT' && account.debt > 0) return `the giver owed ${account.debt}`;
  if (kind === 'FREEZE' && account.frozen) return 'the account was frozen already';
  if (kind === 'THAW' && !account.frozen) return 'the account was not frozen';
  if (kind === 'MERGE_OUT' && total(account.held) > 0) return 'points were held';
  const hold = parts.hold === undefined ? 0 : account.held[String(parts.hold)];
  if (['CAPTURE', 'RELEASE'].includes(kind) && !hold) return 'that hold was not open';
  return undefined;
}

/** Whether a lot is over on this day. */
export function isOver(lot: string, today: string): boolean {
  return lastDayOf(lot) < today;
}
