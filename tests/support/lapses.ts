import { expect } from 'vitest';
import type { Day } from '../../shared/platform/calendar-day.ts';
import { runPass } from '../../shared/points/passes.ts';
import { writeDownLapse } from '../../shared/points/points.ts';

/** One whole pass of the day's end through what lapsed with this day, as if none had been before it. */
export async function writeDownLapses(lastDay: Day): Promise<{ seen: number; written: number }> {
  const pass = { lastDay, what: 'LAPSE', mayGoOn: () => true };
  const { counts } = await runPass(pass, [], (account) => writeDownLapse(account, lastDay));
  const { failed, ...others } = counts;
  expect(failed, 'accounts left for the next try').toBe(0);
  return others;
}
