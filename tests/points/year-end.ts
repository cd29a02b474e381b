import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { available, sum } from '../../shared/points/account.ts';
import { endDay } from '../../shared/points/day-end.ts';
import type { Amounted } from '../../shared/points/movements.ts';
import { type AccountId, balance, moveOnce, noteLot, POINTS } from '../../shared/points/points.ts';
import { head } from '../../shared/points/store.ts';
import { exchange } from '../../shared/table/commit.ts';
import { clock } from '../support/mall.ts';
import { patiently } from '../support/patience.ts';
import { trouble } from '../support/table.ts';

interface World {
  year: number;
  accounts: AccountId[];
  atOnce: number;
}

const inAccount = (i: number) => 100 + (i % 50);

/** Does the work for each item, so many at once. */
export async function forAll<T>(items: readonly T[], atOnce: number, work: (item: T, i: number) => Promise<unknown>) {
  const waiting = items.entries();
  const worker = async () => {
    for (const [i, item] of waiting) await work(item, i);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Whether it happened: a refusal because points are short is an answer, too. */
async function write(account: AccountId, movement: Amounted): Promise<boolean> {
  const once = () =>
    exchange(async (basis) => {
      const found = await moveOnce(account, movement, basis);
      return { writes: 'step' in found ? [found.step.write] : [], answer: true };
    });
  try {
    return (await patiently(once)).answer;
  } catch (error) {
    if ((error as { code?: string }).code === 'points.insufficient') return false;
    throw error;
  }
}

/** Members of whom each carries points of this year's last day. */
export async function openYear({ year, members, atOnce }: { year: number; members: number; atOnce: number }) {
  clock(`${year}-06-01T04:00:00.000Z`);
  const accounts = Array.from({ length: members }, () => ({ memberId: `mem_${randomUUID()}`, currency: POINTS }));
  const lastDay = `${year}-12-31`;
  await forAll(accounts, atOnce, async (account, i) => {
    await write(account, { kind: 'EARN', amount: inAccount(i), lastDay, rule: 'BASE@0', reference: `purchase:${i}` });
    await patiently(() => noteLot(account, lastDay));
  });
  return { year, accounts, atOnce };
}

/** What somebody does around midnight: a fifth each spends, returns a purchase, earns for next year, or does nothing. */
function deed(year: number, i: number): Amounted | undefined {
  const lastDay = `${year}-12-31`;
  if (i % 5 === 0) return { kind: 'SPEND', amount: 60, reference: `order:${i}` };
  if (i % 5 === 1) return { kind: 'CLAWBACK', amount: 30, lastDay, shortage: 'DEBT', reference: `return:${i}` };
  if (i % 5 === 2)
    return { kind: 'EARN', amount: 7, lastDay: `${year + 1}-12-31`, rule: 'BASE@0', reference: `late:${i}` };
  return undefined;
}

/** The table goes away after so many calls: what a killed function is like to whoever looks at the table. */
async function killedAfter(calls: number, day: string): Promise<void> {
  const gone = trouble((call) => (call > calls ? new Error('killed') : undefined), { all: true });
  await endDay(day, () => true).catch(() => undefined);
  gone.mockRestore();
}

/** Runs the job again while an account was too busy, as its schedule does. */
async function untilFinished(day: string): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    if ((await patiently(() => endDay(day, () => true))).lapses.finished) return;
  }
  throw new Error('The end of the day does not finish.');
}

/** The year turns while members spend, return and earn, and the job is killed and started again. */
export async function expectYearEnd({ year, accounts, atOnce }: World, { kills }: { kills: number }): Promise<void> {
  const newYear = `${year + 1}-01-01`;
  const happened = new Map<number, boolean>();
  const act = (half: 0 | 1) =>
    forAll(accounts, atOnce, async (account, i) => {
      const movement = i % 2 === half ? deed(year, i) : undefined;
      if (movement) happened.set(i, await write(account, movement));
    });
  clock(`${year}-12-31T15:59:59.999Z`);
  await act(0);
  clock(`${year}-12-31T16:00:00.000Z`);
  for (let kill = 1; kill <= kills; kill += 1) await killedAfter(Math.floor((accounts.length / kills) * kill), newYear);
  await Promise.all([untilFinished(newYear), act(1)]);
  expect((await patiently(() => endDay(newYear, () => true))).lapses).toMatchObject({
    seen: 0,
    written: 0,
    finished: true,
  });
  await forAll(accounts, atOnce, (account, i) => each(account, i, happened.get(i) ?? false));
}

/** Nothing of the old year is left in what is written, and each of its points is spent, taken back or lapsed. */
async function each(account: AccountId, i: number, happened: boolean): Promise<void> {
  const newest = await patiently(() => head(account, 'consistent'));
  const { account: now } = await patiently(() => balance(account));
  expect(newest?.after, 'all is written down').toEqual(now);
  const { EARN = 0, SPEND = 0, CLAWBACK = 0, EXPIRE = 0, DEBT_PAID = 0 } = now.totals;
  expect(EARN, account.memberId).toBe(inAccount(i) + (i % 5 === 2 ? 7 : 0));
  expect(available(now) - now.debt).toBe(EARN - SPEND - CLAWBACK - EXPIRE);
  expect([DEBT_PAID, now.debt, available(now)]).toEqual([0, 0, i % 5 === 2 ? 7 : 0]);
  expect(SPEND).toBe(i % 5 === 0 && happened ? 60 : 0);
  expect(sum(now.lots)).toBe(available(now));
}
