import { expect } from 'vitest';
import { type Call, type Fault, type FaultProxy, isWrite } from '../support/fault-proxy.ts';
import { look, readied, verify } from './cells.ts';
import type { Operation, Prepared, Told } from './operation.ts';

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

/** Sends it under its own key until it is done, as a till would. */
async function persist({ run }: Prepared): Promise<{ answer: Told; told: Record<number, number> }> {
  const told: Record<number, number> = {};
  for (;;) {
    const answer = await run();
    told[answer.status] = (told[answer.status] ?? 0) + 1;
    const says = String(answer.status === 503 ? answer.retryAfter : answer.status);
    expect(says, 'done, or 503 with Retry-After').toMatch(/^(1|200|201|204)$/);
    if (answer.status !== 503) return { answer, told };
  }
}

/** What all came to: it was done once, whatever the storm did. */
async function inspect(operation: Operation, prepared: Prepared, answer: Told): Promise<void> {
  expect((await persist(prepared)).answer, 'the same again is told the same').toEqual(answer);
  const twin = await readied(operation);
  await persist(twin);
  expect(await look(prepared), 'done once').toEqual(await look(twin));
  for (const account of prepared.accounts) await verify(account);
}

/** Every operation is sent at the same time into the storm, again and again until it is done. */
export async function outage(
  proxy: FaultProxy,
  operations: readonly Operation[],
  storm: Storm & { ms: number },
): Promise<Weathered[]> {
  const ready: { operation: Operation; prepared: Prepared }[] = [];
  for (const operation of operations) ready.push({ operation, prepared: await readied(operation) });
  const ends = performance.now() + storm.ms;
  proxy.strike(blowing(storm));
  const results = await Promise.all(
    ready.map(async ({ operation, prepared }) => {
      const { answer, told } = await persist(prepared);
      const doneAfterMs = Math.round(performance.now() - ends);
      return { operation, prepared, answer, told, doneAfterMs };
    }),
  );
  proxy.calm();
  for (const { operation, prepared, answer } of results) await inspect(operation, prepared, answer);
  return results.map(({ operation: { name }, told, doneAfterMs }) => ({ operation: name, told, doneAfterMs }));
}

/** One operation in a storm that does not end while it lasts: what it is told, and that all is done or nothing. */
export async function caught(
  proxy: FaultProxy,
  operation: Operation,
  storm: Storm,
): Promise<{ told: Told; isUntouched: boolean }> {
  const prepared = await readied(operation);
  const before = await look(prepared);
  proxy.strike(blowing(storm));
  const told = await prepared.run();
  proxy.calm();
  const isUntouched = JSON.stringify(await look(prepared)) === JSON.stringify(before);
  for (const account of prepared.accounts) await verify(account);
  return { told, isUntouched };
}
