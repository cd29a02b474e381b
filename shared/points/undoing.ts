import { Refusal } from '../errors.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { setting } from '../platform/settings.ts';
import { expiryOf, lastDayFor, lastGraceDay, programme } from '../programme/programme.ts';
import type { Basis } from '../table/commit.ts';
import { inOrder, lastDayOf, moved, sum } from './account.ts';
import type { AdjustDown, AdjustUp } from './movements.ts';
import { move, type NextEntry } from './moving.ts';
import { reference } from './seal.ts';
import { type Adjustment, entryAt } from './store.ts';

/** How much of a debt was paid by what an adjustment gave. */
async function debtPaidBy({ memberId, heirId = memberId, currency, seq }: Adjustment): Promise<number> {
  const entry = await entryAt({ memberId: heirId, currency }, seq, 'consistent');
  if (!entry) throw new Error('An adjustment names an entry that is not there.');
  return entry.parts.debtPaid ?? 0;
}

/**
 * Takes back what an adjustment gave: from its own lots before others. What it paid off a debt is owed again; what was
 * spent since then is the shortage. What has lapsed since then is gone, and nobody's other points are taken for it.
 */
async function takeBack(given: Adjustment, shortage: AdjustDown['shortage'], basis: Basis): Promise<NextEntry> {
  const { adjustmentId, memberId, currency, amount, lots } = given;
  const taking: AdjustDown = {
    kind: 'ADJUST_DOWN',
    amount,
    first: lots,
    reference: reference('undo', adjustmentId),
    shortage: shortage === 'CLAMP' ? 'CLAMP' : 'DEBT',
  };
  const step = await move({ memberId, currency }, taking, basis);
  const today = dayOf(step.draft.effectiveAt, setting('TIME_ZONE'));
  const over = Object.keys(lots).find((lot) => lastDayOf(lot) < today);
  if (over !== undefined) throw new Refusal('points.lapsed_day', { lastDay: lastDayOf(over) });
  const owed = step.draft.parts.owed ?? 0;
  const missing = shortage === 'REFUSE' && owed > 0 ? owed - (await debtPaidBy(given)) : 0;
  if (missing > 0) throw new Refusal('points.insufficient', { missing, available: amount - owed });
  return step;
}

/**
 * Gives back what an adjustment took, into the lots that it drew; as much of its debt as the member has paid meanwhile
 * comes back as points that are granted today. What is still owed goes into the earliest lot of these, where it pays.
 */
async function giveBack(taken: Adjustment, basis: Basis): Promise<NextEntry> {
  const { adjustmentId, memberId, currency, lots, owed } = taken;
  const rules = await programme();
  const today = dayOf(basis.at, setting('TIME_ZONE'));
  const expiry = expiryOf(rules, currency);
  if (!expiry) throw new Error('The programme has lost a currency.');
  const fresh = lastDayFor(expiry, today);
  const graceUntil = lastGraceDay(rules, today);
  const giving = (stillOwed: number): AdjustUp => {
    const given = moved(lots, fresh, owed - stillOwed);
    const [earliest = fresh] = inOrder(given).map(([lot]) => lot);
    return {
      kind: 'ADJUST_UP',
      amount: sum(lots) + owed,
      lots: moved(given, earliest, stillOwed),
      reference: reference('undo', adjustmentId),
      ...(graceUntil && { graceUntil }),
    };
  };
  const step = await move({ memberId, currency }, giving(owed), basis);
  const paid = Math.min(owed, step.draft.parts.debtPaid ?? 0);
  return paid === owed ? step : move({ memberId, currency }, giving(paid), basis);
}

/** Decides the movement that undoes an adjustment. */
export function undoing(adjustment: Adjustment, shortage: AdjustDown['shortage'], basis: Basis): Promise<NextEntry> {
  return adjustment.direction === 'UP' ? takeBack(adjustment, shortage, basis) : giveBack(adjustment, basis);
}
