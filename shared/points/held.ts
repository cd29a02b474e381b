import { unseal } from '../keyring/sealing.ts';
import { iso } from '../platform/clock.ts';
import { currencyCodes, programme } from '../programme/programme.ts';
import { notePlace } from './holds/store.ts';
import { holdsAtMost } from './personal.ts';
import type { Line } from './statement.ts';
import { type StatementPlace, statement } from './statements.ts';
import { type AccountId, findNotices } from './store.ts';

/** What is shown of each at most: an export is made within one call. */
const MOST = { lines: 10_000, holds: 1_000, notices: 1_000 } as const;
const PAGE = 500;

async function linesOf(account: AccountId, most: number): Promise<Line[]> {
  const found: Line[] = [];
  let place: StatementPlace | undefined;
  do {
    const page = await statement(account, Math.min(PAGE, most - found.length), place);
    found.push(...page.lines);
    place = page.next;
  } while (place !== undefined && found.length < most);
  return found;
}

/** What moved on a member's accounts, what was set aside for them, and what they were told, the newest first. */
export async function heldOn(memberId: string) {
  const lines: (Line & { currency: string })[] = [];
  for (const currency of currencyCodes(await programme())) {
    const account = { memberId, currency };
    if (lines.length === MOST.lines) break;
    lines.push(...(await linesOf(account, MOST.lines - lines.length)).map((line) => ({ ...line, currency })));
  }
  const holds = await holdsAtMost(memberId, MOST.holds);
  const notices = await findNotices(memberId, undefined, MOST.notices);
  return {
    statement: lines.map(({ currency, kind, amount, pending, balanceAfter, at, occurredAt, reference }) => ({
      currency,
      kind,
      amount,
      pending,
      balanceAfter,
      reference,
      at: iso(at),
      occurredAt: iso(occurredAt),
    })),
    holds: await Promise.all(
      holds.map(async ({ holdId, currency, amount, status, note, at }) => ({
        holdId,
        currency,
        points: amount,
        status,
        note: note === undefined ? null : await unseal(note, notePlace(holdId)),
        heldAt: iso(at),
      })),
    ),
    notices: notices.map(({ currency, lastDay, daysLeft, amount, at }) => ({
      currency,
      lastDay,
      daysLeft,
      amount,
      at: iso(at),
    })),
  };
}
