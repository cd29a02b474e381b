import { noteLot, POINTS, writeDownLapses } from '../../shared/points/points.ts';
import { costOf, each, type Operation } from './measure.ts';
import { lotsOf, naiveAccount, post } from './naive.ts';
import { memberWith } from './people.ts';

const MEMBERS = 24;

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

type Clock = (at: string) => void;

/** Members who have something to lapse this year, each noted in the lapse calendar as the event would. */
async function noted({ inIt, lastDay }: Year, clock: Clock): Promise<void> {
  clock(inIt);
  for (let i = 0; i < MEMBERS; i += 1) {
    await noteLot({ memberId: await memberWith(1_000), currency: POINTS }, lastDay);
  }
}

function pass({ lastDay, over }: Year, clock: Clock) {
  clock(over);
  return costOf(() => writeDownLapses(lastDay));
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
      name: 'year-end, a member with something to lapse',
      budget: 1.4,
      floor: 0,
      ours: () =>
        back(async () => {
          const empty = await pass(year(2_030), clock);
          await noted(year(2_031), clock);
          return each(MEMBERS, [empty, await pass(year(2_031), clock)]);
        }),
      naive: async () => each(MEMBERS, [NOTHING, await naivePass(await naiveAccounts(year(2_031)), year(2_031))]),
    },
    {
      name: 'year-end, a dormant member',
      budget: 0,
      floor: 0,
      ours: () =>
        back(async () => {
          const empty = await pass(year(2_040), clock);
          await noted(year(2_041), clock);
          await pass(year(2_041), clock);
          return each(MEMBERS, [empty, await pass(year(2_042), clock)]);
        }),
      naive: async () => {
        const accounts = await naiveAccounts(year(2_041));
        await naivePass(accounts, year(2_041));
        return each(MEMBERS, [NOTHING, await naivePass(accounts, year(2_042))]);
      },
    },
  ];
}
