import { randomUUID } from 'node:crypto';
import { handler as onDayEnd } from '../../functions/points/on-day-end.ts';
import { handler as onHoldSweep } from '../../functions/points/on-hold-sweep.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { findSession, openSession } from '../../shared/auth/store.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import type { Contract, Row } from '../../shared/http/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { addDays, lapsesAt } from '../../shared/platform/calendar-day.ts';
import { secretDigest } from '../../shared/platform/digest.ts';
import { newId } from '../../shared/platform/ids.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { tell } from '../../shared/points/notices.ts';
import { noteLot } from '../../shared/points/points.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { head, LAPSE_PARTS, lapsing, passDone } from '../../shared/points/store.ts';
import { uploadsContract } from '../../shared/points/uploads/contract.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, asStaff, asTill, type CallOptions, call, type Who } from '../support/call.ts';
import { clock, ZONE } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { asImporter, buy, happens } from '../support/purchases.ts';
import { recordsOf } from '../support/staff.ts';
import { account, answered, type Operation, type Prepared, told } from './operation.ts';

/** A request under one key, however often it is sent. */
function request<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  options: CallOptions,
  ...figures: string[]
): Prepared['run'] {
  const key = randomUUID();
  return async () => told(await call(contract, name, { key, ...options }), ...figures);
}

/** A staff client of its own: acts of one client wait for each other. */
const someStaff = (...permissions: string[]): Who => ({
  ...asStaff(...permissions),
  id: `staff-${randomUUID().slice(0, 8)}`,
});
const shop = asTill('holds:write');
const CSV = { 'content-type': 'text/csv' };
const both = (memberId: string) => [account(memberId), account(memberId, 'COINS')];

/** How often this was recorded of the subject: as often as it was done. */
const records = (subject: string) => async () => (await recordsOf(subject)).map(({ act }) => act);

/** Lets something have happened at another time, so long as nothing else happens meanwhile. */
async function at<T>(instant: number, happen: () => Promise<T>): Promise<T> {
  const before = Date.now();
  clock(new Date(instant).toISOString());
  try {
    return await happen();
  } finally {
    clock(new Date(before).toISOString());
  }
}

const LINES = [
  { line: '1', quantity: 2, amountFen: 6_000 },
  { line: '2', quantity: 1, amountFen: 4_000, earns: false },
];

async function purchase(more: object, as: Who): Promise<Prepared> {
  const memberId = await memberWith(10);
  const body = { number: `N-${randomUUID()}`, amountFen: 10_000, member: { memberId }, ...more };
  const run = request(earningContract, 'report', { as, body }, 'purchaseId', 'points', 'lastDay', 'recordedAt');
  return { run, accounts: [account(memberId)] };
}

/** Somebody has spent the most of what a purchase earned before a part of it comes back. */
async function purchaseReturn(lines: object, asked: object): Promise<Prepared> {
  const { memberId, number, points } = await buy(lines);
  await happens(memberId, { kind: 'SPEND', amount: points - 10, reference: 'order:1' });
  const body = { number: `R-${randomUUID()}`, purchase: number, ...asked };
  const figures = ['returnId', 'points', 'taken', 'owed', 'leftFen', 'recordedAt'];
  const run = request(earningContract, 'reportReturn', { as: asTill(), body }, ...figures);
  const others = async () => {
    const read = await call(earningContract, 'read', { as: asTill(), params: { number } });
    return [read.body.returnedFen, read.body.clawedBack];
  };
  return { run, accounts: [account(memberId)], others };
}

async function give(): Promise<Prepared> {
  const [giver, receiver] = [await memberWith(100), await memberWith(10)];
  const body = { to: { memberId: receiver }, points: 60 };
  const run = request(
    pointsContract,
    'give',
    { as: asMember(giver), body },
    'transferId',
    'lots',
    'balanceAfter',
    'at',
  );
  return { run, accounts: [account(giver), account(receiver)] };
}

async function trade(): Promise<Prepared> {
  const memberId = await memberWith(350);
  const body = { from: 'POINTS', to: 'COINS', points: 350 };
  const figures = ['exchangeId', 'taken', 'given', 'balanceAfter', 'at'];
  return {
    run: request(pointsContract, 'exchange', { as: asMember(memberId), body }, ...figures),
    accounts: both(memberId),
  };
}

async function adjustment(more: object) {
  const memberId = await memberWith(100);
  const as = someStaff('points.adjust', 'points.adjust_beyond');
  const options = { as, body: { memberId, reason: 'x', ...more } };
  const figures = ['adjustmentId', 'lots', 'owed', 'at'];
  const prepared = { accounts: [account(memberId)], others: records(memberId) };
  return { as, options, prepared: { ...prepared, run: request(pointsStaffContract, 'adjust', options, ...figures) } };
}

async function undo(more: object): Promise<Prepared> {
  const { as, options, prepared } = await adjustment(more);
  const { body } = await call(pointsStaffContract, 'adjust', options);
  const params = { adjustmentId: body.adjustmentId as string };
  const run = request(pointsStaffContract, 'undo', { as, params, body: { reason: 'y' } }, 'adjustmentId', 'undone');
  return { ...prepared, run };
}

async function freezing(row: 'freeze' | 'thaw'): Promise<Prepared> {
  const memberId = await memberWith(10);
  const options = { as: someStaff('points.freeze'), params: { memberId }, body: { reason: 'x' } };
  if (row === 'thaw') await call(pointsStaffContract, 'freeze', options);
  const run = request(pointsStaffContract, row, options, 'memberId', 'accounts');
  return { run, accounts: both(memberId), others: records(memberId) };
}

async function merge(): Promise<Prepared> {
  const [memberId, into] = [await memberWith(270), await memberWith(30)];
  await call(pointsContract, 'exchange', {
    as: asMember(memberId),
    body: { from: 'POINTS', to: 'COINS', points: 200 },
  });
  const options = { as: someStaff('members.merge'), params: { memberId }, body: { into, reason: 'x' } };
  const run = request(ordersContract, 'merge', options, 'memberId', 'into', 'accounts', 'at');
  return { run, accounts: [...both(memberId), ...both(into)], others: records(memberId) };
}

const wish = (memberId: string) => ({ as: shop, body: { member: { memberId }, points: 60, minutes: 1 } });

async function setAside(): Promise<Prepared> {
  const memberId = await memberWith(100);
  const run = request(holdsContract, 'make', wish(memberId), 'holdId', 'points', 'status', 'heldAt');
  return { run, accounts: [account(memberId)] };
}

async function held() {
  const memberId = await memberWith(100);
  const { body } = await call(holdsContract, 'make', wish(memberId));
  const params = { holdId: body.holdId as string };
  const others = async () => (await call(holdsContract, 'read', { as: shop, params })).body.status;
  return { params, accounts: [account(memberId)], others };
}

async function ending(row: 'capture' | 'release', body?: object): Promise<Prepared> {
  const { params, ...prepared } = await held();
  const run = request(holdsContract, row, { as: shop, params, body }, 'holdId', 'status', 'ended');
  return { ...prepared, run };
}

async function sweep(): Promise<Prepared> {
  const { params: _, ...prepared } = await at(Date.now() - 120_000, held);
  // That it has timed out is read as soon as it is true; that its points are back is what the sweep writes.
  return {
    accounts: prepared.accounts,
    run: () =>
      answered(async () => {
        await onHoldSweep();
        return null;
      }),
  };
}

async function openingBalance(): Promise<Prepared> {
  const rawBody = `externalId,points,lastDay\nN-${randomUUID()},50,2027-12-31`;
  const accounts: Prepared['accounts'] = [];
  const key = randomUUID();
  const as = someStaff('points.import');
  return {
    async run() {
      const answer = await call(uploadsContract, 'openingBalances', { as, key, rawBody, headers: CSV });
      const [result] = (answer.body.results ?? []) as { memberId: string }[];
      if (result) accounts.splice(0, 1, account(result.memberId));
      return told(answer, 'rows', 'points', 'refused');
    },
    accounts,
  };
}

async function grants(members: number): Promise<Prepared> {
  const ids = await Promise.all(Array.from({ length: members }, () => memberWith(10)));
  const batch = `b-${randomUUID().slice(0, 8)}`;
  const rawBody = ['memberId,points,lastDay', ...ids.map((id) => `${id},50,2027-12-31`)].join('\n');
  const options = { as: someStaff('points.import'), query: { batch, reason: 'x' }, rawBody, headers: CSV };
  const run = request(uploadsContract, 'grants', options, 'batch', 'rows', 'points', 'refused');
  return {
    run,
    accounts: ids.map((id) => account(id)),
    // Each sending that makes a row count is recorded: one that was stopped between two rows, and the one after it.
    others: async () => [...new Set(await records(batch)())],
    ...(members > 1 && { inPieces: true }),
  };
}

/** Ends of days that are not each other's neighbours: each makes up for seven days. */
let dayEnds = 0;

async function dayEnd(): Promise<Prepared> {
  dayEnds += 1;
  const lastDay = addDays('1992-01-01', dayEnds * 8);
  const today = addDays(lastDay, 1);
  const to = await at(lapsesAt(lastDay, ZONE) - 3_600_000, async () => {
    const one = account(await memberWith(1));
    const earning = { kind: 'EARN', amount: 100, lastDay, rule: 'BASE@1', reference: 'purchase:1' } as const;
    await happens(one.memberId, earning);
    await noteLot(one, lastDay);
    return one;
  });
  const done = [2, 3, 4, 5, 6, 7].map((ago) => passDone({ lastDay: addDays(today, -ago), what: 'LAPSE' }));
  const told = Array.from({ length: 31 }, (_, ahead) => {
    const due = [1, 7, 30].find((days) => days >= ahead);
    return passDone({ lastDay: addDays(today, ahead), what: `NOTICE-${due}` });
  });
  await Promise.all([...done, ...told]);
  const scheduledAt = new Date(lapsesAt(lastDay, ZONE)).toISOString();
  const run = () =>
    answered(async () => {
      await onDayEnd({ scheduledAt }, { getRemainingTimeInMillis: () => 900_000 });
      return null;
    });
  return { run, accounts: [to], others: async () => (await head(to, 'consistent'))?.after.totals.EXPIRE };
}

async function notice(): Promise<Prepared> {
  const memberId = await memberWith(100);
  const run = () =>
    answered(async () => {
      await tell(account(memberId), { lastDay: '2026-12-31', daysLeft: 30, due: 30 });
      return null;
    });
  const others = async () => {
    const { body } = await call(pointsContract, 'notices', { as: asMember(memberId) });
    return (body.items as { amount: number }[]).map(({ amount }) => amount);
  };
  return { run, accounts: [account(memberId)], others };
}

/** Noted in the lapse calendar, by hand of the reaction to a new lot. */
async function lotNoted(): Promise<Prepared> {
  const to = account(await memberWith(100));
  const lastDay = `${2_100 + Math.floor(Math.random() * 800)}-03-01`;
  const run = () =>
    answered(async () => {
      await noteLot(to, lastDay);
      return null;
    });
  const own = ({ memberId }: { memberId: string }) => memberId === to.memberId;
  const parts = Array.from({ length: LAPSE_PARTS }, (_, part) => part);
  const others = async () => {
    const pages = await Promise.all(parts.map((part) => lapsing(lastDay, part, undefined)));
    return pages.flatMap(({ accounts }) => accounts).filter((one) => own(one)).length;
  };
  return { run, accounts: [to], others, inPieces: true };
}

async function logOut(): Promise<Prepared> {
  const memberId = await memberWith(100);
  const sessionId = `ses_${randomUUID()}`;
  const opened = { memberId, sessionId, refreshDigest: 'digest', expiresAt: Date.now() + 60_000 };
  await exchange(async () => ({ writes: [openSession(opened)], answer: null }));
  const run = request(authContract, 'logOut', { as: { ...asMember(memberId), sessionId } });
  const others = async () => (await findSession(memberId, sessionId))?.refreshDigest ?? '';
  return { run, accounts: [account(memberId)], others };
}

async function refresh(): Promise<Prepared> {
  const memberId = await memberWith(100);
  const sessionId = newId('ses');
  const opened = { memberId, sessionId, refreshDigest: secretDigest('secret'), expiresAt: Date.now() + 60_000 };
  await exchange(async () => ({ writes: [openSession(opened)], answer: null }));
  const body = { refreshToken: `${memberId}.${sessionId}.secret` };
  const run = request(authContract, 'refresh', { body }, 'refreshToken', 'memberId');
  const others = async () => (await findSession(memberId, sessionId))?.refreshDigest === opened.refreshDigest;
  return { run, accounts: [account(memberId)], others };
}

const adjusted = async (more: object) => (await adjustment(more)).prepared;
const UP = { direction: 'UP', points: 7 };
const DOWN = { direction: 'DOWN', points: 130, shortage: 'DEBT' };

/** Every route, and everything that wakes by itself, that moves points; redemptions stand with the movements. */
export const routes: Operation[] = [
  { name: 'purchase with lines', prepare: () => purchase({ lines: LINES }, asTill()) },
  { name: 'purchase of the past', prepare: () => purchase({ occurredAt: '2026-03-01T04:00:00.000Z' }, asImporter) },
  { name: 'return of an amount', prepare: () => purchaseReturn({}, { amountFen: 5_000 }) },
  { name: 'return of lines', prepare: () => purchaseReturn({ lines: LINES }, { lines: [{ line: '1', quantity: 1 }] }) },
  { name: 'give', prepare: give },
  { name: 'trade', prepare: trade },
  { name: 'adjustment up', prepare: () => adjusted(UP) },
  { name: 'adjustment down', prepare: () => adjusted(DOWN) },
  { name: 'undo of an up', prepare: () => undo(UP) },
  { name: 'undo of a down', prepare: () => undo(DOWN) },
  { name: 'freeze', prepare: () => freezing('freeze') },
  { name: 'thaw', prepare: () => freezing('thaw') },
  { name: 'members merge', prepare: merge },
  { name: 'set aside', prepare: setAside },
  { name: 'use all set aside', prepare: () => ending('capture') },
  { name: 'use a part set aside', prepare: () => ending('capture', { points: 45 }) },
  { name: 'give back what was set aside', prepare: () => ending('release') },
  { name: 'hold sweep', prepare: sweep },
  { name: 'opening balance', prepare: openingBalance },
  { name: 'grant', prepare: () => grants(1) },
  { name: 'grants to three', prepare: () => grants(3) },
  { name: 'day end', prepare: dayEnd },
  { name: 'notice', prepare: notice },
  { name: 'lot noted', prepare: lotNoted },
  { name: 'log out', prepare: logOut },
  { name: 'refresh', prepare: refresh },
];
