import { randomUUID } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { keys } from '../../shared/table/keys.ts';
import { insert, naiveAccount, post, read, replace } from './naive.ts';

/** A document of the naive design, which counts its changes. */
export interface Stored {
  pk: string;
  sk: string;
  version: number;
}

export const keyOf = (kind: string, id: string) => ({ pk: `NAIVE-${kind}#${id}`, sk: kind });

export async function stored(kind: string, id: string): Promise<Stored> {
  const found = await read<Stored>(keyOf(kind, id));
  if (!found) throw new Error(`The naive ${kind} is not there.`);
  return found;
}

export const changed = (document: Stored, more: object = {}): TransactWriteItem =>
  replace({ ...document, ...more, version: document.version + 1 }, 'version', document.version);

/** A member with an account of 1,000 points, and a product of which 10 are left. */
export async function naiveWorld(today: string, lastDay: string): Promise<{ account: string; product: string }> {
  const [account, product] = [await naiveAccount(1_000, today, lastDay), randomUUID()];
  const documents = [
    insert({ ...keyOf('MEMBER', account), version: 1 }),
    insert({ ...keyOf('PRODUCT', product), pricePoints: 100, version: 1 }),
    insert({ ...keyOf('STOCK', product), left: 10, version: 1 }),
  ];
  await post(randomUUID(), today, [], documents);
  return { account, product };
}

/** Reports a purchase: the member is looked at, the purchase is written down, the points become a lot. */
export async function naiveEarn(account: string, today: string, lastDay: string): Promise<string> {
  await stored('MEMBER', account);
  const number = randomUUID();
  const purchase = insert({ ...keyOf('PURCHASE', number), account, amountFen: 10_000, points: 100, version: 1 });
  await post(number, today, [{ account, kind: 'EARN', give: { lastDay, amount: 100 } }], [purchase]);
  return number;
}

/** Takes a return of a half. */
export async function naiveReturn(account: string, purchase: string, today: string): Promise<void> {
  const number = randomUUID();
  const document = insert({ ...keyOf('RETURN', number), purchase, account, amountFen: 5_000, version: 1 });
  const noted = changed(await stored('PURCHASE', purchase), { returnedFen: 5_000 });
  await post(number, today, [{ account, kind: 'CLAWBACK', take: 50 }], [document, noted]);
}

/** Redeems one piece. The order is found by member and by status, as ours is. */
export async function naiveRedeem(account: string, product: string, today: string): Promise<void> {
  const orderId = randomUUID();
  await stored('PRODUCT', product);
  const stock = await stored('STOCK', product);
  const order = {
    ...keyOf('ORDER', orderId),
    ...keys.memberOrders(account, today, orderId),
    ...keys.statusOrders('PENDING_SHIPMENT', today, orderId),
    account,
    product,
    points: 100,
    version: 1,
  };
  const documents = [insert(order), changed(stock, { left: 9 })];
  await post(orderId, today, [{ account, kind: 'SPEND', take: 100 }], documents);
}

/** Sets points aside; open holds are found by when they end, as ours are. */
export async function naiveHold(account: string, today: string): Promise<string> {
  await stored('MEMBER', account);
  const holdId = randomUUID();
  const hold = { ...keyOf('HOLD', holdId), ...keys.openHolds(today, holdId), account, amount: 100, version: 1 };
  await post(holdId, today, [{ account, kind: 'HOLD', take: 100 }], [insert(hold)]);
  return holdId;
}

/** Uses what was set aside. */
export async function naiveCapture(account: string, holdId: string, today: string): Promise<void> {
  const { gsi2pk: _, gsi2sk: __, ...hold } = (await stored('HOLD', holdId)) as Stored & Record<string, unknown>;
  await post(randomUUID(), today, [{ account, kind: 'CAPTURE' }], [changed(hold, { status: 'CAPTURED' })]);
}

const staffRecord = (what: string, subject: string, today: string) => {
  const id = randomUUID();
  const index = { gsi1pk: `NAIVE-STAFF#${subject}`, gsi1sk: id, gsi2pk: `NAIVE-STAFF#${today}`, gsi2sk: id };
  return insert({ ...keyOf('STAFF', id), ...index, what, subject, why: 'the bench' });
};

/** Staff give points: the adjustment, and the record of who did it, found by subject and by day as ours is. */
export async function naiveAdjust(account: string, today: string, lastDay: string): Promise<void> {
  await stored('MEMBER', account);
  const id = randomUUID();
  const documents = [
    insert({ ...keyOf('ADJUSTMENT', id), account, amount: 100, why: 'the bench', version: 1 }),
    staffRecord('adjust', account, today),
  ];
  await post(id, today, [{ account, kind: 'ADJUST_UP', give: { lastDay, amount: 100 } }], documents);
}

/** Staff merge two members: all points of one go to the other, in both currencies. */
export async function naiveMerge(account: string, heir: string, today: string, lastDay: string): Promise<void> {
  await stored('MEMBER', account);
  await stored('MEMBER', heir);
  const sides = [
    { account, kind: 'MERGE_OUT', take: 1_000 },
    { account: heir, kind: 'MERGE_IN', give: { lastDay, amount: 1_000 } },
    { account: `${account}#COINS`, kind: 'MERGE_OUT' },
    { account: `${heir}#COINS`, kind: 'MERGE_IN' },
  ];
  await post(`merge:${account}`, today, sides, [staffRecord('merge', account, today)]);
}
