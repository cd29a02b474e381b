import { expect, it } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import { asMember, call } from '../support/call.ts';
import { counting } from '../support/long-chain.ts';
import { openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { allItems } from '../support/table.ts';

openMall();

const give = async (left: number) => {
  const [giver, to] = [await memberWith(100), await memberWith(100)];
  const before = await allItems();
  const options = { as: asMember(giver), body: { to: { memberId: to }, points: 5 }, left };
  const { answer, calls } = await counting(() => call(pointsContract, 'give', options));
  return { answer, calls, changed: (await allItems()).length - before.length };
};

it('503 request.busy before the function is stopped: its calls to the table have no more time than it has', async () => {
  const { answer, calls, changed } = await give(500);
  expect(answer).toMatchObject({ status: 503, body: { code: 'request.busy' }, headers: { 'retry-after': '1' } });
  // The account; and the programme, where a second has passed since it was read.
  expect(calls).toBeLessThanOrEqual(2);
  expect(changed).toBe(0);
});

it('201 with time enough', async () => {
  expect(await give(10_000)).toMatchObject({ answer: { status: 201 }, changed: 2 });
});
