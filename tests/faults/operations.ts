import { randomUUID } from 'node:crypto';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import type { Entry, Lots } from '../../shared/points/account.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Amounted, Movement } from '../../shared/points/movements.ts';
import { type AccountId, move, moveOnce } from '../../shared/points/points.ts';
import { head } from '../../shared/points/store.ts';
import { type Basis, type Decision, exchange } from '../../shared/table/commit.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { gift, memberWith, somePhone } from '../support/people.ts';
import { account, answered, LAST_DAY, type Operation, someone, told } from './operation.ts';
import { routes } from './routes.ts';

async function write(to: AccountId, movement: Movement): Promise<Entry> {
  await exchange(async (basis) => ({ writes: [(await move(to, movement, basis)).write], answer: null }));
  return (await head(to, 'consistent')) as Entry;
}

const earnt = (amount: number, more: object = {}): Amounted => ({
  kind: 'EARN',
  amount,
  lastDay: LAST_DAY,
  rule: 'BASE@1',
  reference: `purchase:${randomUUID()}`,
  ...more,
});

/** A movement without a document of its own, after those that make it possible. */
function movement(name: string, made: (entries: Entry[]) => Amounted, ...before: Movement[]): Operation {
  return {
    name,
    async prepare() {
      const to = someone();
      const entries: Entry[] = [];
      for (const one of before) entries.push(await write(to, one));
      const what = made(entries);
      const decide = async (basis: Basis): Promise<Decision<unknown>> => {
        const done = await moveOnce(to, what, basis);
        if ('repeat' in done) return { writes: [], answer: [done.repeat.seq, done.repeat.amount], replayed: true };
        return { writes: [done.step.write], answer: [done.step.seq, done.step.draft.amount] };
      };
      return { run: () => answered(async () => (await exchange(decide)).answer), accounts: [to] };
    },
  };
}

/** Points that leave one account for another in one transaction. */
function between(
  name: string,
  giverOf: () => AccountId,
  takerOf: (giver: AccountId) => AccountId,
  kinds: ['TRANSFER_OUT' | 'EXCHANGE_OUT', 'TRANSFER_IN' | 'EXCHANGE_IN'],
): Operation {
  return {
    name,
    async prepare() {
      const giver = giverOf();
      const taker = takerOf(giver);
      await write(giver, earnt(100));
      const reference = `transfer:${randomUUID()}`;
      const decide = async (basis: Basis): Promise<Decision<unknown>> => {
        const out = await moveOnce(giver, { kind: kinds[0], amount: 60, party: taker.memberId, reference }, basis);
        if ('repeat' in out) return { writes: [], answer: [out.repeat.seq, out.repeat.amount], replayed: true };
        const lots: Lots = out.step.draft.draws;
        const into = await move(taker, { kind: kinds[1], amount: 60, party: giver.memberId, lots, reference }, basis);
        return { writes: [out.step.write, into.write], answer: [out.step.seq, 60] };
      };
      return { run: () => answered(async () => (await exchange(decide)).answer), accounts: [giver, taker] };
    },
  };
}

async function order() {
  const [memberId, productId] = [await memberWith(100), await gift()];
  const key = randomUUID();
  const place = () => call(ordersContract, 'place', { as: asMember(memberId), key, body: { productId } });
  const left = async () => {
    const { status, body } = await call(catalogContract, 'read', { params: { productId } });
    if (status !== 200) throw new Error(`The product is not read: ${status}`);
    return body.available;
  };
  return { memberId, place, left };
}

/** Every operation that moves points: add one here, and every fault is tried on it. */
export const operations: Operation[] = [
  {
    name: 'purchase of a new member',
    async prepare() {
      const body = { number: `N-${randomUUID()}`, amountFen: 12_860, member: { phone: somePhone() } };
      const key = randomUUID();
      const accounts: AccountId[] = [];
      return {
        async run() {
          const answer = await call(earningContract, 'report', { as: asTill(), key, body });
          if (answer.status === 201) accounts.splice(0, 1, account(answer.body.memberId as string));
          return told(answer, 'purchaseId', 'memberId', 'points', 'lastDay');
        },
        accounts,
      };
    },
  },
  {
    name: 'purchase',
    async prepare() {
      const memberId = await memberWith(10);
      const body = { number: `N-${randomUUID()}`, amountFen: 12_860, member: { memberId } };
      const key = randomUUID();
      const run = async () =>
        told(await call(earningContract, 'report', { as: asTill(), key, body }), 'purchaseId', 'points', 'recordedAt');
      return { run, accounts: [account(memberId)] };
    },
  },
  {
    name: 'redeem',
    async prepare() {
      const { memberId, place, left } = await order();
      const run = async () => told(await place(), 'orderId', 'points', 'placedAt');
      return { run, accounts: [account(memberId)], others: left };
    },
  },
  {
    name: 'cancel',
    async prepare() {
      const { memberId, place, left } = await order();
      const params = { orderId: (await place()).body.orderId as string };
      const key = randomUUID();
      const run = async () =>
        told(await call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), key, params }), 'orderId', 'refund');
      return { run, accounts: [account(memberId)], others: left };
    },
  },
  {
    name: 'read account',
    async prepare() {
      const memberId = await memberWith(10);
      const run = async () =>
        told(await call(pointsContract, 'account', { as: asMember(memberId) }), 'available', 'lots');
      return { run, accounts: [account(memberId)] };
    },
  },
  movement('earn', () => earnt(50), earnt(100)),
  movement('earn pending', () => earnt(50, { availableOn: '2027-01-15' }), earnt(100)),
  movement(
    'activate',
    () => ({ kind: 'ACTIVATE', amount: 30, lastDay: LAST_DAY, reference: `activation:${randomUUID()}` }),
    earnt(50, { availableOn: 'EVENT' }),
  ),
  movement('spend', () => ({ kind: 'SPEND', amount: 60, reference: `order:${randomUUID()}` }), earnt(100)),
  movement(
    'refund',
    ([, spent]) => ({ kind: 'REFUND', amount: 40, from: spent?.draws ?? {}, reference: `cancel:${randomUUID()}` }),
    earnt(100),
    { kind: 'SPEND', amount: 60, reference: 'order:1' },
  ),
  movement(
    'clawback',
    () => ({ kind: 'CLAWBACK', amount: 100, lastDay: LAST_DAY, shortage: 'DEBT', reference: `return:${randomUUID()}` }),
    earnt(100),
    { kind: 'SPEND', amount: 60, reference: 'order:1' },
  ),
  movement('hold', () => ({ kind: 'HOLD', amount: 60, reference: `hold:${randomUUID()}` }), earnt(100)),
  movement(
    'capture',
    ([, held]) => ({
      kind: 'CAPTURE',
      amount: 45,
      hold: held?.seq ?? 0,
      from: held?.draws ?? {},
      reference: `capture:${randomUUID()}`,
    }),
    earnt(100),
    { kind: 'HOLD', amount: 60, reference: 'hold:1' },
  ),
  movement(
    'release',
    ([, held]) => ({
      kind: 'RELEASE',
      amount: 60,
      hold: held?.seq ?? 0,
      from: held?.draws ?? {},
      reference: `release:${randomUUID()}`,
    }),
    earnt(100),
    { kind: 'HOLD', amount: 60, reference: 'hold:1' },
  ),
  movement(
    'adjust up',
    () => ({ kind: 'ADJUST_UP', amount: 7, lots: { [LAST_DAY]: 7 }, reference: `adjustment:${randomUUID()}` }),
    earnt(100),
  ),
  movement(
    'adjust down',
    () => ({ kind: 'ADJUST_DOWN', amount: 130, shortage: 'DEBT', reference: `adjustment:${randomUUID()}` }),
    earnt(100),
  ),
  between(
    'transfer',
    () => someone(),
    () => someone(),
    ['TRANSFER_OUT', 'TRANSFER_IN'],
  ),
  between(
    'exchange',
    () => someone(),
    ({ memberId }) => account(memberId, 'COINS'),
    ['EXCHANGE_OUT', 'EXCHANGE_IN'],
  ),
  {
    name: 'merge',
    async prepare() {
      const [old, heir] = [someone(), someone()];
      await write(old, earnt(70));
      await write(heir, earnt(30));
      const reference = `merge:${old.memberId}`;
      const decide = async (basis: Basis): Promise<Decision<unknown>> => {
        const newest = await head(old, basis.reading);
        if (newest?.kind === 'MERGE_OUT') return { writes: [], answer: newest.amount, replayed: true };
        const out = await move(old, { kind: 'MERGE_OUT', party: heir.memberId, reference }, basis);
        const { draws: lots, parts } = out.draft;
        const from = { lots, pending: parts.pending ?? {}, forfeits: parts.forfeits ?? {}, debt: parts.debt ?? 0 };
        const into = await move(heir, { kind: 'MERGE_IN', party: old.memberId, reference, from }, basis);
        return { writes: [out.write, into.write], answer: out.draft.amount };
      };
      return { run: () => answered(async () => (await exchange(decide)).answer), accounts: [old, heir] };
    },
  },
  ...routes,
];
