import type { Day } from '../platform/calendar-day.ts';
import { inOrder, type Lots, lastDayOf, moved, sum } from './account.ts';

/** These lots with no day later than `latest`; a lot that has to come earlier is no longer a grace lot. */
function until(lots: Lots, latest: Day): Lots {
  return Object.entries(lots).reduce<Lots>(
    (all, [lot, amount]) => moved(all, lastDayOf(lot) <= latest ? lot : latest, amount),
    {},
  );
}

/** The sums of the numbers from the first to each. */
function running(numbers: readonly bigint[]): bigint[] {
  let total = 0n;
  return numbers.map((number) => {
    total += number;
    return total;
  });
}

/**
 * The lots in which `given` comes for these draws, each with the earlier of its source's last day and `latest`. It is
 * split by largest remainder, but an odd unit never goes where more would count after some day than was taken with
 * such days: an exchange there and back gains no day, by no rounding. The sum is exact, and no lot is empty.
 */
export function splitOver(draws: Lots, given: number, latest: Day): Lots {
  const sources = inOrder(until(draws, latest)).toReversed();
  const total = BigInt(sum(draws));
  const exact = sources.map(([, amount]) => BigInt(amount) * BigInt(given));
  const shares = exact.map((share) => Number(share / total));
  const rests = exact.map((share) => share % total);
  const room = running(rests).map((rest) => Number(rest / total));
  let odd = given - shares.reduce((all, share) => all + share, 0);
  const byRest = rests.map((rest, place) => ({ rest, place })).toSorted((a, b) => (a.rest < b.rest ? 1 : -1));
  for (const { place } of byRest) {
    if (odd === 0 || room.slice(place).includes(0)) continue;
    for (let i = place; i < room.length; i += 1) room[i] = (room[i] ?? 0) - 1;
    shares[place] = (shares[place] ?? 0) + 1;
    odd -= 1;
  }
  const lots = sources.map(([lot], place): [string, number] => [lot, shares[place] ?? 0]);
  return Object.fromEntries(lots.filter(([, share]) => share > 0));
}
