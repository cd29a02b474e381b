import type { Limits } from '../../platform/budget-windows.ts';
import { type Counted, type Counter, count, countBack } from '../../table/counts.ts';
import { keys } from '../../table/keys.ts';

const lookUps = (budget: string): Counter => ({
  key: (day) => keys.lookUps(budget, day),
  type: 'look-ups',
  budget,
  total: 'inVain',
});

/** Counts one look-up by phone, if there is room for it; what nobody can count is not looked up. */
export function countLookUp(budget: string, at: number, limits: Limits): Promise<Counted> {
  return count(lookUps(budget), at, limits, 'look-ups by phone cannot be counted, so none is made');
}

/** Takes back a look-up that was counted at this instant. */
export function countLookUpBack(budget: string, at: number): Promise<void> {
  return countBack(lookUps(budget), at);
}
