import { randomUUID } from 'node:crypto';
import { Refusal } from '../../errors.ts';
import { levelOf, secondsUntilRoom } from '../../platform/budget-windows.ts';
import { now } from '../../platform/clock.ts';
import { lookup } from '../../platform/ids.ts';
import { logger } from '../../platform/logger.ts';
import { networkOf } from '../../platform/networks.ts';
import { type Basis, exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { LOGIN_BUDGETS, TRIES_LIVE_SECONDS, waitSeconds } from '../rules.ts';
import { countLogin, countLoginBack, findTries, noteTries } from './store.ts';

/** That nobody may try for so long: the same for a network and for a name. */
function lockedFor(seconds: number): Refusal {
  return new Refusal('staff.locked', { waitSeconds: seconds, retryAfterSeconds: seconds });
}

/**
 * Counts a try of a name before it is looked at, so that however many come at once no more than are allowed are looked
 * at. Names that nobody has are counted alike.
 */
export async function countTry(nameDigest: string): Promise<void> {
  await exchange(async ({ at, reading }) => {
    const before = await findTries(nameDigest, reading);
    const { failures = 0, lockedUntil = 0 } = before && before.endsAt > at ? before : {};
    if (lockedUntil > at) throw lockedFor(Math.ceil((lockedUntil - at) / 1_000));
    const tries = {
      failures: failures + 1,
      lockedUntil: at + waitSeconds(failures + 1) * 1_000,
      endsAt: at + TRIES_LIVE_SECONDS * 1_000,
      attempt: randomUUID(),
    };
    return { writes: [noteTries(nameDigest, before, tries)], answer: null };
  });
}

/** The write by which the tries of a name are forgotten, as whoever has it has shown that they do. */
export async function forgetTries(nameDigest: string, { at, reading }: Basis, attempt: string): Promise<Write> {
  const forgotten = { failures: 0, lockedUntil: 0, endsAt: at, attempt };
  return noteTries(nameDigest, await findTries(nameDigest, reading), forgotten);
}

/** A try to log in that was counted for the network that it came from. */
interface CountedTry {
  budget: string;
  at: number;
}

/** Counts a try for its network before it is looked at, or refuses. What nobody can count is not looked at. */
async function countFrom(address: string): Promise<CountedTry> {
  const at = now();
  const limits = LOGIN_BUDGETS.NETWORK;
  const budget = `NETWORK#${await lookup('NETWORK', networkOf(address) ?? address)}`;
  const { counted, spent } = await countLogin(budget, at, limits);
  if (counted) return { budget, at };
  throw lockedFor(secondsUntilRoom(spent, limits, at));
}

/**
 * Takes back a try that was right, or was not looked at. What cannot be taken back stays counted, which costs the
 * network one try of an hour and nobody a login.
 */
async function takeBack({ budget, at }: CountedTry): Promise<void> {
  try {
    await countLoginBack(budget, at);
  } catch (error) {
    logger.warn('a try to log in was not taken back', error as Error);
  }
}

/**
 * Counts a try that was looked at and was wrong, for the whole programme, which refuses nobody: it only tells people;
 * each line becomes an alarm (infra/stacks/watch.ts).
 */
async function countWrong(): Promise<void> {
  const limits = LOGIN_BUDGETS.PROGRAMME;
  const { spent } = await countLogin('PROGRAMME', now(), limits);
  const percent = levelOf(spent.day, limits.day);
  if (percent !== undefined) logger.warn('many log-ins of staff fail', { percent, failed: spent.day });
}

/**
 * Looks at what somebody shows to say who they are. The try is counted for its network before its name, so that one
 * network cannot lock the names of many; only what was looked at and was wrong stays counted there.
 */
export async function lookFrom<T>(address: string, look: () => Promise<T>): Promise<T> {
  const counted = await countFrom(address);
  try {
    const found = await look();
    await takeBack(counted);
    return found;
  } catch (error) {
    const code = error instanceof Refusal ? error.code : undefined;
    if (code === 'staff.login_failed') await countWrong();
    if (code === 'staff.locked') await takeBack(counted);
    throw error;
  }
}
