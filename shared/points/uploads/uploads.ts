import { type ErrorCode, errorRow, Refusal } from '../../errors.ts';
import { memberNamed, mergedUnder, mustHaveAccount, resolve } from '../../members/members.ts';
import { dayOf } from '../../platform/calendar-day.ts';
import { now } from '../../platform/clock.ts';
import { setting } from '../../platform/settings.ts';
import { lastDayFor, programme } from '../../programme/programme.ts';
import { record } from '../../staff/staff.ts';
import { type Basis, type Decision, exchange } from '../../table/commit.ts';
import { move, reference } from '../points.ts';
import { type Fault, fault } from './faults.ts';
import { readRows, rowKey, type Terms, twice, type UploadRow } from './rows.ts';
import { addGrant, type Grant, grantsOf } from './store.ts';

/** The batch of opening balances. */
export const OPENING = 'opening';
const AT_ONCE = 10;

/** A file of rows that staff send. */
export interface Upload {
  /** Under whose name each row counts once. */
  batch: string;
  csv: string;
  dryRun: boolean;
  /** Opening balances come with members that are not known yet, and with last days of their own. */
  opening: boolean;
  why?: string | undefined;
  by: string;
}

/** What became of a row. */
export interface RowResult {
  line: number;
  outcome: 'ACCEPTED' | 'KNOWN' | 'REFUSED';
  /** Null for a member that a dry run does not make. */
  memberId: string | null;
  currency: string;
  points: number;
  lastDay: string;
  code?: ErrorCode;
}

async function termsFor({ opening }: Upload): Promise<Terms> {
  const today = dayOf(now(), setting('TIME_ZONE'));
  const { currencies } = await programme();
  const policyDays = Object.fromEntries(currencies.map(({ code, expiry }) => [code, lastDayFor(expiry, today)]));
  return { today, needsLastDay: opening, policyDays };
}

function refuseIf(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Refusal('points.rows_invalid', { errors: faults.slice(0, 100) });
}

/** A row whose member was looked for. In the transaction of one that is `recorded` the request is recorded too. */
type NamedRow = UploadRow & { memberId: string | undefined; recorded?: true };

/** Does the work for each, a few at a time; what fails is thrown once nothing of it is under way any more. */
async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const settled = await Promise.allSettled(all.slice(from, from + AT_ONCE).map((one) => work(one)));
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason;
      done.push(one.value);
    }
  }
  return done;
}

/** Finds out who the rows are for; who is not known yet may only come with opening balances, and not by member id. */
async function named(rows: readonly UploadRow[], { opening }: Upload): Promise<NamedRow[]> {
  const found = await each(rows, async (row) => ({ ...row, memberId: await memberNamed(row.member, 'consistent') }));
  const unknown = found.filter(({ member, memberId }) => !memberId && (!opening || 'memberId' in member));
  const faults = unknown.map(({ line, member }) => fault(line, Object.keys(member)[0] ?? null, 'member_unknown'));
  const known = found.filter(({ memberId }) => memberId);
  refuseIf([...faults, ...twice(known, (row) => rowKey(row.memberId ?? '', row))]);
  return found;
}

function resultOf(row: UploadRow, outcome: RowResult['outcome'], memberId: string | null, lastDay = row.lastDay) {
  const { line, currency, points } = row;
  return { line, outcome, memberId, currency, points, lastDay };
}

/** What became of a row that counts already; with another amount it is refused. */
async function knownRow(row: UploadRow, batch: string, memberId: string): Promise<RowResult | undefined> {
  const { currency, lastDay, byPolicy, points } = row;
  const persons = [memberId, ...(await mergedUnder(memberId))];
  const grants = await Promise.all(persons.map((one) => grantsOf(batch, one)));
  const given = grants.flat().filter((one) => one.currency === currency);
  const same = given.find((one) => byPolicy && one.byPolicy) ?? given.find((one) => one.lastDay === lastDay);
  if (!same) return undefined;
  if (same.amount !== points) throw new Refusal('points.row_reused', { points: same.amount });
  return resultOf(row, 'KNOWN', memberId, same.lastDay);
}

/** The record of the request: who, which batch, why, and a digest of the file. */
function recordOf({ opening, batch, why, csv, by }: Upload, basis: Basis) {
  const act = opening ? 'uploads.openingBalances' : 'uploads.grants';
  return record({ clientId: by, act, subject: batch, why, after: csv }, basis);
}

/**
 * Decides one row: its document, its member where they are new, and its entry. Whether the row counts already is read
 * after the head: who counts it in between moves the chain.
 */
async function decideRow(row: NamedRow, given: Upload, basis: Basis): Promise<Decision<RowResult>> {
  const { batch, by, dryRun } = given;
  const { currency, lastDay, points, byPolicy } = row;
  const found = row.memberId === undefined ? await resolve(row.member, basis, 'UPLOAD') : undefined;
  const memberId = row.memberId ?? found?.memberId ?? '';
  const registration = found?.registration ?? [];
  const giving = {
    kind: 'ADJUST_UP',
    amount: points,
    lots: { [lastDay]: points },
    reference: reference('grant', `${batch}:${lastDay}`),
  } as const;
  const step = await move({ memberId, currency }, giving, basis);
  const known = await knownRow(row, batch, memberId);
  if (known) return { writes: [], answer: known };
  if ('memberId' in row.member) await mustHaveAccount(row.member.memberId, basis);
  const grant: Grant = {
    batch,
    memberId,
    ...(step.memberId !== memberId && { heirId: step.memberId }),
    currency,
    lastDay,
    ...(byPolicy && { byPolicy }),
    amount: points,
    seq: step.seq,
    by,
    at: basis.at,
  };
  const isNew = registration.length > 0;
  const answer = resultOf(row, 'ACCEPTED', dryRun && isNew ? null : memberId);
  if (dryRun) return { writes: [], answer };
  const told = row.recorded ? [await recordOf(given, basis)] : [];
  return { writes: [addGrant(grant), ...registration, step.write, ...told], answer };
}

/** Applies one row, once. What is decided against it is said in its result; what may pass is thrown. */
async function applyRow(row: NamedRow, given: Upload): Promise<RowResult> {
  const { batch } = given;
  try {
    const { answer } = await exchange(
      (basis) => decideRow(row, given, basis),
      async () => (row.memberId === undefined ? undefined : knownRow(row, batch, row.memberId)),
    );
    return answer;
  } catch (error) {
    if (!(error instanceof Refusal) || errorRow(error.code).status >= 500) throw error;
    return { ...resultOf(row, 'REFUSED', row.memberId ?? null), code: error.code };
  }
}

/**
 * Applies rows until one is accepted, and in its transaction records the request: a request of which nothing is
 * accepted leaves no record, and nothing is accepted without one.
 */
async function applyFirst(rows: readonly NamedRow[], given: Upload): Promise<RowResult[]> {
  const done: RowResult[] = [];
  for (const row of rows) {
    done.push(await applyRow({ ...row, recorded: true }, given));
    if (done.at(-1)?.outcome === 'ACCEPTED') break;
  }
  return done;
}

/** Applies all rows: those of one member one after the other, because at once they would only wait for each other. */
async function applyAll(rows: readonly NamedRow[], given: Upload): Promise<RowResult[]> {
  const first = await applyFirst(rows, given);
  const byMember = Map.groupBy(rows.slice(first.length), ({ member, memberId }) => memberId ?? JSON.stringify(member));
  const results = await each([...byMember.values()], async (own) => {
    const done: RowResult[] = [];
    for (const row of own) done.push(await applyRow(row, given));
    return done;
  });
  return [...first, ...results.flat()].toSorted((one, other) => one.line - other.line);
}

/**
 * Takes a file of rows. Anything wrong with its form: nothing of it is applied. Otherwise row by row, each in a
 * transaction of its own: stopped anywhere and sent again, each row counts once.
 */
export async function upload(given: Upload) {
  const { rows, faults } = readRows(given.csv, await termsFor(given));
  refuseIf(faults);
  const results = await applyAll(await named(rows, given), given);
  const of = (outcome: RowResult['outcome']) => results.filter((one) => one.outcome === outcome);
  const counted = [...of('ACCEPTED'), ...of('KNOWN')];
  return {
    batch: given.batch,
    dryRun: given.dryRun,
    rows: results.length,
    accepted: of('ACCEPTED').length,
    known: of('KNOWN').length,
    refused: of('REFUSED').length,
    points: counted.reduce((total, { points }) => total + points, 0),
    results,
  };
}
