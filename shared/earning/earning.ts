import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { idOf, type MemberRef, resolve } from '../members/members.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { iso } from '../platform/clock.ts';
import { idUnderKey } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { move, POINTS, reference } from '../points/points.ts';
import { expiryOf, lastDayFor, pointsFor, programme } from '../programme/programme.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { timeRefusal } from './rules.ts';
import { addPurchase, findPurchase, type Purchase, purchaseAnnouncements } from './store.ts';

/** A purchase as a till reports it. */
export interface Report {
  number: string;
  amountFen: number;
  member: MemberRef;
  /** Epoch milliseconds. */
  occurredAt: number | undefined;
}

/** A purchase as it may be shown. */
export function view({ purchaseId, number, memberId, amountFen, points, lastDay, occurredAt, recordedAt }: Purchase) {
  return {
    purchaseId,
    number,
    memberId,
    amountFen,
    points,
    lastDay: lastDay ?? null,
    occurredAt: iso(occurredAt),
    recordedAt: iso(recordedAt),
  };
}

export type PurchaseView = ReturnType<typeof view>;

/** The id hangs on the number, which is what makes a purchase one: whoever reports it, it is the same. */
function purchaseIdOf(number: string): Promise<string> {
  return idUnderKey('pur', 'programme', 'purchase', number);
}

/** What the purchase earns under the programme in force, at its own time. */
async function earned(amountFen: number, occurredAt: number) {
  const rules = await programme();
  const points = pointsFor(amountFen, rules.earning.rateBps, rules.earning.rounding);
  const expiry = expiryOf(rules, POINTS);
  if (!expiry) throw new Error('The programme has no POINTS.');
  const lastDay = lastDayFor(expiry, dayOf(occurredAt, setting('TIME_ZONE')));
  return { points, lastDay, rule: `BASE@${rules.version}` };
}

/** Decides one purchase: its document, its member where they are new, and the entry of what it earned. */
async function decide({ number, amountFen, member, occurredAt: givenAt }: Report, clientId: string, basis: Basis) {
  const recordedAt = basis.at;
  const occurredAt = givenAt ?? recordedAt;
  const refusal = timeRefusal(occurredAt, recordedAt);
  if (refusal) throw new Refusal(refusal);
  const { memberId, registration } = await resolve(member, basis);
  const { points, lastDay, rule } = await earned(amountFen, occurredAt);
  const movement = { kind: 'EARN', amount: points, lastDay, rule, occurredAt } as const;
  const account = { memberId, currency: POINTS };
  const earning = { ...movement, reference: reference('purchase', number) };
  const step = points > 0 ? await move(account, earning, basis) : undefined;
  const purchase: Purchase = {
    number,
    purchaseId: await purchaseIdOf(number),
    memberId,
    amountFen,
    ...(givenAt !== undefined && { givenAt }),
    occurredAt,
    recordedAt,
    points,
    rule,
    ...(step && { lastDay, currency: POINTS, seq: step.seq }),
    clientId,
    version: 1,
  };
  return { writes: [addPurchase(purchase), ...registration, ...(step ? [step.write] : [])], answer: view(purchase) };
}

/** The answer to a report that was taken before; another purchase under the same number is refused. */
async function takenBefore({ number, amountFen, member, occurredAt }: Report): Promise<PurchaseView | undefined> {
  const known = await findPurchase(number);
  if (!known) return undefined;
  const same = known.amountFen === amountFen && known.givenAt === occurredAt && known.memberId === (await idOf(member));
  if (!same) throw new Refusal('purchases.number_reused', { number });
  return view(known);
}

/**
 * Takes a purchase, makes its member where they are new, and grants its points, in one transaction. The same report
 * again gets the same answer and no points; another purchase under a known number is refused.
 */
export function report(given: Report, clientId: string): Promise<Outcome<PurchaseView>> {
  return exchange(
    (basis) => decide(given, clientId, basis),
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
