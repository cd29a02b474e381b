import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { get } from '../../shared/table/client.ts';
import { commit } from '../../shared/table/commit.ts';
import { change, put } from '../../shared/table/writes.ts';
import { openFaultyMall } from './faulty-mall.ts';

const mall = openFaultyMall();
const thing = (more: object = {}) => ({ pk: `THING#${randomUUID()}`, sk: 'THING', type: 'thing', v: 1, n: 0, ...more });
const keyOf = ({ pk, sk }: { pk: string; sk: string }) => ({ pk, sk });
/** A change that is made as often as it arrives: what no write of the product may be. */
const naive = (item: { pk: string; sk: string }) => change(keyOf(item), { add: { n: 1 }, when: [] }, 'catalog.moved');

async function stored() {
  const item = thing();
  await commit([put(item, 'request.failed')]);
  return item;
}
const countOf = async (item: { pk: string; sk: string }) => (await get<{ n: number }>(keyOf(item)))?.n;

describe('the proxy of faults', () => {
  it('lets through what it does not strike, and sees what it is', async () => {
    mall.proxy.strike(() => undefined);
    const item = await stored();
    expect(await countOf(item)).toBe(0);
    const { calls, struck } = mall.proxy.calm();
    expect(calls.map(({ number, action }) => [number, action])).toEqual([
      [1, 'PutItem'],
      [2, 'GetItem'],
    ]);
    expect(struck).toEqual([]);
  });

  it.each([
    ['lost before', 1, 'once: the first try never arrived'],
    ['lost after', 2, 'twice: the reply was lost, and the SDK sent it again'],
    ['duplicate', 20, 'twenty times'],
    ['throttled', 1, 'once, at the second try'],
    ['failed', 1, 'once, at the second try'],
  ] as const)('%s: a naive addition is made %i times (%s)', async (...given) => {
    const [fault, times] = given;
    const item = await stored();
    mall.proxy.strike(({ number }) => (number === 1 ? fault : undefined));
    await commit([naive(item)]);
    mall.proxy.calm();
    expect(await countOf(item)).toBe(times);
  });

  it('late: what the caller has long sent again lands when it is told to', async () => {
    const item = await stored();
    mall.proxy.strike(({ number }) => (number === 1 ? 'late' : undefined));
    await commit([naive(item)]);
    mall.proxy.calm();
    expect(await countOf(item)).toBe(1);
    expect(await mall.proxy.landLate()).toMatchObject([{ status: 200 }]);
    expect(await countOf(item)).toBe(2);
  });

  it('conflict: as DynamoDB words it, for one write and for a transaction', async () => {
    const [one, other] = [await stored(), thing()];
    mall.proxy.strike(() => 'conflict');
    await expect(commit([naive(one)])).rejects.toMatchObject({ code: 'table.conflict' });
    await expect(commit([naive(one), put(other, 'catalog.moved')])).rejects.toMatchObject({ code: 'table.conflict' });
    mall.proxy.calm();
    expect(await countOf(one)).toBe(0);
  });

  it('black hole: a call ends, and is not taken for an answer', async () => {
    const item = await stored();
    mall.proxy.strike(() => 'black hole');
    await expect(commit([naive(item)])).rejects.toThrow();
    mall.proxy.calm();
    expect(await countOf(item)).toBe(0);
  });
});
