import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openGround } from './ground.ts';
import { closedLoop, cutOff, type Leg, oneInTen, openLoop } from './legs.ts';
import { type Crowd, gather } from './mix.ts';

const numberOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const REQUESTS = numberOf('REQUESTS', 20_000);
const MINUTES = numberOf('MINUTES', 30);
const OUTAGE_S = numberOf('OUTAGE_S', 180);

const WORKERS = [8, 16, 32, 64, 128];
const SHARES = [50, 80, 120, 200];
const MEMBERS = 128;
/** How long each rate of the open loop lasts. */
const OPEN_MS = Math.max(5_000, REQUESTS);
/** Memory is flat when the last third of its samples is no higher than so many times the first. */
const FLAT = MINUTES >= 10 ? 1.1 : 1.25;
const SAMPLE_MS = 1_000;

const held = openGround();
let crowd: Crowd;
const legs: Leg[] = [];
const remarks: string[] = [];

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
const upTo = (count: number) => {
  let left = count;
  return () => left-- > 0;
};
const until = (ms: number) => {
  const end = performance.now() + ms;
  return () => performance.now() < end;
};

/** Takes a part of the soak down, and gives what in it was answered neither by done, nor by a decided no, nor by when to come back. */
function wrongIn(leg: Leg): string[] {
  legs.push(leg);
  console.log(row(leg));
  return leg.wrong.slice(0, 5);
}

/** All that was promised is there, and the books are in order. */
async function settled(): Promise<void> {
  const { handedBack, left } = await held.ground.drained();
  if (handedBack > 0) remarks.push(`${handedBack} dead letters were handed back`);
  expect(left).toBe(0);
  const { items, violations } = await held.ground.books();
  expect(violations).toEqual([]);
  const found = new Map(items.map((item) => [item.pk, item]));
  const lost = crowd.acknowledged.filter(({ pk, field, value }) => found.get(pk)?.all[field] !== value);
  expect(lost).toEqual([]);
}

beforeAll(async () => void (crowd = await gather(held.ground, MEMBERS)), 600_000);

const COLUMNS =
  'part | requests | s | 1/s | p50 ms | p99 ms | done | decided no | come again | gateway’s own | calls/write';

function row({ name, requests, seconds, rate, p50, p99, counts, callsPerWrite }: Leg): string {
  const { done, decided, load, gateway } = counts;
  const times = [seconds.toFixed(1), rate.toFixed(0), p50, p99];
  return [name.padEnd(20), requests, ...times, done, decided, load, gateway, callsPerWrite.toFixed(3)].join(' | ');
}

afterAll(() => {
  const acknowledged = `${crowd?.acknowledged.length ?? 0} writes were acknowledged.`;
  console.log([COLUMNS, ...legs.map(row), ...remarks, acknowledged].join('\n'));
});

describe(`${REQUESTS} mixed requests, ${MINUTES} min of memory, an outage of ${OUTAGE_S} s`, { shuffle: false }, () => {
  it.each(WORKERS)('%i workers are served', async (workers) => {
    const goesOn = upTo(Math.ceil(REQUESTS / WORKERS.length));
    const leg = await closedLoop(held.ground, crowd, { name: `${workers} workers`, workers, goesOn });
    expect(wrongIn(leg)).toEqual([]);
  });

  it.each(SHARES)('at %i percent of what it took, whoever is refused is told when to come back', async (share) => {
    const most = Math.max(...legs.filter(({ name }) => name.endsWith('workers')).map(({ rate }) => rate));
    const rate = (most * share) / 100;
    const leg = await openLoop(held.ground, crowd, { name: `open, ${share} %`, rate, ms: OPEN_MS });
    expect(wrongIn(leg)).toEqual([]);
  });

  it('loses nothing that it acknowledged, and the audit is clean', settled);

  it('asks the table to write once for a write, and 1.6 times at most where one call in ten fails', async () => {
    const kinds = ['purchase', 'order', 'return'] as const;
    const count = Math.ceil(REQUESTS / 10);
    const loop = { workers: 4, kinds };
    const calm = await closedLoop(held.ground, crowd, { ...loop, name: 'writes', goesOn: upTo(count) });
    const faultOf = oneInTen();
    const struck = await closedLoop(held.ground, crowd, {
      ...loop,
      name: 'writes, 10 % faults',
      goesOn: upTo(count),
      faultOf,
    });
    expect([wrongIn(calm), wrongIn(struck)]).toEqual([[], []]);
    expect(calm.callsPerWrite).toBeLessThanOrEqual(1.05);
    expect(struck.callsPerWrite).toBeLessThanOrEqual(1.6);
    await settled();
  });

  it('has no more memory at the end than at the beginning', async () => {
    const samples: number[] = [];
    const timer = setInterval(() => samples.push(held.ground.rss()), SAMPLE_MS);
    const parts = Math.max(2, MINUTES);
    onTestFinished(() => clearInterval(timer));
    // In parts, so that the proxy forgets what it has seen.
    for (let part = 1; part <= parts; part += 1) {
      const name = `${part}/${parts}, ${held.ground.rss().toFixed(0)} MB`;
      const goesOn = until((MINUTES * 60_000) / parts);
      expect(wrongIn(await closedLoop(held.ground, crowd, { name, workers: 8, goesOn }))).toEqual([]);
    }
    clearInterval(timer);
    const warm = samples.slice(Math.floor(samples.length / 10));
    const third = Math.floor(warm.length / 3);
    const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
    remarks.push(
      `memory: ${first.toFixed(0)} MB in the first third, ${last.toFixed(0)} MB in the last (bound × ${FLAT})`,
    );
    expect(last / first).toBeLessThanOrEqual(FLAT);
  });

  it('takes up again after an outage of the emulator, and has lost nothing', async () => {
    const ms = OUTAGE_S * 1_000;
    const goesOn = until(ms + 5_000);
    const leg = await closedLoop(held.ground, crowd, { name: 'outage', workers: 8, goesOn, faultOf: cutOff(ms) });
    expect(wrongIn(leg)).toEqual([]);
    expect(leg.counts.load).toBeGreaterThan(0);
    const after = await closedLoop(held.ground, crowd, { name: 'after it', workers: 8, goesOn: upTo(100) });
    expect(wrongIn(after)).toEqual([]);
    expect(after.counts.done).toBeGreaterThan(0);
    await settled();
  });
});
