import { setTimeout as later } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';

const BARE = [null, undefined, true, 0, -1, 1.5, Number.NaN, '', ' ', 'x', '\u0000', '__proto__', 'constructor'];
const NESTED = [
  [],
  {},
  [1],
  { S: 'x' },
  { N: 'x' },
  { NULL: true },
  { M: {} },
  { L: [] },
  { B: '!' },
  { SS: [] },
  { Z: 1 },
];
const ODD = ['x'.repeat(10_000), '2026-02-30', '9999-99-99', '2027-12-31T00:00:00Z', '99999999999999999999', 'mem_1'];
const JUNK: unknown[] = [...BARE, ...NESTED, ...ODD];

type Path = readonly string[];

function placesIn(value: unknown, here: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([name, one]) => placesIn(one, [...here, name]))];
}

/** A copy with other things at this place, or without it. */
function changed(value: unknown, [name, ...rest]: Path, to: { put: unknown } | 'out'): unknown {
  if (name === undefined) return to === 'out' ? undefined : to.put;
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  if (rest.length === 0 && to === 'out') delete copy[name];
  else copy[name] = changed(copy[name], rest, to);
  return Array.isArray(value) ? Object.values(copy) : copy;
}

/** So many copies of an event, each of them spoilt in one place or two. */
export function mangled<Event>(event: Event, times: number, seed: number): Event[] {
  const place = fc.constantFrom(...placesIn(event));
  const wound = fc.tuple(
    place,
    fc.oneof(
      fc.constant('out' as const),
      fc.constantFrom(...JUNK).map((put) => ({ put })),
    ),
  );
  const wounds = fc.array(wound, { minLength: 1, maxLength: 2 });
  const spoilt = wounds.map((all) =>
    all.reduce<unknown>((copy, [at, to]) => {
      // The first wound may have taken away where the second was to be.
      const isThere = placesIn(copy).some((one) => one.join('/') === at.join('/'));
      return isThere ? changed(copy, at, to) : copy;
    }, structuredClone(event)),
  );
  return fc.sample(spoilt, { seed, numRuns: times }) as Event[];
}

type StreamHandler = (event: {
  Records: DynamoDBRecord[];
}) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;

const TRIES = 3;

/** What a stream did: which records ended with the dead letters, and how often the function was called. */
export interface Delivery {
  dead: DynamoDBRecord[];
  calls: number;
}

/** Delivers as Lambda's event source does: again from what failed, by halves, and in the end to the dead letters. */
export async function deliver(handler: StreamHandler, records: DynamoDBRecord[], tries = TRIES): Promise<Delivery> {
  if (records.length === 0) return { dead: [], calls: 0 };
  const left = await handler({ Records: records }).then(
    ({ batchItemFailures: [first] }) =>
      first ? records.slice(records.findIndex((one) => one?.dynamodb?.SequenceNumber === first.itemIdentifier)) : [],
    () => records,
  );
  await later(0);
  if (left.length === 0) return { dead: [], calls: 1 };
  if (left.length === 1 && tries === 1) return { dead: left, calls: 1 };
  const half = Math.ceil(left.length / 2);
  const parts = left.length === 1 ? [left] : [left.slice(0, half), left.slice(half)];
  const all: Delivery[] = [];
  for (const part of parts) all.push(await deliver(handler, part, part.length === 1 ? tries - 1 : tries));
  return { dead: all.flatMap(({ dead }) => dead), calls: 1 + all.reduce((sum, { calls }) => sum + calls, 0) };
}
