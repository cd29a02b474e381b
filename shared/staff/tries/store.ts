import type { Limits } from '../../platform/budget-windows.ts';
import { get, type Reading } from '../../table/client.ts';
import { type Counted, type Counter, count, countBack } from '../../table/counts.ts';
import { keys } from '../../table/keys.ts';
import { putWhen, type Write } from '../../table/writes.ts';

/** How often a user name was tried in vain, whoever has it. */
export interface Tries {
  failures: number;
  lockedUntil: number;
  /** From then on they are forgotten. */
  endsAt: number;
  /** Tells this try from all others: one that counted the same at the same instant is another. */
  attempt: string;
  version: number;
}

export function findTries(nameDigest: string, reading: Reading): Promise<Tries | undefined> {
  return get<Tries>(keys.staffTries(nameDigest), reading);
}

export function noteTries(nameDigest: string, before: Tries | undefined, tries: Omit<Tries, 'version'>): Write {
  const version = before?.version ?? 0;
  const item = { ...keys.staffTries(nameDigest), type: 'staff-tries', v: 1, ...tries, version: version + 1 };
  const withEnd = { ...item, expiresAtEpoch: Math.floor(tries.endsAt / 1_000) + 86_400 };
  return putWhen(withEnd, [['version', '=', version]], 'staff.moved');
}

const logins = (budget: string): Counter => ({
  key: (day) => keys.staffLogins(budget, day),
  type: 'staff-logins',
  budget,
  total: 'tries',
});

/** Counts one try to log in, if there is room for it; what nobody can count is not looked at. */
export function countLogin(budget: string, at: number, limits: Limits): Promise<Counted> {
  return count(logins(budget), at, limits, 'tries to log in cannot be counted, so none is looked at');
}

/** Takes back a try that was counted at this instant. */
export function countLoginBack(budget: string, at: number): Promise<void> {
  return countBack(logins(budget), at);
}
