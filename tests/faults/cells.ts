import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Entry } from '../../shared/points/account.ts';
import { holds, load, type StoredEntry } from '../../shared/points/chain.ts';
import { type AccountId, balance, move } from '../../shared/points/points.ts';
import { query } from '../../shared/table/client.ts';
import { exchange } from '../../shared/table/commit.ts';
import { keys } from '../../shared/table/keys.ts';
import { type Call, type Fault, type FaultProxy, isWrite } from '../support/fault-proxy.ts';
import { type Operation, type Prepared, sumsOf, type Told } from './operation.ts';

/** Which calls of an operation are struck: the n-th, or the n-th and all after it. */
export interface Blow {
  fault: Fault;
  from: number;
  on: boolean;
  /** Reads are let by. */
  onlyWrites?: true;
  /** Behind how many newer writes of each account a late one lands. */
  newer?: number;
}

export interface CellResult {
  operation: string;
  fault: string;
  /** What the caller was told first. */
  status: number;
  /** From the first struck call to the answer. */
  ms: number;
  violation?: string;
}

const ONLY_WRITES: readonly Fault[] = ['late', 'conflict'];

export const nameOf = ({ fault, on }: Omit<Blow, 'from'>): string => `${fault}${on ? ', from then on' : ''}`;
const isDone = ({ status }: Told): boolean => status >= 200 && status < 300;

/** The calls that this blow strikes: of those that it can strike, so many are let by. */
function striking({ fault, from, on, onlyWrites }: Blow): (call: Call) => Fault | undefined {
  let seen = 0;
  return (call) => {
    if ((onlyWrites || ONLY_WRITES.includes(fault)) && !isWrite(call)) return undefined;
    seen += 1;
    return seen === from || (on && seen > from) ? fault : undefined;
  };
}

/** Every entry of the chain, in order, each sealed with the one before it. */
export async function verify({ memberId, currency }: AccountId): Promise<number> {
  const { pk } = keys.entry(currency, memberId, 0);
  const items = await query<StoredEntry>({ pk, limit: 10_000 });
  let before: Entry | undefined;
  for (const [i, item] of items.entries()) {
    expect([Number(item.sk), holds(before, item)], 'the chain is whole').toEqual([i + 1, true]);
    before = load(item);
  }
  return items.length;
}

/** So many movements of somebody else meanwhile, which come to nothing. */
async function newer(accounts: readonly AccountId[], count: number): Promise<void> {
  for (const account of accounts) {
    for (let i = 0; i < count; i += 1) {
      await exchange(async (basis) => {
        const { account: own, heirId } = await balance(account);
        const { account: now } = heirId ? await balance({ ...account, memberId: heirId }) : { account: own };
        const movement = { kind: now.frozen ? 'THAW' : 'FREEZE', reference: `newer:${i}` } as const;
        return { writes: [(await move(account, movement, basis)).write], answer: null };
      });
    }
  }
}

const PATIENCE = 5;

/** All that an operation may touch. On a machine that is busy with much else a look may take longer than a call may. */
export async function look(prepared: Prepared, tries = PATIENCE): Promise<unknown> {
  try {
    return [await Promise.all(prepared.accounts.map((account) => sumsOf(account))), await prepared.others?.()];
  } catch (error) {
    if (tries === 1) throw error;
    return look(prepared, tries - 1);
  }
}

/** The same, once two looks agree: a look is several reads, and a write that was given up may still land between them. */
async function steadyLook(prepared: Prepared, before?: unknown): Promise<unknown> {
  const seen = await look(prepared);
  return before !== undefined && isDeepStrictEqual(seen, before) ? seen : steadyLook(prepared, seen);
}

/** The operation with all that it needs, in fair weather; a machine that is busy with much else gets another try. */
export async function readied(operation: Operation, tries = PATIENCE): Promise<Prepared> {
  try {
    return await operation.prepare();
  } catch (error) {
    if (tries === 1) throw error;
    return readied(operation, tries - 1);
  }
}

/** Sent again as a caller would: until it is not told to wait. */
async function sentAgain(prepared: Prepared, tries = PATIENCE): Promise<Told> {
  const answer = await prepared.run();
  return answer.status === 503 && tries > 1 ? sentAgain(prepared, tries - 1) : answer;
}

/** What everything looks like when it was done once, and nothing ever went wrong. */
async function doneWell(operation: Operation): Promise<unknown> {
  const prepared = await readied(operation);
  expect((await sentAgain(prepared)).status, `${operation.name} can be done at all`).toBeLessThan(300);
  return look(prepared);
}

/** After a fault: what was told is true, and the same again is the same; once, and only once. */
async function settleUp(
  prepared: Prepared,
  first: Told,
  { before, after }: { before: unknown; after: unknown },
): Promise<void> {
  const seen = await steadyLook(prepared);
  if (isDone(first)) expect(seen, 'what was said to be done is done').toEqual(after);
  else if (!prepared.inPieces) expect([before, after], 'nothing is half done').toContainEqual(seen);
  const again = await sentAgain(prepared);
  expect([isDone(again), await look(prepared)], 'the same again is done once').toEqual([true, after]);
  if (isDone(first)) expect(again, 'the same again is told the same').toEqual(first);
  expect(await sentAgain(prepared), 'and a third time').toEqual(again);
  expect(await look(prepared)).toEqual(after);
}

async function suffer(proxy: FaultProxy, operation: Operation, blow: Blow, after: unknown) {
  const prepared = await readied(operation);
  const before = await look(prepared);
  proxy.strike(striking(blow));
  const first = await prepared.run();
  const ended = performance.now();
  const { struck } = proxy.calm();
  if (struck.length === 0) return undefined;
  const ms = Math.round(ended - (struck[0]?.at ?? ended));
  const sure = isDone(first) || (first.status === 503 && first.retryAfter !== undefined);
  expect(sure, `done, or 503 with Retry-After, not ${first.status}`).toBe(true);
  if (blow.fault === 'late') await newer(prepared.accounts, blow.newer ?? 0);
  if (blow.fault === 'late' && !blow.on) await proxy.landLate();
  await settleUp(prepared, first, { before, after });
  await proxy.landLate();
  expect(await look(prepared), 'what lands late changes nothing').toEqual(after);
  for (const account of prepared.accounts) await verify(account);
  return { status: first.status, ms };
}

/** One cell of the matrix; undefined where the operation has no such call. */
export async function cell(
  proxy: FaultProxy,
  operation: Operation,
  blow: Blow,
  done = doneWell(operation),
): Promise<CellResult | undefined> {
  const named = { operation: operation.name, fault: nameOf(blow) };
  try {
    const result = await suffer(proxy, operation, blow, await done);
    return result && { ...named, ...result };
  } catch (error) {
    proxy.calm();
    const violation = `call ${blow.from}: ${error instanceof Error ? error.message : String(error)}`;
    return { ...named, status: 0, ms: 0, violation };
  }
}

/** The blow on every call of the operation in turn. */
export async function row(proxy: FaultProxy, operation: Operation, blow: Omit<Blow, 'from'>): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const done = doneWell(operation);
  for (let from = 1; ; from += 1) {
    const result = await cell(proxy, operation, { ...blow, from }, done);
    if (!result) return results;
    results.push(result);
  }
}
