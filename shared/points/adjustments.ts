import { Refusal } from '../errors.ts';
import { mustHaveAccount } from '../members/members.ts';
import { type Day, dayOf } from '../platform/calendar-day.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { lastDayFor, mustHaveCurrency, programme } from '../programme/programme.ts';
import { type Approved, record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import { POINTS, sum } from './account.ts';
import { aloneWrite } from './adjusting-alone.ts';
import type { AdjustDown, AdjustUp } from './movements.ts';
import { move, type NextEntry } from './moving.ts';
import { reference } from './seal.ts';
import { type Adjustment, addAdjustment, findAdjustment, noteUndone } from './store.ts';
import { undoing } from './undoing.ts';

export type { Adjustment };

interface Common {
  memberId: string;
  currency?: string | undefined;
  points: number;
  reason: string;
}

/** What staff want to give, or to take. */
export type AdjustWish =
  | (Common & { direction: 'UP'; lastDay?: Day | undefined })
  | (Common & { direction: 'DOWN'; shortage?: AdjustDown['shortage'] | undefined });

/** The digests by which a repeat of a request is told from a reuse of its key. */
type Digests = Pick<Adjustment, 'key' | 'request'>;

async function digestsOf(by: By, asked: unknown): Promise<Digests> {
  return { key: await requestDigest(by), request: await requestDigest(asked) };
}

/** The last day of points that are granted on this day; a currency that the programme does not have is refused. */
async function lastDayOn(currency: string, today: Day): Promise<Day> {
  return lastDayFor(mustHaveCurrency(await programme(), currency).expiry, today);
}

async function movementOf(adjustmentId: string, wish: AdjustWish, today: Day): Promise<AdjustUp | AdjustDown> {
  const byPolicy = await lastDayOn(wish.currency ?? POINTS, today);
  const common = { amount: wish.points, reference: reference('adjustment', adjustmentId) };
  if (wish.direction === 'DOWN') return { kind: 'ADJUST_DOWN', ...common, shortage: wish.shortage ?? 'REFUSE' };
  return { kind: 'ADJUST_UP', ...common, lots: { [wish.lastDay ?? byPolicy]: wish.points } };
}

/** What an adjustment did and what became of it, as the records of staff seal it. */
function stateOf({ adjustmentId, currency, direction, amount, lots, owed, lost, version, undone }: Adjustment) {
  return { adjustmentId, currency, direction, amount, lots, owed, lost, version, undone };
}

/** Refuses to give what is over already, and to take where nothing is. */
function check({ draft }: NextEntry): void {
  const today = dayOf(draft.effectiveAt, setting('TIME_ZONE'));
  const into = draft.kind === 'ADJUST_UP' ? Object.keys({ ...draft.draws, ...draft.parts.lapsed }) : [];
  const over = into.find((lot) => lot < today);
  if (over !== undefined) throw new Refusal('points.lapsed_day', { lastDay: over });
  if ((draft.parts.lost ?? 0) === draft.amount) {
    throw new Refusal('points.insufficient', { missing: draft.amount, available: 0 });
  }
}

/** What lets somebody adjust beyond the limits of the programme: a second person, or that they may do it alone. */
export interface Leave {
  second?: Approved | undefined;
  alone?: boolean | undefined;
}

/** Whose adjustment this is, of which request, and with whose leave. */
interface Asked {
  by: By;
  digests: Digests;
  leave: Leave;
}

async function decide(adjustmentId: string, wish: AdjustWish, { by, digests, leave }: Asked, basis: Basis) {
  const { memberId, currency = POINTS, direction, reason } = wish;
  const { second, alone = false } = leave;
  await mustHaveAccount(memberId, basis);
  const counted = second || alone ? [] : [await aloneWrite(by.caller, wish.points, basis)];
  const movement = await movementOf(adjustmentId, wish, dayOf(basis.at, setting('TIME_ZONE')));
  const step = await move({ memberId, currency }, movement, basis);
  check(step);
  const { draws, parts, recordedAt } = step.draft;
  const adjustment: Adjustment = {
    adjustmentId,
    memberId,
    currency,
    direction,
    amount: movement.amount,
    lots: draws,
    ...('shortage' in movement && { shortage: movement.shortage }),
    reason,
    seq: step.seq,
    ...(step.memberId !== memberId && { heirId: step.memberId }),
    owed: parts.owed ?? 0,
    lost: parts.lost ?? 0,
    lapsed: step.lapsed,
    by: by.caller,
    at: recordedAt,
    ...digests,
    version: 1,
  };
  const act = { act: 'points-staff.adjust', subject: memberId, why: reason, approval: second?.approvalId };
  const told = await record({ clientId: second?.by ?? by.caller, ...act, after: stateOf(adjustment) }, basis);
  const used = second ? [second.use(adjustmentId, basis.at)] : [];
  return { writes: [...used, addAdjustment(adjustment), step.write, ...counted, told], answer: adjustment };
}

/**
 * Gives or takes points. The same key again gets the same adjustment; another wish under it is refused. What was
 * approved is done by whoever has not been overtaken by another decision.
 */
export async function adjust(wish: AdjustWish, by: By, leave: Leave = {}): Promise<Outcome<Adjustment>> {
  const adjustmentId = await idUnderKey('adj', by.caller, by.route, by.key);
  const digests = await digestsOf(by, wish);
  return exchange(
    (basis) => decide(adjustmentId, wish, { by, digests, leave }, basis),
    async () => {
      if (leave.second) return undefined;
      const made = await findAdjustment(adjustmentId);
      if (made && made.request !== digests.request) throw new Refusal('request.key_reused');
      return made;
    },
  );
}

/** An adjustment by its id. */
export async function adjustmentOf(adjustmentId: string): Promise<Adjustment> {
  const found = await findAdjustment(adjustmentId);
  if (!found) throw new Refusal('points.adjustment_not_found');
  return found;
}

/** Why an adjustment is undone, and what happens where points that it gave are gone. */
export interface UndoWish {
  reason: string;
  shortage?: AdjustDown['shortage'] | undefined;
}

async function decideUndo(before: Adjustment, wish: UndoWish, by: By, digests: Digests, basis: Basis) {
  const { memberId } = before;
  if (before.undone) throw new Refusal('points.adjustment_undone');
  const { reason, shortage = 'REFUSE' } = wish;
  const step = await undoing(before, shortage, basis);
  if (before.direction === 'UP') check(step);
  const undone = {
    seq: step.seq,
    ...(step.memberId !== memberId && { heirId: step.memberId }),
    at: step.draft.recordedAt,
    by: by.caller,
    reason,
    owed: step.draft.parts.owed ?? 0,
    lapsed: sum(step.draft.parts.lapsed ?? {}),
    ...digests,
  };
  const after: Adjustment = { ...before, version: before.version + 1, undone };
  const act = { clientId: by.caller, act: 'points-staff.undo', subject: memberId, why: reason };
  const told = await record({ ...act, before: stateOf(before), after: stateOf(after) }, basis);
  return { writes: [noteUndone(after), step.write, told], answer: after };
}

/** Undoes an adjustment, once. The same key again gets the same answer. */
export async function undo(adjustmentId: string, wish: UndoWish, by: By): Promise<Outcome<Adjustment>> {
  const digests = await digestsOf(by, wish);
  return exchange(
    async (basis) => decideUndo(await adjustmentOf(adjustmentId), wish, by, digests, basis),
    async () => {
      const made = await adjustmentOf(adjustmentId);
      if (made.undone?.key !== digests.key) return undefined;
      if (made.undone.request !== digests.request) throw new Refusal('request.key_reused');
      return made;
    },
  );
}
