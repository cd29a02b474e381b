import { Refusal } from '../errors.ts';
import type { Bilingual } from '../platform/bilingual.ts';
import { addDays, type Day, dayOf } from '../platform/calendar-day.ts';
import { elapsed, now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import { type Approved, record } from '../staff/staff.ts';
import { exchange, type Outcome } from '../table/commit.ts';
import type { Policy } from './contract.ts';
import { initialPolicy } from './initial-policy.ts';
import { type Expiry, faultsOf, lastDayFor, pointsFor, removedCurrencies } from './rules.ts';
import { add, findVersion, newest, type Programme } from './store.ts';

export type { Programme };
export { lastDayFor, pointsFor };

/** For how long a container goes by the version that it has read. A change is answered after that. */
const IN_FORCE_MS = 1_000;

let known: { programme: Programme; readAt: number } | undefined;

/** The programme in force: at most a second old, and never older than the last change that was answered. */
export async function programme(): Promise<Programme> {
  const askedAt = elapsed();
  if (known && askedAt - known.readAt < IN_FORCE_MS) return known.programme;
  const found = (await newest()) ?? { version: 0, ...initialPolicy };
  known = { programme: found, readAt: askedAt };
  return found;
}

/** What the currency's expiry policy is, or undefined for a currency that the programme does not have. */
export function expiryOf({ currencies }: Programme, currency: string): Expiry | undefined {
  return currencies.find(({ code }) => code === currency)?.expiry;
}

/** Until when points that come back after their last day, by the shop's doing, count: undefined where the programme gives no grace. */
export function lastGraceDay({ refund }: Programme, today: Day): Day | undefined {
  return refund.policy === 'ORIGINAL_LOT_WITH_GRACE' ? addDays(today, refund.graceDays) : undefined;
}

/** How many points staff adjust at once without a second person, where the programme does not say. */
const MAX_POINTS_ALONE = 10_000;

/** How many points staff may adjust at once without a second person. */
export function adjustmentLimit({ adjustments }: Programme): number {
  return adjustments?.maxPointsAlone ?? MAX_POINTS_ALONE;
}

/** The codes of all currencies. */
export function currencyCodes({ currencies }: Programme): readonly string[] {
  return currencies.map(({ code }) => code);
}

/** The currency of this code; one that the programme does not have is refused. */
export function mustHaveCurrency({ currencies }: Programme, currency: string): Programme['currencies'][number] {
  const found = currencies.find(({ code }) => code === currency);
  if (found) return found;
  const errors = [{ in: 'body', path: 'currency', message: 'is no currency of the programme' }];
  throw new Refusal('request.invalid', { errors });
}

/** What members call a currency. */
export function currencyName({ currencies }: Programme, currency: string): Bilingual {
  return currencies.find(({ code }) => code === currency)?.name ?? { zh: currency, en: currency };
}

/** The programme as of this version: what was granted under it is worked out under it. */
export async function programmeAt(version: number): Promise<Programme> {
  const found = version === 0 ? { version, ...initialPolicy } : await findVersion(version);
  if (!found) throw new Error(`The programme has no version ${version}.`);
  return found;
}

export interface Change extends Policy {
  version?: number | undefined;
  timeZone?: string | undefined;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, IN_FORCE_MS));
}

/** What lets somebody change the programme: a second person, or that they may do it alone. */
export interface Leave {
  second?: Approved | undefined;
  alone?: boolean | undefined;
}

/** Refuses a change that would not be made, whoever approves it; gives it with the version that it is made from. */
export async function checkChange(change: Change): Promise<Change> {
  const { version: from, timeZone, ...policy } = change;
  const zone = setting('TIME_ZONE');
  if (timeZone !== undefined && timeZone !== zone) throw new Refusal('programme.zone_fixed', { timeZone: zone });
  const faults = faultsOf(policy, dayOf(now(), zone));
  if (faults.length > 0) throw new Refusal('programme.invalid', { errors: faults });
  const before = (await newest()) ?? { version: 0, ...initialPolicy };
  if (from !== undefined && from !== before.version) throw new Refusal('programme.moved', { version: before.version });
  const removed = removedCurrencies(before, policy);
  if (removed.length > 0) throw new Refusal('programme.invalid', { errors: removed });
  return { version: before.version, ...policy };
}

/**
 * Makes the change the next version. It answers once every container has forgotten the version before, so whoever
 * has the answer finds the change in force everywhere.
 */
export async function replace(change: Change, by: string, { second, alone }: Leave = {}): Promise<Outcome<Programme>> {
  const outcome = await exchange(async (basis) => {
    const { version = 0, ...policy } = await checkChange(change);
    if (!second && !alone) throw new Refusal('staff.approval_needed');
    const before = version === 0 ? { version, ...initialPolicy } : await programmeAt(version);
    const answer = { version: version + 1, ...policy };
    const act = { act: 'programme.replace', subject: 'programme', approval: second?.approvalId, before, after: answer };
    const told = await record({ clientId: second?.by ?? by, ...act }, basis);
    const used = second ? [second.use(String(answer.version), basis.at)] : [];
    return { writes: [...used, add(answer, by, basis.at), told], answer };
  });
  known = undefined;
  await pause();
  return outcome;
}
