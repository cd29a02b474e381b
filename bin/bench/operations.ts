import { dayEndOperations, fixedOperations } from './day-end-operations.ts';
import { documentOperations } from './document-operations.ts';
import { ledgerOperations } from './ledger-operations.ts';
import { loginOperations } from './login-operations.ts';
import type { Operation } from './measure.ts';
import { staffOperations } from './staff-operations.ts';

/** Every operation that is held to a budget; `now` is where the clock stands before and after. */
export function operations(clock: (at: string) => void, now: string): readonly Operation[] {
  return [
    ...ledgerOperations,
    ...documentOperations,
    ...staffOperations,
    ...loginOperations,
    ...dayEndOperations(clock, now),
  ];
}

/** The same, and what is measured without a budget because it takes long. */
export function allOperations(clock: (at: string) => void, now: string): readonly Operation[] {
  return [...operations(clock, now), ...fixedOperations(clock, now)];
}
