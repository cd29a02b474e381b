import { randomUUID } from 'node:crypto';
import { trade } from '../../shared/points/exchanges.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { type AccountId, balance, mergeInto, move, POINTS, reference } from '../../shared/points/points.ts';
import { give } from '../../shared/points/transfers.ts';
import { type Decide, exchange } from '../../shared/table/commit.ts';
import { type Operation, once, type Ready } from './measure.ts';
import { naiveAccount, naiveBalance, post, type Side } from './naive.ts';
import { memberWith, underNewKey } from './people.ts';

export const TODAY = '2026-11-23';
export const LAST_DAY = '2026-12-31';
const ONE_CHAIN = 1.2;
const TWO_CHAINS = 4.2;

const points = (memberId: string): AccountId => ({ memberId, currency: POINTS });

/** One movement, with no document beside it. */
const alone =
  (account: AccountId, movement: Movement): Decide<true> =>
  async (basis) => ({ writes: [(await move(account, movement, basis)).write], answer: true });

/** A gift between two members who both have points. */
async function giving(): Promise<Ready> {
  const memberId = await memberWith(1_000);
  const gift = { to: { memberId: await memberWith(1_000) }, points: 100, currency: POINTS };
  return () => give(memberId, gift, underNewKey('transfers'));
}

/** An exchange by a member who has both currencies. */
async function trading(): Promise<Ready> {
  const memberId = await memberWith(1_000);
  const wanted = { from: POINTS, to: 'COINS', points: 100 };
  await trade(memberId, wanted, underNewKey('exchanges'));
  return () => trade(memberId, wanted, underNewKey('exchanges'));
}

/** One currency of a merge, without the record of staff. */
async function merging(): Promise<Ready> {
  const [memberId, heirId] = [await memberWith(1_000), await memberWith(1_000)];
  return () =>
    exchange(async (basis) => {
      const { writes, merged } = await mergeInto(heirId, points(memberId), basis);
      return { writes, answer: merged };
    });
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
    name: 'transfer',
    // And whether the giver may spend: one consistent read.
    budget: 4.4,
    floor: 2,
    ours: () => once(giving),
    naive: between('TRANSFER', 100),
  },
  {
    name: 'exchange',
    budget: TWO_CHAINS,
    floor: 2,
    ours: () => once(trading),
    naive: between('EXCHANGE', 100),
  },
  {
    name: 'merge, one currency',
    budget: TWO_CHAINS,
    floor: 2,
    ours: () => once(merging),
    naive: between('MERGE', 1_000),
  },
];
