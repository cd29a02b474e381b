import { lastDayOf } from './days.ts';
import type { Account, Entry } from './entry.ts';
import { differences, draw, earliestFirst, type Lots, put, putAll, total } from './lots.ts';
import { copyOf } from './settlement.ts';
import type { Chain, World } from './world.ts';

/** What an account comes to when everything that its entries say they moved is added up. */
export interface Sums {
  lots: Lots;
  pending: number;
  held: Lots;
  debt: number;
  totals: Lots;
}

export function noSums(): Sums {
  return { lots: {}, pending: 0, held: {}, debt: 0, totals: {} };
}

const waiting = (pending: Record<string, Lots> | undefined): number =>
  Object.values(pending ?? {}).reduce((sum, lots) => sum + total(lots), 0);

/** What came, with what of it went to the debt: that goes out of what came, earliest last day first. */
function came(sums: Sums, fresh: Lots, paid: number): void {
  const rest = { ...fresh };
  draw(rest, earliestFirst(rest), paid);
  putAll(sums.lots, rest);
  sums.debt -= paid;
  put(sums.totals, 'DEBT_PAID', paid);
}

function addTime(sums: Sums, { settled }: Entry): void {
  for (const [day, lots] of Object.entries(settled.activated)) {
    sums.pending -= total(lots);
    put(sums.totals, 'ACTIVATE', total(lots));
    came(sums, lots, settled.debtPaid[day] ?? 0);
  }
  putAll(sums.lots, settled.lapsed, -1);
  put(sums.totals, 'EXPIRE', total(settled.lapsed));
}

/** How much of an entry counts in the lifetime sum of its kind. */
export function countedAmount({ kind, amount, draws, parts }: Entry): number {
  if (kind === 'EXPIRE') return 0;
  if (kind === 'CLAWBACK') return waiting(parts.pending) + total(draws) + (parts.owed ?? 0);
  if (kind === 'ADJUST_DOWN') return total(draws) + (parts.owed ?? 0);
  return amount;
}

function addMovement(sums: Sums, entry: Entry): void {
  const { kind, amount, draws, parts, seq } = entry;
  const { debtPaid = 0, lapsed, back = {} } = parts;
  put(sums.totals, kind, countedAmount(entry));
  put(sums.totals, 'EXPIRE', total(lapsed));
  sums.debt += (parts.owed ?? 0) + (kind === 'MERGE_IN' ? (parts.debt ?? 0) : 0);
  if (kind === 'MERGE_OUT') sums.debt -= parts.debt ?? 0;
  if (kind === 'EARN' && parts.pending) sums.pending += waiting(parts.pending);
  else if (kind === 'MERGE_IN') sums.pending += waiting(parts.pending);
  else sums.pending -= waiting(parts.pending);
  if (kind === 'HOLD') sums.held[String(seq)] = amount;
  if (parts.hold !== undefined)
    put(sums.held, String(parts.hold), -(kind === 'CAPTURE' ? amount + total(back) : total(draws)) - total(lapsed));
  if (LEAVING.has(kind)) putAll(sums.lots, draws, -1);
  else if (kind === 'MERGE_IN') {
    const all = { ...sums.lots };
    putAll(all, draws);
    sums.lots = {};
    came(sums, all, debtPaid);
  } else if (kind === 'CAPTURE') came(sums, back, debtPaid);
  else if (!(kind === 'EARN' && (parts.pending || parts.lapsed))) came(sums, draws, debtPaid);
}

const LEAVING = new Set(['SPEND', 'HOLD', 'CLAWBACK', 'ADJUST_DOWN', 'TRANSFER_OUT', 'EXCHANGE_OUT', 'MERGE_OUT']);

/** Adds what this entry says it moved, time's part first. */
export function add(sums: Sums, entry: Entry): void {
  addTime(sums, entry);
  addMovement(sums, entry);
}

function sumsIn(account: Account): Sums {
  const { lots, held, debt, totals } = copyOf(account);
  return { lots, pending: waiting(account.pending), held, debt, totals };
}

function comparable({ lots, pending, held, debt, totals }: Sums) {
  return { available: total(lots), pending, held: total(held), debt, totals };
}

/**
 * Holds each account against the sum of all that moved before it: as a whole (INV-1) and lot by lot (INV-3). A
 * difference is reported where it begins. What moved in this chain is added to `programme`.
 */
export function checkSums(world: World, { pk, entries }: Chain, programme: Lots): void {
  let sums = noSums();
  for (const entry of entries) {
    add(sums, entry);
    const { after, key } = entry;
    const stored = sumsIn(after);
    const wrong = differences(comparable(stored), comparable(sums), '');
    if (wrong.length > 0) world.report('INV-1', key, wrong.join('; '));
    const lots = differences(stored.lots, sums.lots, '').map((text) => `lot ${text}`);
    if (lots.length > 0) world.report('INV-3', key, lots.join('; '));
    const today = world.calendar.dayOf(entry.effectiveAt);
    for (const [lot, amount] of Object.entries(after.lots)) {
      if (amount <= 0) world.report('INV-3', key, `lot ${lot} is kept with ${amount}`);
      if (lastDayOf(lot) < today) world.report('INV-3', key, `lot ${lot} is still there on ${today}`);
    }
    if (total(after.lots) > 0 && after.debt > 0)
      world.report('INV-1', key, `${total(after.lots)} are available while ${after.debt} are owed`);
    put(programme, entry.kind, countedAmount(entry));
    put(programme, 'EXPIRE', total(entry.settled.lapsed) + total(entry.parts.lapsed));
    if (wrong.length + lots.length > 0) sums = stored;
  }
  const end = entries.at(-1)?.after;
  if (!end) return;
  const there = total(end.lots) + waiting(end.pending) + total(end.held) - end.debt;
  put(programme, 'there', there);
  if (entries[0]?.seq !== 1) world.report('INV-1', pk, 'what moved before the first entry that is left is not known');
}

const IN = ['EARN', 'REFUND', 'ADJUST_UP', 'TRANSFER_IN', 'EXCHANGE_IN', 'MERGE_IN'];
const OUT = ['SPEND', 'CAPTURE', 'EXPIRE', 'CLAWBACK', 'ADJUST_DOWN', 'TRANSFER_OUT', 'EXCHANGE_OUT', 'MERGE_OUT'];
const PAIRS = [
  ['TRANSFER_OUT', 'TRANSFER_IN'],
  ['MERGE_OUT', 'MERGE_IN'],
] as const;

/** Holds what is there in a currency against all that came and went in it (INV-2). */
export function checkProgramme(world: World, currency: string, programme: Lots): void {
  const of = (kind: string) => programme[kind] ?? 0;
  const all = (kinds: readonly string[]) => kinds.reduce((sum, kind) => sum + of(kind), 0);
  const due = all(IN) - all(OUT);
  if (due !== of('there')) {
    world.report('INV-2', `LEDGER#${currency}`, `${due} should be there after all that moved, and ${of('there')} are`);
  }
  for (const [out, into] of PAIRS) {
    if (of(out) === of(into)) continue;
    world.report('INV-2', `LEDGER#${currency}`, `${out} sums to ${of(out)} and ${into} to ${of(into)}`);
  }
}
