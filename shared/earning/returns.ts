import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import { iso } from '../platform/clock.ts';
import { idUnderKey } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { move, type NextEntry, POINTS, reference } from '../points/points.ts';
import { pointsFor, programme, programmeAt } from '../programme/programme.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { placeOf, type Reporter } from './earning.ts';
import { type Asked, type Occurrence, occurrence, returnRefusal, taking } from './rules.ts';
import {
  addReturn,
  findPurchase,
  findReturn,
  type Purchase,
  type PurchaseReturn,
  returnAnnouncements,
  returnOf,
} from './store.ts';

/** A return as a till reports it. */
export interface ReturnReport {
  number: string;
  /** The number of its purchase. */
  purchase: string;
  asked: Asked;
  /** Epoch milliseconds. */
  occurredAt: number | undefined;
}

/** A return as it may be shown; `leftFen` is what of its purchase can still be returned. */
function view(back: PurchaseReturn, leftFen: number) {
  const { returnId, number, purchase, memberId, amountFen, lines } = back;
  const { points, taken, counted, owed, lost, offset } = back;
  return {
    returnId,
    number,
    purchase,
    memberId,
    amountFen,
    ...(lines && { lines: [...lines] }),
    points,
    taken,
    counted,
    owed,
    lost,
    offset,
    leftFen,
    occurredAt: iso(back.occurredAt),
    recordedAt: iso(back.recordedAt),
    effectiveAt: iso(back.effectiveAt),
  };
}

export type ReturnView = ReturnType<typeof view>;

/** What so much money of the purchase earns, by the rule and the version that earned then. */
async function earnedThen({ rule }: Purchase, amountFen: number): Promise<number> {
  const version = Number(rule.split('@')[1]);
  const inForce = await programme();
  const { earning } = inForce.version === version ? inForce : await programmeAt(version);
  return pointsFor(amountFen, earning.rateBps, earning.rounding);
}

/** The movement that takes these points back; none where there is nothing to take. */
async function takeBack(
  { memberId, lastDay, availableOn }: Purchase,
  { number, points }: { number: string; points: number },
  { occurredAt, backfill }: Occurrence,
  basis: Basis,
): Promise<NextEntry | undefined> {
  if (points === 0 || lastDay === undefined) return undefined;
  const { shortage } = await programme();
  const clawback = {
    kind: 'CLAWBACK',
    amount: points,
    lastDay,
    ...(availableOn && { availableOn }),
    shortage,
    reference: reference('return', number),
    occurredAt,
    ...(backfill && { backfill: true as const }),
  } as const;
  return move({ memberId, currency: POINTS }, clawback, basis);
}

/** Where the points were that a return takes back. */
function partsOf(points: number, step: NextEntry | undefined) {
  const { counted = 0, owed = 0, lost = 0, offset = 0 } = step?.draft.parts ?? {};
  return { points, taken: points - counted - owed - lost - offset, counted, owed, lost, offset };
}

async function purchaseFor(given: ReturnReport, by: Reporter, basis: Basis) {
  const purchase = await findPurchase(given.purchase, basis.reading);
  if (!purchase) throw new Refusal('purchases.not_found');
  const times = occurrence(given.occurredAt, by.mayBackfill, basis.at, purchase.occurredAt);
  if (times instanceof Refusal) throw times;
  const { returnsUntilDays } = await programme();
  const refusal = returnRefusal(purchase, times.occurredAt, { returnsUntilDays, zone: setting('TIME_ZONE') });
  if (refusal) throw refusal;
  return { purchase, times };
}

/**
 * Decides one return: its document, the purchase's, and the entry of what is taken back. What stays earned is what
 * the rest of the purchase earns; the difference to what it has now goes.
 */
async function decide(given: ReturnReport, by: Reporter, basis: Basis) {
  const { purchase, times } = await purchaseFor(given, by, basis);
  const took = taking(purchase, given.asked);
  if (took instanceof Refusal) throw took;
  const { restEarningFen, returnedFen, returnedLines, amountFen, lines } = took;
  const points = purchase.points - purchase.clawedBack - (await earnedThen(purchase, restEarningFen));
  const step = await takeBack(purchase, { number: given.number, points }, times, basis);
  const { occurredAt, backfill } = times;
  const back: PurchaseReturn = {
    number: given.number,
    returnId: await idUnderKey('ret', 'programme', 'return', given.number),
    purchase: purchase.number,
    memberId: purchase.memberId,
    amountFen,
    ...(lines && { lines }),
    ...(given.occurredAt !== undefined && { givenAt: given.occurredAt }),
    occurredAt,
    recordedAt: basis.at,
    effectiveAt: step?.draft.effectiveAt ?? (backfill ? occurredAt : basis.at),
    ...partsOf(points, step),
    ...(step && placeOf(step, purchase.memberId)),
    clientId: by.clientId,
  };
  const clawedBack = purchase.clawedBack + points;
  const kept = returnOf(purchase, { returnedFen, clawedBack, ...(returnedLines && { returnedLines }) });
  return {
    writes: [addReturn(back), kept, ...(step ? [step.write] : [])],
    answer: view(back, purchase.amountFen - returnedFen),
  };
}

async function viewNow(back: PurchaseReturn): Promise<ReturnView> {
  const purchase = await findPurchase(back.purchase);
  if (!purchase) throw new Error('A return has a purchase.');
  return view(back, purchase.amountFen - purchase.returnedFen);
}

function sameAsked(known: PurchaseReturn, asked: Asked): boolean {
  if ('amountFen' in asked) return known.lines === undefined && known.amountFen === asked.amountFen;
  const lines = new Map(known.lines?.map(({ line, quantity }) => [line, quantity]));
  const same = asked.lines.every(
    ({ line, quantity }) => lines.has(line) && lines.get(line) === (quantity ?? lines.get(line)),
  );
  return same && lines.size === asked.lines.length;
}

/** The answer to a return that was taken before; another return under the same number is refused. */
async function takenBefore(given: ReturnReport): Promise<ReturnView | undefined> {
  const known = await findReturn(given.number);
  if (!known) return undefined;
  const same = known.purchase === given.purchase && known.givenAt === given.occurredAt;
  if (!same || !sameAsked(known, given.asked)) throw new Refusal('purchases.return_reused', { number: given.number });
  return viewNow(known);
}

/**
 * Takes a return and takes back what that part of its purchase had earned, in one transaction. The same return again
 * gets the same answer and takes nothing; another return under a known number is refused.
 */
export function reportReturn(given: ReturnReport, by: Reporter): Promise<Outcome<ReturnView>> {
  return exchange(
    (basis) => decide(given, by, basis),
    () => takenBefore(given),
  );
}

/** A return by its number. */
export async function returnNumbered(number: string): Promise<ReturnView> {
  const known = await findReturn(number);
  if (!known) throw new Refusal('purchases.return_not_found');
  return viewNow(known);
}

/** What a new return item says on the bus. */
export function announce(item: unknown): Announcement[] {
  return returnAnnouncements(item as PurchaseReturn);
}
