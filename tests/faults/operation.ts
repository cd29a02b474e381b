import { randomUUID } from 'node:crypto';
import { errorRow, Refusal } from '../../shared/errors.ts';
import { available, pendingOf, sum } from '../../shared/points/account.ts';
import { type AccountId, balance, POINTS } from '../../shared/points/points.ts';
import type { Called } from '../support/call.ts';

/** What a caller is told. */
export interface Told {
  status: number;
  /** What the same key must say again. */
  figures: unknown;
  retryAfter?: string | undefined;
}

/** One operation, ready to be sent, again and again under its own key. */
export interface Prepared {
  run(): Promise<Told>;
  /** The accounts that it touches. */
  accounts: AccountId[];
  /** All else that it touches. */
  others?: () => Promise<unknown>;
  /** Done piece by piece: until it is told to be done, some of it may be and some not. */
  inPieces?: true;
}

export interface Operation {
  name: string;
  prepare(): Promise<Prepared>;
}

/** An account of a member. */
export const account = (memberId: string, currency = POINTS): AccountId => ({ memberId, currency });
/** An account of nobody yet. */
export const someone = (currency?: string) => account(`mem_${randomUUID()}`, currency);
export const LAST_DAY = '2027-12-31';

/** What the answer of a route says, with those figures that the same key must say again. */
export const told = ({ status, body, headers }: Called, ...figures: string[]): Told => ({
  status,
  figures: status < 300 ? figures.map((name) => body[name]) : body.code,
  retryAfter: headers['retry-after'],
});

const PASSING = /Timeout|Abort|ECONN|EPIPE|Throttl|Exceeded|InternalServerError|goes on|cannot be ended/;

/** Answers as a route would; what wakes by itself and fails is woken again. */
export async function answered(work: () => Promise<unknown>): Promise<Told> {
  try {
    return { status: 200, figures: await work() };
  } catch (error) {
    const { name, code, message } = error as { name: string; code?: string; message: string };
    if (error instanceof Refusal) {
      const { status, retryAfterSeconds } = errorRow(error.code);
      return { status, figures: code, retryAfter: retryAfterSeconds?.toString() };
    }
    if (PASSING.test(`${name} ${code} ${message}`)) return { status: 503, figures: code, retryAfter: '1' };
    throw error;
  }
}

/** What an account comes to, without what a look at it changes. */
export async function sumsOf(id: AccountId): Promise<Record<string, unknown>> {
  const { account: now } = await balance(id);
  const { debt, frozen = false, forfeits, lots } = now;
  return { available: available(now), lots, pending: pendingOf(now), held: sum(now.held), debt, frozen, forfeits };
}
