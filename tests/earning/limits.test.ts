import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asRuler, asTill, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';

openMall();
beforeAll(async () => {
  const body = { ...initialPolicy, earning: { ...initialPolicy.earning, rateBps: 1_000_000 } };
  expect((await call(programmeContract, 'replace', { as: asRuler, body })).status).toBe(200);
});

const report = (amountFen: number) =>
  call(earningContract, 'report', {
    as: asTill(),
    body: { number: `L-${randomUUID()}`, amountFen, member: { phone: somePhone() } },
  });

describe('a purchase that earns very much', () => {
  it('201 for as many points as one movement takes', async () => {
    const { status, body } = await report(1_000_000_000);
    expect([status, body.points]).toEqual([201, 1_000_000_000]);
    expect(await availableOf(body.memberId as string)).toBe(1_000_000_000);
  });

  it('409 points.limit for one more, and nothing is written', async () => {
    const before = await allItems();
    const { status, body } = await report(1_000_000_001);
    expect([status, body.code]).toEqual([409, 'points.limit']);
    expect(await allItems()).toHaveLength(before.length);
  });
});
