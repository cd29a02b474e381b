import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../audit/findings.ts';
import { client, type Item, tableName, toAttributes } from '../../shared/table/client.ts';
import { openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';
import { plants } from './plants.ts';
import { randomWorld, verdict } from './random-world.ts';

openMall();

let items: Item[];
beforeAll(async () => {
  await randomWorld(4, { steps: 120 });
  items = await allItems();
}, 120_000);

const write = (item: Item) => client.send(new PutItemCommand({ TableName: tableName(), Item: toAttributes(item) }));
const remove = ({ pk, sk }: Item) =>
  client.send(new DeleteItemCommand({ TableName: tableName(), Key: toAttributes({ pk, sk }) }));

/** Puts everything back as it was. */
async function mend(touched: readonly Item[]): Promise<void> {
  for (const one of touched) {
    const before = items.find(({ pk, sk }) => pk === one.pk && sk === one.sk);
    await (before ? write(before) : remove(one));
  }
}

describe('a break that is written into the table', () => {
  it.each(plants)('is found as $invariant: $name', async ({ invariant, breaks }) => {
    const { put = [], remove: gone = [], key, at } = breaks(items);
    for (const item of gone) await remove(item);
    for (const item of put) await write(item);
    try {
      const { violations } = await verdict(at);
      const found = violations.filter((violation) => violation.invariant === invariant);
      expect(found.map((violation) => violation.key).filter((one) => one.includes(key))).not.toEqual([]);
    } finally {
      await mend([...put, ...gone]);
    }
  });

  it('is of each invariant in at least three ways, but for the record of staff, which has its own test', () => {
    const counts = Map.groupBy(plants, ({ invariant }) => invariant);
    const short = Object.keys(INVARIANTS).filter((one) => (counts.get(one as never)?.length ?? 0) < 3);
    expect(short).toEqual(['INV-25']);
  });
});
