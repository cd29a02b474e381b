import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { switchClient, turn } from '../../shared/table/switches.ts';
import { asMember, asTill, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';

openMall();

const start = performance.now();
let later = 0;
vi.spyOn(performance, 'now').mockImplementation(() => start + later);

/** Half a minute passes, so that every container looks again. */
const halfAMinute = () => (later += 30_000);

afterEach(async () => {
  await turn('spend', 'on', 'the test is over');
  await turn('earn', 'on', 'the test is over');
  halfAMinute();
});

const redeem = (memberId: string, productId: string) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId }, key: randomUUID() });

const report = (memberId: string) =>
  call(earningContract, 'report', {
    as: asTill(),
    body: { number: randomUUID(), amountFen: 10_000, member: { memberId } },
    key: randomUUID(),
  });

describe('a switch', () => {
  it('503 mall.switched_off for spending, half a minute later at most; earning goes on, and nothing is taken', async () => {
    const memberId = await memberWith(200);
    const productId = await gift();
    expect(await turn('spend', 'off', 'a gift has the wrong price')).toEqual(['spend']);
    halfAMinute();
    const { status, body, headers } = await redeem(memberId, productId);
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'mall.switched_off', '60']);
    const held = await call(holdsContract, 'make', {
      as: asTill('holds:write'),
      body: { member: { memberId }, points: 1 },
    });
    expect([held.status, held.body.code]).toEqual([503, 'mall.switched_off']);
    const as = asMember(memberId);
    const given = await call(pointsContract, 'give', {
      as,
      body: { to: { memberId: await memberWith(1) }, points: 1 },
    });
    const exchanged = await call(pointsContract, 'exchange', {
      as,
      body: { from: 'POINTS', to: 'COINS', points: 100 },
    });
    for (const answer of [given, exchanged]) expect(answer.body.code).toBe('mall.switched_off');
    expect((await report(memberId)).status).toBe(201);
    expect(await availableOf(memberId)).toBe(300);
  });

  it('503 mall.switched_off for earning; spending goes on', async () => {
    const memberId = await memberWith(200);
    const productId = await gift();
    await turn('earn', 'off', 'a till sends everything twice');
    halfAMinute();
    const { status, body } = await report(memberId);
    expect([status, body.code]).toEqual([503, 'mall.switched_off']);
    expect((await redeem(memberId, productId)).status).toBe(201);
  });

  it('is on again when it is turned on, and turning twice changes nothing', async () => {
    const memberId = await memberWith(200);
    const productId = await gift();
    expect(await turn('spend', 'off', 'once')).toEqual(['spend']);
    expect(await turn('earn', 'off', 'and the other')).toEqual(['earn', 'spend']);
    expect(await turn('spend', 'off', 'twice')).toEqual(['earn', 'spend']);
    halfAMinute();
    expect((await redeem(memberId, productId)).status).toBe(503);
    expect(await turn('spend', 'on', 'mended')).toEqual(['earn']);
    halfAMinute();
    expect((await redeem(memberId, productId)).status).toBe(201);
  });

  it('stays as it was last known while it cannot be read', async () => {
    const memberId = await memberWith(200);
    const productId = await gift();
    await turn('spend', 'off', 'a gift has the wrong price');
    halfAMinute();
    expect((await redeem(memberId, productId)).status).toBe(503);
    halfAMinute();
    const broken = vi
      .spyOn(switchClient, 'send')
      .mockImplementation((() => Promise.reject(new Error('unreachable'))) as never);
    expect((await redeem(memberId, productId)).body.code).toBe('mall.switched_off');
    expect(broken).toHaveBeenCalledOnce();
    broken.mockRestore();
  });

  it('is asked about once in 20 seconds, not with every request', async () => {
    const memberId = await memberWith(200);
    halfAMinute();
    await report(memberId);
    const sent = vi.spyOn(switchClient, 'send');
    await report(memberId);
    await report(memberId);
    expect(sent).not.toHaveBeenCalled();
    sent.mockRestore();
  });
});
