import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { Refusal } from '../../shared/errors.ts';
import { client, getMany, type Reading } from '../../shared/table/client.ts';
import { commit, exchange } from '../../shared/table/commit.ts';
import { change, put } from '../../shared/table/writes.ts';
import { asTill, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { buy, giveBack } from '../support/purchases.ts';
import { leavingOver } from '../support/table.ts';

openMall();
afterEach(() => vi.restoreAllMocks());

const thing = () => ({ pk: `THING#${randomUUID()}`, sk: 'THING', type: 'thing', v: 1, n: 0 });

describe('the reading of an exchange', () => {
  it('is eventual where the first decision stands', async () => {
    const readings: Reading[] = [];
    await exchange(async ({ reading }) => {
      readings.push(reading);
      return { writes: [put(thing(), 'catalog.moved')], answer: null };
    });
    expect(readings).toEqual(['eventual']);
  });

  it('is consistent before a refusal is answered', async () => {
    const readings: Reading[] = [];
    const refused = exchange(async ({ reading }) => {
      readings.push(reading);
      throw new Refusal('points.insufficient');
    });
    await expect(refused).rejects.toMatchObject({ code: 'points.insufficient' });
    expect(readings).toEqual(['eventual', 'consistent']);
  });

  it('finds on the second look what the first came too early for', async () => {
    const { answer } = await exchange(async ({ reading }) => {
      if (reading === 'eventual') throw new Refusal('points.insufficient');
      return { writes: [], answer: 'served' };
    });
    expect(answer).toBe('served');
  });

  it('is not repeated when the table itself refused', async () => {
    const readings: Reading[] = [];
    const refused = exchange(async ({ reading }) => {
      readings.push(reading);
      return {
        writes: [change({ pk: `THING#${randomUUID()}`, sk: 'THING' }, { add: { n: 1 }, when: [] }, 'catalog.sold_out')],
        answer: null,
      };
    });
    await expect(refused).rejects.toMatchObject({ code: 'catalog.sold_out' });
    expect(readings).toEqual(['eventual']);
  });
});

describe('the reading of many items', () => {
  it('takes more than a batch holds, and what a batch left over', async () => {
    const things = Array.from({ length: 230 }, thing);
    for (const each of things) await commit([put(each, 'catalog.moved')]);
    const batches = leavingOver(2);
    const found = await getMany<{ pk: string }>(things.map(({ pk, sk }) => ({ pk, sk })));
    expect(found.map(({ pk }) => pk).toSorted()).toEqual(things.map(({ pk }) => pk).toSorted());
    expect(batches).toEqual([100, 100, 32]);
  });
});

describe('a purchase by member id', () => {
  it('costs two reads at half price and one transaction of two items', async () => {
    const memberId = await memberWith(10);
    await call(earningContract, 'report', {
      as: asTill(),
      body: { number: `W-${randomUUID()}`, amountFen: 100, member: { memberId } },
    });
    const sent = vi.spyOn(client, 'send');
    await call(earningContract, 'report', {
      as: asTill(),
      body: { number: `R-${randomUUID()}`, amountFen: 100, member: { memberId } },
    });
    const commands = sent.mock.calls
      .map(([command]) => command)
      .filter(({ input }) => !JSON.stringify(input).includes('PROGRAMME'));
    expect(commands.map(({ input }) => input)).toEqual([
      expect.objectContaining({ ConsistentRead: false }),
      expect.objectContaining({ ConsistentRead: false }),
      { TransactItems: [expect.anything(), expect.anything()], ClientRequestToken: expect.any(String) as string },
    ]);
  });
});

describe('a return', () => {
  it('costs two reads at half price and one transaction of three items', async () => {
    const { number } = await buy();
    await giveBack(number, { amountFen: 100 });
    const sent = vi.spyOn(client, 'send');
    await giveBack(number, { amountFen: 100 });
    const commands = sent.mock.calls
      .map(([command]) => command)
      .filter(({ input }) => !JSON.stringify(input).includes('PROGRAMME'));
    expect(commands.map(({ input }) => input)).toEqual([
      expect.objectContaining({ ConsistentRead: false }),
      expect.objectContaining({ ConsistentRead: false }),
      {
        TransactItems: [expect.anything(), expect.anything(), expect.anything()],
        ClientRequestToken: expect.any(String) as string,
      },
    ]);
  });
});
