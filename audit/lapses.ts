import { createHash } from 'node:crypto';
import { daysAfter, lastDayOf, NEVER } from './days.ts';
import { total } from './lots.ts';
import { type Chain, chainKey, ofType, type World } from './world.ts';

const PARTS = 16;
const DAY_MS = 86_400_000;
const KEPT_DAYS = 400;
const HOUR_MS = 3_600_000;
/** So many days before a last day a notice is due; one that was missed is given later. */
const DAYS_BEFORE = [1, 7, 30];

function partOf(memberId: string): string {
  const first = createHash('sha256').update(memberId).digest()[0] ?? 0;
  return String(first % PARTS).padStart(2, '0');
}

/** When what has this last day is over. */
function overAt({ calendar }: World, lastDay: string): number {
  return calendar.startOf(daysAfter(lastDay, 1));
}

/** Every last day that this account ever carried. */
function lastDays({ entries }: Chain): Set<string> {
  const days = new Set<string>();
  for (const { after } of entries) {
    for (const lot in after.lots) days.add(lastDayOf(lot));
    for (const waiting of Object.values(after.pending)) for (const lot in waiting) days.add(lastDayOf(lot));
  }
  days.delete('EVENT');
  days.delete(NEVER);
  return days;
}

/**
 * The days on which history was reported for this account, later than it counts, and the days after them, on which the
 * news of it may arrive: what had lapsed by then is noted for that day and written down at its end.
 */
function reportedOn({ calendar }: World, { entries }: Chain): Set<string> {
  const late = entries.filter(({ kind, effectiveAt, recordedAt }) => kind !== 'EXPIRE' && effectiveAt < recordedAt);
  const days = late.map(({ recordedAt }) => calendar.dayOf(recordedAt));
  return new Set(days.flatMap((day) => [day, daysAfter(day, 1)]));
}

function checkChain(world: World, chain: Chain): void {
  const { currency, memberId, entries, pk } = chain;
  const head = entries.at(-1);
  const part = partOf(memberId);
  const written = Math.max(0, ...[...reportedOn(world, chain)].map((day) => overAt(world, day)));
  for (const day of lastDays(chain)) {
    const over = overAt(world, day);
    if (over + KEPT_DAYS * DAY_MS <= world.at) continue;
    const key = `LAPSE#${day}#${part}/${memberId}#${currency}`;
    if (!world.items.has(key)) {
      world.report('INV-22', key, `${pk} carries or carried points to ${day}, and the lapse calendar does not have it`);
      continue;
    }
    if (Math.max(over, written) + HOUR_MS > world.at || !head) continue;
    const left = Object.entries(head.after.lots).filter(([lot]) => lastDayOf(lot) === day);
    const amount = total(Object.fromEntries(left));
    if (amount > 0) world.report('INV-23', head.key, `${amount} points to ${day} are over and not written down`);
  }
}

function checkNotes(world: World): void {
  for (const { key, pk, all } of ofType(world, 'lapse')) {
    const { memberId, currency, lastDay, expiresAtEpoch } = all as Record<string, string> & { expiresAtEpoch: number };
    if (!memberId || !currency || !lastDay) continue;
    const wanted = `LAPSE#${lastDay}#${partOf(memberId)}`;
    if (pk !== wanted) world.report('INV-22', key, `lies in ${pk} and belongs in ${wanted}`);
    const chain = world.chains.get(chainKey(currency, memberId));
    if (!chain) world.report('INV-28', key, `there is no account ${chainKey(currency, memberId)}`);
    else if (!lastDays(chain).has(lastDay) && !reportedOn(world, chain).has(lastDay))
      world.report('INV-22', key, `the account never carried points to ${lastDay}`);
    const kept = Math.floor(overAt(world, lastDay) / 1_000) + (KEPT_DAYS * DAY_MS) / 1_000;
    if (expiresAtEpoch !== kept)
      world.report('INV-22', key, `is kept until ${expiresAtEpoch} and should be until ${kept}`);
  }
}

function checkNotices(world: World): void {
  const told = new Map<string, string>();
  for (const { key, sk, all } of ofType(world, 'notice')) {
    const { memberId, currency, lastDay, daysLeft, amount } = all as unknown as {
      memberId: string;
      currency: string;
      lastDay: string;
      daysLeft: number;
      amount: number;
    };
    const place = `${memberId} ${currency} ${lastDay} ${daysLeft}`;
    const before = told.get(place);
    if (before !== undefined) world.report('INV-22', key, `tells again what ${before} told`);
    told.set(place, key);
    const due = DAYS_BEFORE.find((days) => days >= daysLeft);
    const day = daysAfter(lastDay, -(due ?? 0));
    if (due === undefined || sk !== `${day}#${currency}#${lastDay}`) {
      world.report('INV-22', key, `tells of ${lastDay} ${daysLeft} days before, which would be on ${day}`);
    }
    if (amount === 0) world.report('INV-22', key, 'tells of nothing');
    const chain = world.chains.get(chainKey(currency, memberId));
    if (!chain) world.report('INV-28', key, `there is no account ${chainKey(currency, memberId)}`);
    else if (!lastDays(chain).has(lastDay))
      world.report('INV-22', key, `the account never carried points to ${lastDay}`);
  }
}

/** The lapse calendar and the notices (INV-22), and what is over (INV-23). */
export function checkLapses(world: World): void {
  for (const chain of world.chains.values()) checkChain(world, chain);
  checkNotes(world);
  checkNotices(world);
}
