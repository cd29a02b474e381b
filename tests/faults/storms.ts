import { expect } from 'vitest';
import { type Call, type Fault, type FaultProxy, isWrite } from '../support/fault-proxy.ts';
import { look, verify } from './cells.ts';
import type { Operation, Told } from './operations.ts';

/** A storm: for so long, every call (or every write) meets this fault with this likelihood, as a fixed dice says. */
export interface Storm {
  fault: Fault;
  /** Of 100. */
  share: number;
  onlyWrites?: boolean;
  ms?: number;
}

/** The same numbers from 0 to 99 every time. */
function dice(): () => number {
  let state = 20_261_123;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * 100);
  };
}

function blowing({
  fault,
  share,
  onlyWrites = false,
  ms = Number.POSITIVE_INFINITY,
}: Storm): (call: Call) => Fault | undefined {
  const roll = dice();
  const until = performance.now() + ms;
  return (call) => {
    if (performance.now() > until || (onlyWrites && !isWrite(call))) return undefined;
    return roll() < share ? fault : undefined;
  };
}

export interface Weathered {
  operation: string;
  /** What callers were told on the way, by status. */
  told: Record<number, number>;
  /** How long after the end of the storm it was done; below 0 during it. */
  doneAfterMs: number;
}

/** Sends it under its own key until it is done, as a till would, and looks whether it was done once. */
async function weather(operation: Operation, begins: Promise<number>): Promise<Weathered> {
  const prepared = await operation.prepare();
  const ends = await begins;
  const told: Record<number, number> = {};
  let answer: Told;
  do {
    answer = await prepared.run();
    told[answer.status] = (told[answer.status] ?? 0) + 1;
    expect(answer.status === 503 ? answer.retryAfter : answer.status, 'done, or 503 with Retry-After').toMatch(
      /^(1|200|201)$/,
    );
  } while (answer.status === 503);
  const doneAfterMs = Math.round(performance.now() - ends);
  expect(await prepared.run(), 'the same again is told the same').toEqual(answer);
  const twin = await operation.prepare();
  await twin.run();
  expect(await look(prepared), 'done once').toEqual(await look(twin));
  for (const account of prepared.accounts) await verify(account);
  return { operation: operation.name, told, doneAfterMs };
}

/** Every operation is sent at the same time into the storm, again and again until it is done. */
export async function outage(
  proxy: FaultProxy,
  operations: readonly Operation[],
  storm: Storm & { ms: number },
): Promise<Weathered[]> {
  let begin: (ends: number) => void = () => {};
  const begins = new Promise<number>((resolve) => {
    begin = resolve;
  });
  const all = operations.map((operation) => weather(operation, begins));
  // All are prepared by then, in fair weather.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  proxy.strike(blowing(storm));
  begin(performance.now() + storm.ms);
  const results = await Promise.all(all);
  proxy.calm();
  return results;
}

/** One operation in a storm that does not end while it lasts: what it is told, and that all is done or nothing. */
export async function caught(
  proxy: FaultProxy,
  operation: Operation,
  storm: Storm,
): Promise<{ told: Told; isUntouched: boolean }> {
  const prepared = await operation.prepare();
  const before = await look(prepared);
  proxy.strike(blowing(storm));
  const told = await prepared.run();
  proxy.calm();
  const isUntouched = JSON.stringify(await look(prepared)) === JSON.stringify(before);
  for (const account of prepared.accounts) await verify(account);
  return { told, isUntouched };
}
