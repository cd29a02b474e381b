import { addDays, type Day } from '../platform/calendar-day.ts';
import { tell } from './notices.ts';
import { added, type Counts, runPass, type Visit } from './passes.ts';
import { writeDownLapse } from './points.ts';
import { lapseDays, passStates } from './store.ts';

/** How many days before their last day members are told. */
const DAYS_BEFORE = [1, 7, 30] as const;
/** For how many days a day's end that did not finish is made up for. */
const LATE_DAYS = 7;
/** Whose points lapse so many days ahead may be told. */
const AHEAD_DAYS = 30;

interface Duty {
  lastDay: Day;
  what: string;
  visit: Visit;
}

function lapseOf(lastDay: Day): Duty {
  return { lastDay, what: 'LAPSE', visit: (account) => writeDownLapse(account, lastDay) };
}

/** What is to be told of a last day so many days ahead: where its own day was missed, that is made up for later. */
function noticeOf(lastDay: Day, daysLeft: number): Duty {
  const due = DAYS_BEFORE.find((days) => days >= daysLeft) ?? 0;
  return { lastDay, what: `NOTICE-${due}`, visit: (account) => tell(account, { lastDay, daysLeft, due }) };
}

function count(length: number, from: number): number[] {
  return Array.from({ length }, (_, i) => i + from);
}

/**
 * Writes down what lapsed until `today` began, and tells everybody whose points lapse in 30 days, in 7 days, or
 * tomorrow, how many. Both find their accounts through the lapse calendar. Whatever an earlier run has finished is not
 * done again; what it has not, or what was missed, is made up for. Unfinished, when it may not go on.
 */
export async function endDay(today: Day, mayGoOn: () => boolean) {
  const [states, days] = await Promise.all([
    passStates(addDays(today, -LATE_DAYS)),
    lapseDays(addDays(today, -LATE_DAYS - 1), LATE_DAYS + 1 + AHEAD_DAYS),
  ]);
  const run = async (duties: readonly Duty[]) => {
    let all: Counts & { finished: boolean } = { seen: 0, written: 0, failed: 0, finished: true };
    for (const { visit, ...duty } of duties.filter(({ lastDay }) => days.includes(lastDay))) {
      const { counts, finished } = await runPass({ ...duty, mayGoOn }, states, visit);
      all = { ...added(all, counts), finished: all.finished && finished };
    }
    return all;
  };
  const lapses = await run(count(LATE_DAYS, 1).map((ago) => lapseOf(addDays(today, -ago))));
  const notices = await run(count(AHEAD_DAYS + 1, 0).map((ahead) => noticeOf(addDays(today, ahead), ahead)));
  return { lapses, notices };
}
