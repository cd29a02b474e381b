import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, GetItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { Refusal } from '../../shared/errors.ts';
import type { Entry } from '../../shared/points/account.ts';
import { link, load, type StoredEntry } from '../../shared/points/chain.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { balance, move, POINTS, reference } from '../../shared/points/points.ts';
import { next } from '../../shared/points/rules.ts';
import { programme } from '../../shared/programme/programme.ts';
import { fromAttributes, tableName, toAttributes } from '../../shared/table/client.ts';
import { type Basis, exchange } from '../../shared/table/commit.ts';
import { keys } from '../../shared/table/keys.ts';
import { LAST_DAY, TODAY } from './ledger-operations.ts';
import { costOf, onlooker } from './measure.ts';
import { equivalents, rounded } from './meter.ts';
import { accountKey, naiveAccount, naiveBalance, post, type Side } from './naive.ts';
import { buy, memberWith } from './people.ts';

const ZONE = 'Asia/Shanghai';
const A_BATCH = 25;
const AT_ONCE = 8;

/** Writes items past every condition, not counted: history that has no interest of its own. */
async function writeAll(items: Iterable<Record<string, unknown>>, told: (written: number) => void): Promise<void> {
  let written = 0;
  const waiting = batchesOf(items);
  const writer = async () => {
    for (const batch of waiting) {
      let left: WriteRequest[] = batch;
      while (left.length > 0) {
        const answer = await onlooker().send(new BatchWriteItemCommand({ RequestItems: { [tableName()]: left } }));
        left = answer.UnprocessedItems?.[tableName()] ?? [];
      }
      written += batch.length;
      told(written);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
}

function* batchesOf(items: Iterable<Record<string, unknown>>): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  for (const item of items) {
    batch.push({ PutRequest: { Item: toAttributes(item) } });
    if (batch.length < A_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What comes after: a purchase's points, then a part of them spent, and so on. */
function movementAt(seq: number): Movement {
  const reference = `history:${randomUUID()}`;
  if (seq % 2 === 1) return { kind: 'SPEND', amount: 99, reference };
  return { kind: 'EARN', amount: 100, lastDay: LAST_DAY, rule: 'BASE@0', reference };
}

/** So many entries after this one, decided and linked by the product's own rule. */
function* chainAfter(head: Entry, length: number): Generator<Record<string, unknown>> {
  let before = head;
  for (let i = 0; i < length; i += 1) {
    const draft = next(before, movementAt(before.seq), { now: Date.now(), zone: ZONE });
    if (draft instanceof Refusal) throw draft;
    const item = link(before, draft, keys.entry(POINTS, before.memberId, before.seq + 1));
    yield { ...item };
    before = load(item);
  }
}

/** The lots that such a history leaves in the naive design, one for each purchase, spent by now. */
function* spentLots(account: string, length: number): Generator<Record<string, unknown>> {
  for (let i = 0; i < length; i += 1) {
    yield { pk: accountKey(account), sk: `LOT#${LAST_DAY}#${randomUUID()}`, left: 0, of: 100 };
  }
}

async function firstEntry(memberId: string): Promise<Entry> {
  const Key = toAttributes({ ...keys.entry(POINTS, memberId, 1) });
  const { Item } = await onlooker().send(new GetItemCommand({ TableName: tableName(), Key, ConsistentRead: true }));
  if (!Item) throw new Error('The member has no entry.');
  return load(fromAttributes<StoredEntry>(Item));
}

/** A member, and a naive account, with so many entries behind them, all but one lot's points spent. */
export async function withHistory(entries: number, told: (written: number) => void) {
  const memberId = await memberWith(1_000);
  await writeAll(chainAfter(await firstEntry(memberId), entries - 1), told);
  const account = await naiveAccount(1_000, TODAY, LAST_DAY);
  await writeAll(spentLots(account, Math.floor(entries / 2)), told);
  return { memberId, account };
}

/** The same three things, done by whoever has that history. */
function acts({ memberId, account }: Awaited<ReturnType<typeof withHistory>>) {
  const mine = { memberId, currency: POINTS };
  const spend = async (basis: Basis) => {
    const movement = { kind: 'SPEND', amount: 1, reference: reference('order', randomUUID()) } as const;
    return { writes: [(await move(mine, movement, basis)).write], answer: true };
  };
  const naively = (side: Omit<Side, 'account'>) => () => post(randomUUID(), TODAY, [{ account, ...side }]);
  const give = { lastDay: LAST_DAY, amount: 100 };
  return [
    { name: 'balance', ours: () => balance(mine), naive: () => naiveBalance(account, TODAY) },
    { name: 'spend', ours: () => exchange(spend), naive: naively({ kind: 'SPEND', take: 1 }) },
    { name: 'earn', ours: () => buy({ memberId }, 100), naive: naively({ kind: 'EARN', give }) },
  ] as const;
}

/** What an act costs with a long history behind it, beside the same with a short one. */
export interface Growth {
  name: string;
  ours: number;
  reference: number;
  ratio: number;
  naive: { ours: number; reference: number; ratio: number };
}

const compared = (ours: number, short: number) => ({ ours, reference: short, ratio: rounded(ours / short) });

/** How cost grows from `short` entries to `long`: ours, and the naive design's. */
export async function growth(
  [short, long]: readonly [number, number],
  told: (written: number) => void = () => {},
): Promise<Growth[]> {
  const [few, many] = [acts(await withHistory(short, told)), acts(await withHistory(long, told))];
  const found: Growth[] = [];
  for (const [i, { name, ours, naive }] of few.entries()) {
    const other = many[i] ?? few[0];
    await programme();
    const [a, b] = [equivalents(await costOf(other.ours)), equivalents(await costOf(ours))];
    const [c, d] = [equivalents(await costOf(other.naive)), equivalents(await costOf(naive))];
    found.push({ name: `history: ${name} at ${long} entries ÷ at ${short}`, ...compared(a, b), naive: compared(c, d) });
  }
  return found;
}
