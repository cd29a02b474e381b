import { endDay } from '../../shared/points/day-end.ts';
import { tell } from '../../shared/points/notices.ts';
import { runPass, type Visit } from '../../shared/points/passes.ts';
import { noteLot, POINTS, writeDownLapse } from '../../shared/points/points.ts';
import { costOf, each, type Operation, once } from './measure.ts';
import { accountKey, insert, lotsOf, naiveAccount, post, write } from './naive.ts';
import { memberWith } from './people.ts';

const MEMBERS = 8;

/** The days of one year's end, as this operation goes through them. */
interface Year {
  inIt: string;
  lastDay: string;
  over: string;
}

const year = (number: number): Year => ({
  inIt: `${number}-11-23T04:00:00.000Z`,
  lastDay: `${number}-12-31`,
  over: `${number + 1}-01-01T04:00:00.000Z`,
});

/** Years that no measurement has been in: what one leaves in the calendar is not in another's way. */
const untouched = { year: 2_030 };
function newYears(): [empty: Year, busy: Year, after: Year] {
  untouched.year += 4;
  return [year(untouched.year), year(untouched.year + 1), year(untouched.year + 2)];
}

type Clock = (at: string) => void;

/** Members who have something to lapse this year, each noted in the lapse calendar as the event would. */
async function noted({ inIt, lastDay }: Year, clock: Clock): Promise<void> {
  clock(inIt);
  for (let i = 0; i < MEMBERS; i += 1) {
    await noteLot({ memberId: await memberWith(1_000), currency: POINTS }, lastDay);
  }
}

/** A whole pass through the accounts of this day, as none had been before it. */
function visiting(lastDay: string, what: string, visit: Visit) {
  return costOf(() => runPass({ lastDay, what, mayGoOn: () => true }, [], visit));
}

function pass({ lastDay, over }: Year, clock: Clock) {
  clock(over);
  return visiting(lastDay, 'LAPSE', (account) => writeDownLapse(account, lastDay));
}

/** Tells everybody thirty days ahead. */
function telling({ lastDay }: Year, clock: Clock) {
  clock(`${lastDay.slice(0, 4)}-12-01T04:00:00.000Z`);
  const due = { lastDay, daysLeft: 30, due: 30 };
  return visiting(lastDay, 'NOTICE-30', (account) => tell(account, due));
}

/** The naive job tells by a row that stands there once. */
async function naiveTelling(accounts: readonly string[], { lastDay }: Year) {
  return costOf(async () => {
    for (const account of accounts) {
      const due = await lotsOf(account, { from: lastDay, to: lastDay });
      if (due.length > 0) await write(insert({ pk: accountKey(account), sk: `NOTICE#${lastDay}`, lots: due.length }));
    }
  });
}

/** The naive job knows no calendar: it looks at every account. */
async function naivePass(accounts: readonly string[], { lastDay }: Year) {
  return costOf(async () => {
    for (const account of accounts) {
      const due = (await lotsOf(account, { from: '', to: lastDay })).reduce((sum, { left }) => sum + left, 0);
      if (due > 0) await post(`lapse:${lastDay}:${account}`, '', [{ account, kind: 'EXPIRE', take: due }]);
    }
  });
}

function naiveAccounts({ lastDay }: Year): Promise<string[]> {
  return Promise.all(Array.from({ length: MEMBERS }, () => naiveAccount(1_000, lastDay, lastDay)));
}

const NOTHING = { writeUnits: 0, readUnits: 0, calls: 0 };

/** What the end of a day costs once, whoever is there: it looks into every part of the calendar. */
export function fixedOperations(clock: Clock, now: string): readonly Operation[] {
  const empty = async () => {
    clock('2029-03-01T04:00:00.000Z');
    try {
      return await costOf(() => endDay('2029-03-01', () => true));
    } finally {
      clock(now);
    }
  };
  return [{ name: 'end of a day with nobody in it, once a day', floor: 0, ours: empty, naive: async () => NOTHING }];
}

/** What a year's end costs for each member; the clock is left where `now` says. */
export function dayEndOperations(clock: Clock, now: string): readonly Operation[] {
  const back = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      clock(now);
    }
  };
  return [
    {
      name: 'notice of what will lapse, a member',
      budget: 1.4,
      floor: 1,
      ours: () =>
        back(async () => {
          const [without, having] = newYears();
          const empty = await telling(without, clock);
          await noted(having, clock);
          return each(MEMBERS, [empty, await telling(having, clock)]);
        }),
      naive: async () => each(MEMBERS, [NOTHING, await naiveTelling(await naiveAccounts(year(2_051)), year(2_051))]),
    },
    {
      name: 'lapse calendar, a new last day noted',
      floor: 0,
      ours: () =>
        once(async () => {
          const account = { memberId: await memberWith(1_000), currency: POINTS };
          return () => noteLot(account, '2026-12-31');
        }),
      naive: async () => NOTHING,
    },
    {
      name: 'year-end, a member with something to lapse',
      budget: 1.4,
      floor: 0,
      ours: () =>
        back(async () => {
          const [without, having] = newYears();
          const empty = await pass(without, clock);
          await noted(having, clock);
          return each(MEMBERS, [empty, await pass(having, clock)]);
        }),
      naive: async () => each(MEMBERS, [NOTHING, await naivePass(await naiveAccounts(year(2_031)), year(2_031))]),
    },
    {
      name: 'year-end, a dormant member',
      budget: 0,
      floor: 0,
      ours: () =>
        back(async () => {
          const [without, having, dormant] = newYears();
          const empty = await pass(without, clock);
          await noted(having, clock);
          await pass(having, clock);
          return each(MEMBERS, [empty, await pass(dormant, clock)]);
        }),
      naive: async () => {
        const accounts = await naiveAccounts(year(2_041));
        await naivePass(accounts, year(2_041));
        return each(MEMBERS, [NOTHING, await naivePass(accounts, year(2_042))]);
      },
    },
  ];
}
