import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { addDays, dayOf } from '../../../shared/platform/calendar-day.ts';
import { pointsContract } from '../../../shared/points/contract.ts';
import { holdsContract } from '../../../shared/points/holds/contract.ts';
import { sweepHolds } from '../../../shared/points/holds/sweep.ts';
import { uploadsContract } from '../../../shared/points/uploads/contract.ts';
import { asMember, asStaff, asTill, type Called, call } from '../../support/call.ts';
import { clock, ZONE } from '../../support/mall.ts';

const START = Date.parse('2026-12-30T04:00:00.000Z');
const GRACE_DAYS = 30;
const shop = asTill('holds:write');

/** What a shop, time, and the sweep do; `nth` says which of the holds so far. */
export type Step =
  | { does: 'hold'; points: number; minutes: number }
  | { does: 'capture'; nth: number; points: number }
  | { does: 'release'; nth: number }
  | { does: 'again' }
  | { does: 'wait'; minutes: number }
  | { does: 'sweep' };

const points = fc.integer({ min: 1, max: 120 });
const nth = fc.integer({ min: 0, max: 3 });
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('hold' as const), points, minutes: fc.constantFrom(1, 15, 1_440) }),
    fc.record({ does: fc.constant('capture' as const), nth, points }),
    fc.record({ does: fc.constant('release' as const), nth }),
    fc.record({ does: fc.constant('again' as const) }),
    fc.record({ does: fc.constant('wait' as const), minutes: fc.constantFrom(1, 14, 600, 1_500) }),
    fc.record({ does: fc.constant('sweep' as const) }),
  ),
  { minLength: 1, maxLength: 10 },
);

interface ModelHold {
  draws: [day: string, amount: number][];
  points: number;
  until: number;
  status: string;
}

/** The plainest mall there can be: lots in a list, holds in a list. */
class Model {
  at = START;
  lots: Record<string, number> = { '2026-12-31': 60, '2027-12-31': 100 };
  holds: ModelHold[] = [];

  get today(): string {
    return dayOf(this.at, ZONE);
  }

  lapse(): void {
    for (const lot of Object.keys(this.lots)) if (lot.slice(0, 10) < this.today) delete this.lots[lot];
  }

  hold(wanted: number, minutes: number): string {
    const there = Object.values(this.lots).reduce((sum, amount) => sum + amount, 0);
    if (there < wanted) return '409 points.insufficient';
    let left = wanted;
    const draws: ModelHold['draws'] = [];
    for (const lot of Object.keys(this.lots).toSorted()) {
      const part = Math.min(left, this.lots[lot] ?? 0);
      if (part > 0) draws.push([lot, part]);
      this.lots[lot] = (this.lots[lot] ?? 0) - part;
      if (this.lots[lot] === 0) delete this.lots[lot];
      left -= part;
    }
    this.holds.push({ draws, points: wanted, until: this.at + minutes * 60_000, status: 'HELD' });
    return '201 HELD';
  }

  end(hold: ModelHold, captured: number, status: string): string {
    let rest = hold.points - captured;
    for (const [lot, amount] of hold.draws.toReversed()) {
      const part = Math.min(rest, amount);
      rest -= part;
      const isOver = lot.slice(0, 10) < this.today;
      const target = isOver ? `${addDays(this.today, GRACE_DAYS)}g` : lot;
      if (part > 0 && !(isOver && status === 'TIMED_OUT')) this.lots[target] = (this.lots[target] ?? 0) + part;
    }
    hold.status = status;
    return `200 ${status}`;
  }

  endBy(hold: ModelHold | undefined, captured: number, status: string): string {
    if (!hold) return '404 points.hold_not_found';
    if (hold.status !== 'HELD' || this.at >= hold.until) return '409 points.hold_ended';
    if (captured > hold.points) return '409 points.hold_exceeded';
    return this.end(hold, captured, status);
  }

  sweep(): void {
    for (const hold of this.holds) if (hold.status === 'HELD' && this.at >= hold.until) this.end(hold, 0, 'TIMED_OUT');
  }
}

async function newMember(): Promise<string> {
  const who = randomUUID();
  const rawBody = `externalId,points,lastDay\n${who},60,2026-12-31\n${who},100,2027-12-31`;
  const { body } = await call(uploadsContract, 'openingBalances', {
    as: asStaff('points.import'),
    rawBody,
    headers: { 'content-type': 'text/csv' },
  });
  return (body.results as { memberId: string }[])[0]?.memberId ?? '';
}

const told = ({ status, body }: Called) => `${status} ${String(body.code ?? body.status)}`;
const NONE = 'hld_00000000000000000000000000';

/** Runs the steps through the API and through the model, and holds one against the other after each. */
export async function follow(given: readonly Step[]): Promise<void> {
  clock(new Date(START).toISOString());
  const [memberId, model, ids]: [string, Model, string[]] = [await newMember(), new Model(), []];
  let last: { send: () => Promise<Called>; told: string } | undefined;

  const ask = async (send: () => Promise<Called>, expected: string): Promise<Called> => {
    const answer = await send();
    expect(told(answer)).toBe(expected);
    last = { send, told: expected };
    return answer;
  };
  const end = (name: 'capture' | 'release', at: number, body?: object) => {
    const key = randomUUID();
    return () =>
      call(holdsContract, name, { as: shop, params: { holdId: ids[at] ?? NONE }, key, ...(body && { body }) });
  };

  const take = async (step: Step): Promise<void> => {
    if (step.does === 'wait') model.at += step.minutes * 60_000;
    clock(new Date(model.at).toISOString());
    model.lapse();
    if (step.does === 'hold') {
      const key = randomUUID();
      const body = { member: { memberId }, points: step.points, minutes: step.minutes };
      const expected = model.hold(step.points, step.minutes);
      const answer = await ask(() => call(holdsContract, 'make', { as: shop, key, body }), expected);
      if (answer.status === 201) ids.push(answer.body.holdId as string);
    }
    if (step.does === 'capture') {
      const expected = model.endBy(model.holds[step.nth], step.points, 'CAPTURED');
      await ask(end('capture', step.nth, { points: step.points }), expected);
    }
    if (step.does === 'release') await ask(end('release', step.nth), model.endBy(model.holds[step.nth], 0, 'RELEASED'));
    if (step.does === 'again' && last?.told.startsWith('2')) {
      expect((await last.send()).headers['idempotency-replayed']).toBe('true');
    }
    if (step.does === 'sweep') {
      expect((await sweepHolds()).failed).toBe(0);
      model.sweep();
    }
  };

  const compare = async (): Promise<void> => {
    const { body } = await call(pointsContract, 'account', { as: asMember(memberId) });
    const lots = (body.lots as { lastDay: string; amount: number; grace: boolean }[]).map(
      ({ lastDay, amount, grace }) => [`${lastDay}${grace ? 'g' : ''}`, amount] as const,
    );
    expect(Object.fromEntries(lots)).toEqual(model.lots);
    const open = model.holds.filter(({ status }) => status === 'HELD');
    expect(body.held).toBe(open.reduce((sum, hold) => sum + hold.points, 0));
    for (const [i, holdId] of ids.entries()) {
      const hold = model.holds[i];
      const isOver = hold?.status === 'HELD' && model.at >= hold.until;
      const { body: seen } = await call(holdsContract, 'read', { as: shop, params: { holdId } });
      expect(seen.status).toBe(isOver ? 'TIMED_OUT' : hold?.status);
    }
  };

  for (const step of given) {
    await take(step);
    await compare();
  }
  for (const last of [{ does: 'wait', minutes: 1_500 }, { does: 'sweep' }] as const) await take(last);
  await compare();
}
