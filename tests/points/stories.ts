import { addDays, startOfDay } from '../../shared/platform/calendar-day.ts';
import type { Draft } from '../../shared/points/account.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { next } from '../../shared/points/rules.ts';

export const ZONE = 'Asia/Shanghai';

/** Noon of that day in the programme's zone. */
export const noon = (day: string): number => startOfDay(day, ZONE) + 12 * 3_600_000;

/** The last millisecond of that day. */
export const lastMoment = (day: string): number => startOfDay(addDays(day, 1), ZONE) - 1;

export const earn = (amount: number, lastDay: string, more: object = {}): Movement => ({
  kind: 'EARN',
  amount,
  lastDay,
  rule: 'BASE@1',
  reference: 'purchase:1',
  ...more,
});

export const spend = (amount: number): Movement => ({ kind: 'SPEND', amount, reference: 'order:1' });

/** Follows the movements in turn; each must be accepted. */
export function story(...steps: readonly (readonly [at: number, movement: Movement])[]): Draft {
  let head: Draft | undefined;
  for (const [now, movement] of steps) {
    const draft = next(head, movement, { now, zone: ZONE });
    if (draft instanceof Error) throw draft;
    head = draft;
  }
  if (!head) throw new Error('A story has a step.');
  return head;
}
