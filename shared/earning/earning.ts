import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { atTill, isSame, meantAtTill, type TillRef } from '../members/members.ts';
import { addDays, dayOf } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { idUnderKey } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { move, type NextEntry, POINTS, reference } from '../points/points.ts';
import { expiryOf, lastDayFor, pointsFor, programme } from '../programme/programme.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Line } from './lines.ts';
import { earningFen, type Occurrence, occurrence } from './rules.ts';
import { addPurchase, findPurchase, type Purchase, purchaseAnnouncements } from './store.ts';

/** A purchase as a till reports it. */
export interface Report {
  number: string;
  amountFen: number;
  member: TillRef;
  lines?: readonly Line[] | undefined;
  /** Epoch milliseconds. */
  occurredAt: number | undefined;
}

/** Who reports, and whether they may report history, which counts from its own time. */
export interface Reporter {
  clientId: string;
  mayBackfill: boolean;
}

/** A purchase as it may be shown. */
export function view(purchase: Purchase) {
  const { purchaseId, number, memberId, amountFen, points, lines, returnedFen, clawedBack } = purchase;
  return {
    purchaseId,
    number,
    memberId,
    amountFen,
    points,
    lastDay: purchase.lastDay ?? null,
    availableOn: purchase.availableOn ?? null,
    occurredAt: iso(purchase.occurredAt),
    recordedAt: iso(purchase.recordedAt),
    effectiveAt: iso(purchase.effectiveAt),
    ...(lines && { lines: [...lines] }),
    returnedFen,
    clawedBack,
  };
}

export type PurchaseView = ReturnType<typeof view>;

/** The id hangs on the number, which is what makes a purchase one: whoever reports it, it is the same. */
function purchaseIdOf(number: string): Promise<string> {
  return idUnderKey('pur', 'programme', 'purchase', number);
}

/** What the purchase earns under the programme in force, at its own time. Its last day counts from when it is available. */
async function earned({ amountFen, lines }: Report, { occurredAt }: Occurrence) {
  const rules = await programme();
  const { rateBps, rounding, availableAfterDays } = rules.earning;
  const points = pointsFor(earningFen(amountFen, lines), rateBps, rounding);
  const expiry = expiryOf(rules, POINTS);
  if (!expiry) throw new Error('The programme has no POINTS.');
  const availableOn = addDays(dayOf(occurredAt, setting('TIME_ZONE')), availableAfterDays);
  const lastDay = lastDayFor(expiry, availableOn);
  const days = availableAfterDays > 0 ? { lastDay, availableOn } : { lastDay };
  return { points, days, rule: `BASE@${rules.version}` };
}

/** Where an entry lies, as the document that it belongs to keeps it. */
export function placeOf({ memberId, seq }: NextEntry, ownerId: string) {
  return { currency: POINTS, seq, ...(memberId !== ownerId && { heirId: memberId }) };
}

/** Decides one purchase: its document, its member where they are new, and the entry of what it earned. */
async function decide(given: Report, { clientId, mayBackfill }: Reporter, basis: Basis) {
  const { number, amountFen, member, lines, occurredAt: givenAt } = given;
  const recordedAt = basis.at;
  const times = occurrence(givenAt, mayBackfill, recordedAt);
  if (times instanceof Refusal) throw times;
  const { occurredAt, backfill } = times;
  const { memberId, writes } = await atTill(member, basis);
  const { points, days, rule } = await earned(given, times);
  const movement = { kind: 'EARN', amount: points, ...days, rule, occurredAt } as const;
  const earning = {
    ...movement,
    reference: reference('purchase', number),
    ...(backfill && { backfill: true as const }),
  };
  const step = points > 0 ? await move({ memberId, currency: POINTS }, earning, basis) : undefined;
  const purchase: Purchase = {
    number,
    purchaseId: await purchaseIdOf(number),
    memberId,
    amountFen,
    ...(givenAt !== undefined && { givenAt }),
    occurredAt,
    recordedAt,
    effectiveAt: step?.draft.effectiveAt ?? (backfill ? occurredAt : recordedAt),
    points,
    rule,
    ...(step && { ...days, ...placeOf(step, memberId) }),
    clientId,
    version: 1,
    ...(lines && { lines }),
    returnedFen: 0,
    clawedBack: 0,
  };
  return { writes: [addPurchase(purchase), ...writes, ...(step ? [step.write] : [])], answer: view(purchase) };
}

/** The answer to a report that was taken before; another purchase under the same number is refused. */
async function takenBefore({ number, ...given }: Report): Promise<PurchaseView | undefined> {
  const known = await findPurchase(number);
  if (!known) return undefined;
  const same = {
    amountFen: known.amountFen === given.amountFen,
    occurredAt: known.givenAt === given.occurredAt,
    lines: digest(known.lines ?? []) === digest(given.lines ?? []),
    member: await isSame(known.memberId, await meantAtTill(given.member)),
  };
  const differs = Object.entries(same).flatMap(([field, isAlike]) => (isAlike ? [] : [field]));
  if (differs.length > 0) throw new Refusal('purchases.number_reused', { number, differs });
  return view(known);
}

/**
 * Takes a purchase, makes its member where they are new, and grants its points, in one transaction. The same report
 * again gets the same answer and no points; another purchase under a known number is refused.
 */
export function report(given: Report, by: Reporter): Promise<Outcome<PurchaseView>> {
  return exchange(
    (basis) => decide(given, by, basis),
    () => takenBefore(given),
  );
}

/** A purchase by its number. */
export async function purchaseOf(number: string): Promise<PurchaseView> {
  const known = await findPurchase(number);
  if (!known) throw new Refusal('purchases.not_found');
  return view(known);
}

/** What a new purchase item says on the bus. */
export function announce(item: unknown): Announcement[] {
  return purchaseAnnouncements(item as Purchase);
}
