import { lastDayOf } from './days.ts';
import type { Cause, Effect } from './effect.ts';
import type { Account, Entry } from './entry.ts';
import { draw, earliestFirst, type Lots, put, putAll, total } from './lots.ts';
import { arrive } from './settlement.ts';

/** Gone as soon as it came: it counts among the forfeits of its lot. */
function forfeit(account: Account, lots: Lots): void {
  putAll(account.forfeits, lots);
  put(account.totals, 'EXPIRE', total(lots));
}

/** The one name in a record, as far as it says one. */
function onlyLot(lots: object | undefined): string | undefined {
  return lots && Object.keys(lots)[0];
}

/** EARN and ACTIVATE: pending, available, or too late. */
export function earned(account: Account, entry: Entry, cause: Cause, today: string): Effect {
  const { kind, amount, parts, draws } = entry;
  const waitsOn = kind === 'EARN' ? (cause.availableOn ?? onlyLot(parts.pending)) : undefined;
  const lastDay = cause.lastDay ?? onlyLot(parts.lapsed) ?? onlyLot(draws) ?? '';
  put(account.totals, kind, amount);
  if (kind === 'ACTIVATE') {
    draw((account.pending.EVENT ??= {}), ['EVENT'], amount);
    if (total(account.pending.EVENT) === 0) delete account.pending.EVENT;
  }
  const took = kind === 'ACTIVATE' ? { pending: { EVENT: { EVENT: amount } } } : {};
  const isLate = lastDay < today || (waitsOn !== undefined && waitsOn !== 'EVENT' && lastDay < waitsOn);
  if (waitsOn === 'EVENT' || (waitsOn !== undefined && waitsOn > today && !isLate)) {
    const lots = { [waitsOn === 'EVENT' ? 'EVENT' : lastDay]: amount };
    putAll((account.pending[waitsOn] ??= {}), lots);
    return { amount, draws: lots, parts: { pending: { [waitsOn]: lots } } };
  }
  const lots = { [lastDay]: amount };
  if (isLate) {
    forfeit(account, lots);
    return { amount, draws: kind === 'EARN' ? lots : {}, parts: { ...took, lapsed: lots } };
  }
  return { amount, draws: lots, parts: { ...took, debtPaid: arrive(account, lots) } };
}

/** What goes back: latest last day first out of what the lots gave. */
function goingBack(from: Lots, amount: number): Lots {
  return draw({ ...from }, earliestFirst(from).toReversed(), amount);
}

/** Where each lot's points go: into it, into a grace lot, to the debt, or nowhere any more. */
function sorted(back: Lots, debt: number, graceLot: string | undefined, today: string) {
  const draws: Lots = {};
  const lapsed: Lots = {};
  let owed = debt;
  for (const lot of earliestFirst(back)) {
    const amount = back[lot] ?? 0;
    const isGone = lastDayOf(lot) < today;
    const pays = Math.min(owed, amount);
    owed -= pays;
    if (!isGone) put(draws, lot, amount);
    else if (graceLot !== undefined) put(draws, graceLot, amount);
    else {
      put(draws, lot, pays);
      put(lapsed, lot, amount - pays);
    }
  }
  return { draws, lapsed };
}

/** What an entry says that came back, where no document knows from where. */
function asSaid({ parts: { lapsed, back }, draws, kind }: Entry): Lots {
  const lots = { ...(kind === 'CAPTURE' ? back : draws) };
  putAll(lots, lapsed);
  return lots;
}

/** REFUND, ADJUST_UP, and the ends of a hold: points that go back to given lots, whatever their day. */
export function comeBack(account: Account, entry: Entry, cause: Cause, today: string): Effect {
  const { kind, amount, parts, draws: said } = entry;
  const isCapture = kind === 'CAPTURE';
  const holding = parts.hold === undefined ? 0 : (account.held[String(parts.hold)] ?? 0);
  if (parts.hold !== undefined) delete account.held[String(parts.hold)];
  const comes = isCapture ? holding - amount : amount;
  const from = cause.lots ?? asSaid(entry);
  const back = goingBack(from, comes);
  const went = (isCapture ? parts.back : said) ?? {};
  const grace = Object.keys(went).find((lot) => lot.endsWith('g') && (went[lot] ?? 0) > (back[lot] ?? 0));
  const { draws, lapsed } = sorted(back, account.debt, grace, today);
  put(account.totals, kind, amount);
  forfeit(account, lapsed);
  const debtPaid = arrive(account, draws);
  const held = parts.hold === undefined ? {} : { hold: parts.hold };
  const own = { ...held, debtPaid, lapsed };
  return isCapture ? { amount, draws: {}, parts: { ...own, back: draws } } : { amount, draws, parts: own };
}

/** What arrives and what of it is over already. */
function parted(lots: Lots, today: string): { alive: Lots; over: Lots } {
  const alive = Object.entries(lots).filter(([lot]) => lastDayOf(lot) >= today);
  const over = Object.entries(lots).filter(([lot]) => lastDayOf(lot) < today);
  return { alive: Object.fromEntries(alive), over: Object.fromEntries(over) };
}

/** The receiving side of a gift or an exchange. */
export function come(account: Account, entry: Entry, today: string): Effect {
  const { kind, amount, parts } = entry;
  const { alive, over } = parted(asSaid(entry), today);
  put(account.totals, kind, amount);
  forfeit(account, over);
  const debtPaid = arrive(account, alive);
  const party = parts.party === undefined ? {} : { party: parts.party };
  return { amount: total(alive) + total(over), draws: alive, parts: { ...party, debtPaid, lapsed: over } };
}

/** The heir's side of a merge: all that is available pays the debt of both. */
export function joined(account: Account, entry: Entry, today: string): Effect {
  const { parts } = entry;
  const { alive, over } = parted(asSaid(entry), today);
  const waiting = parts.pending ?? {};
  for (const [day, lots] of Object.entries(waiting)) putAll((account.pending[day] ??= {}), lots);
  putAll(account.forfeits, parts.forfeits);
  account.debt += parts.debt ?? 0;
  const amount = total(alive) + total(over) + Object.values(waiting).reduce((sum, lots) => sum + total(lots), 0);
  put(account.totals, 'MERGE_IN', amount);
  forfeit(account, over);
  const all = { ...account.lots };
  putAll(all, alive);
  account.lots = {};
  const debtPaid = arrive(account, all);
  const { party = '', forfeits = {}, debt = 0 } = parts;
  return { amount, draws: alive, parts: { party, pending: waiting, forfeits, debt, debtPaid, lapsed: over } };
}
