import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { equivalents, meter } from '../../bin/bench/meter.ts';
import { report } from '../../shared/earning/earning.ts';
import { balance, move, POINTS } from '../../shared/points/points.ts';
import { client } from '../../shared/table/client.ts';
import { exchange } from '../../shared/table/commit.ts';
import { openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';

openMall();

const spend = (memberId: string) =>
  exchange(async (basis) => {
    const reference = `order:${randomUUID()}`;
    const { write } = await move({ memberId, currency: POINTS }, { kind: 'SPEND', amount: 1, reference }, basis);
    return { writes: [write], answer: true };
  });
const earn = (memberId: string) =>
  report({ number: `T-${randomUUID()}`, amountFen: 12_860, member: { memberId }, occurredAt: undefined }, 'till-1');

it.each([
  ['balance', 0.2, (memberId: string) => balance({ memberId, currency: POINTS })],
  ['spend', 1.2, spend],
  ['earn', 4.2, earn],
] as const)('%s costs at most %f', async (_, budget, run) => {
  const memberId = await memberWith(1_000);
  await run(memberId);
  const { count, stop } = meter(client, new DynamoDBClient({}));
  await run(memberId);
  stop();
  console.log(_, JSON.stringify(count), equivalents(count));
  expect(count.calls).toBeGreaterThan(0);
  expect(equivalents(count)).toBeLessThanOrEqual(budget);
});
