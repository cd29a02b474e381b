import { randomUUID } from 'node:crypto';
import type { Movement } from '../../shared/points/movements.ts';
import { type AccountId, balance, move, POINTS, reference } from '../../shared/points/points.ts';
import { type Decide, exchange } from '../../shared/table/commit.ts';
import { type Operation, once } from './measure.ts';
import { naiveAccount, naiveBalance, post, type Side } from './naive.ts';
import { memberWith } from './people.ts';

export const TODAY = '2026-11-23';
export const LAST_DAY = '2026-12-31';
const OTHER = 'COINS';
const ONE_CHAIN = 1.2;
const TWO_CHAINS = 4.2;

const points = (memberId: string): AccountId => ({ memberId, currency: POINTS });

/** One movement, with no document beside it. */
const alone =
  (account: AccountId, movement: Movement): Decide<true> =>
  async (basis) => ({ writes: [(await move(account, movement, basis)).write], answer: true });

/** What goes out of one chain and into another, in one transaction. */
function across(from: AccountId, to: AccountId, kinds: 'TRANSFER' | 'EXCHANGE'): Decide<true> {
  const [partyOut, partyIn] =
    kinds === 'TRANSFER' ? [to.memberId, from.memberId] : [to.currency, from.currency];
  const same = { amount: 100, reference: reference(kinds.toLowerCase(), randomUUID()), rule: 'EXCHANGE@1' };
  return async (basis) => {
    const out = await move(from, { kind: `${kinds}_OUT`, ...same, party: partyOut }, basis);
    const lots = out.draft.draws;
    const into = await move(to, { kind: `${kinds}_IN`, ...same, party: partyIn, lots }, basis);
    return { writes: [out.write, into.write], answer: true };
  };
}

function merging(memberId: string, heirId: string): Decide<true> {
  const merge = reference('merge', memberId);
  return async (basis) => {
    const out = await move(points(memberId), { kind: 'MERGE_OUT', reference: merge, party: heirId }, basis);
    const { pending = {}, forfeits = {}, debt = 0 } = out.draft.parts;
    const from = { lots: out.draft.draws, pending, forfeits, debt };
    const into = await move(points(heirId), { kind: 'MERGE_IN', reference: merge, party: memberId, from }, basis);
    return { writes: [out.write, into.write], answer: true };
  };
}

/** Two chains that have both begun. */
async function twoMembers(): Promise<[AccountId, AccountId]> {
  return [points(await memberWith(1_000)), points(await memberWith(1_000))];
}

async function twoCurrencies(): Promise<[AccountId, AccountId]> {
  const from = points(await memberWith(1_000));
  const to = { ...from, currency: OTHER };
  const lots = { [LAST_DAY]: 1 };
  await exchange(alone(to, { kind: 'ADJUST_UP', amount: 1, reference: reference('adjustment', randomUUID()), lots }));
  return [from, to];
}

/** The naive design doing the same between these sides. */
function naively(sides: (accounts: [string, string]) => Side[]): Operation['naive'] {
  return () =>
    once(async () => {
      const accounts: [string, string] = [
        await naiveAccount(1_000, TODAY, LAST_DAY),
        await naiveAccount(1_000, TODAY, LAST_DAY),
      ];
      return () => post(randomUUID(), TODAY, sides(accounts));
    });
}

const between = (kind: string, amount: number) =>
  naively(([from, to]) => [
    { account: from, kind: `${kind}_OUT`, take: amount },
    { account: to, kind: `${kind}_IN`, give: { lastDay: LAST_DAY, amount } },
  ]);

/** A movement on an account of one lot. */
function single(movement: (id: string) => Movement): Operation['ours'] {
  return () =>
    once(async () => {
      const account = points(await memberWith(1_000));
      return () => exchange(alone(account, movement(randomUUID())));
    });
}

const balances: Operation = {
  name: 'balance',
  budget: 0.2,
  floor: 0.2,
  ours: () =>
    once(async () => {
      const account = points(await memberWith(1_000));
      return () => balance(account);
    }),
  naive: () =>
    once(async () => {
      const account = await naiveAccount(1_000, TODAY, LAST_DAY);
      return () => naiveBalance(account, TODAY);
    }),
};

/** What one chain, or two, are moved by: the budgets of DESIGN.md §9 that know no document. */
export const ledgerOperations: readonly Operation[] = [
  balances,
  {
    name: 'spend',
    budget: ONE_CHAIN,
    floor: 1,
    ours: single((id) => ({ kind: 'SPEND', amount: 100, reference: reference('order', id) })),
    naive: naively(([account]) => [{ account, kind: 'SPEND', take: 100 }]),
  },
  {
    name: 'adjust up',
    budget: ONE_CHAIN,
    floor: 1,
    ours: single((id) => ({
      kind: 'ADJUST_UP',
      amount: 100,
      reference: reference('adjustment', id),
      lots: { [LAST_DAY]: 100 },
    })),
    naive: naively(([account]) => [{ account, kind: 'ADJUST_UP', give: { lastDay: LAST_DAY, amount: 100 } }]),
  },
  {
    name: 'adjust down',
    budget: ONE_CHAIN,
    floor: 1,
    ours: single((id) => ({
      kind: 'ADJUST_DOWN',
      amount: 100,
      reference: reference('adjustment', id),
      shortage: 'REFUSE',
    })),
    naive: naively(([account]) => [{ account, kind: 'ADJUST_DOWN', take: 100 }]),
  },
  {
    name: 'transfer, two chains',
    budget: TWO_CHAINS,
    floor: 2,
    ours: () =>
      once(async () => {
        const [from, to] = await twoMembers();
        return () => exchange(across(from, to, 'TRANSFER'));
      }),
    naive: between('TRANSFER', 100),
  },
  {
    name: 'exchange, two chains',
    budget: TWO_CHAINS,
    floor: 2,
    ours: () =>
      once(async () => {
        const [from, to] = await twoCurrencies();
        return () => exchange(across(from, to, 'EXCHANGE'));
      }),
    naive: between('EXCHANGE', 100),
  },
  {
    name: 'merge, two chains',
    budget: TWO_CHAINS,
    floor: 2,
    ours: () =>
      once(async () => {
        const [from, to] = await twoMembers();
        return () => exchange(merging(from.memberId, to.memberId));
      }),
    naive: between('MERGE', 1_000),
  },
];
