import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as onLotOpened } from '../../functions/points/on-points-lot-opened.ts';
import { wakeUps } from '../../infra/constructs/wake-ups.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { SWITCHES } from '../../shared/http/switches.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { listOff, turn as turnSwitch } from '../../shared/staff/switching.ts';
import type { Item } from '../../shared/table/client.ts';
import { switchClient } from '../../shared/table/switches.ts';
import { asMember, asTill, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { recordsHold, recordsOf } from '../support/staff.ts';
import { allItems, force, losingReplies } from '../support/table.ts';

openMall();

const REACTION = 'points/on-points-lot-opened';

const start = performance.now();
let later = 0;
vi.spyOn(performance, 'now').mockImplementation(() => start + later);

/** Half a minute passes, so that every container looks again. */
const halfAMinute = () => (later += 30_000);

const turn = (name: string, to: 'on' | 'off', why: string, who = 'tester') => turnSwitch({ name, to, why, who });

afterEach(async () => {
  await turn('spend', 'on', 'the test is over');
  await turn('earn', 'on', 'the test is over');
  await turn(REACTION, 'on', 'the test is over');
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

describe('a turn of a switch', () => {
  const records = async () => (await recordsOf('switches')).map(({ act, clientId, why }) => [act, clientId, why]);
  const item = async () => (await allItems()).find(({ type }) => type === 'switches');

  it('leaves a record of who, what and why, and none where nothing changed', async () => {
    await turn('earn', 'off', 'tills send twice', 'li');
    await turn('earn', 'off', 'again', 'wang');
    await turn('earn', 'on', 'mended', 'wang');
    const theirs = (await records()).filter(([, who]) => who === 'operator:li' || who === 'operator:wang');
    expect(theirs.toSorted(([a = ''], [b = '']) => String(a).localeCompare(String(b)))).toEqual([
      ['switches.off:earn', 'operator:li', 'tills send twice'],
      ['switches.on:earn', 'operator:wang', 'mended'],
    ]);
    await recordsHold();
  });

  it('can be read of what is off: who, since when, why; of a turn that was recorded without its switch, only that', async () => {
    expect(await listOff()).toEqual([]);
    clock(new Date(Date.now() + 60_000).toISOString());
    await turn('spend', 'off', 'the first time', 'zhao');
    await turn('spend', 'on', 'mended', 'zhao');
    clock(new Date(Date.now() + 60_000).toISOString());
    await turn('spend', 'off', 'a gift has the wrong price', 'zhao');
    await turn('earn', 'off', 'tills send twice', 'qian');
    const [earn, spend] = await listOff();
    expect(earn).toMatchObject({ name: 'earn', by: 'operator:qian', why: 'tills send twice' });
    expect(spend).toMatchObject({ name: 'spend', by: 'operator:zhao', why: 'a gift has the wrong price' });
    expect(spend?.at).toEqual(expect.any(Number));
    const [switches] = (await allItems()).filter(({ type }) => type === 'switches');
    await force({ ...switches, off: new Set(['sms']) } as Item);
    expect(await listOff()).toEqual([{ name: 'sms' }]);
    await turn('sms', 'on', 'the test is over');
  });

  it('loses none of several at once: each takes effect and is recorded, one version after the other', async () => {
    const version = Number((await item())?.['version'] ?? 0);
    const before = (await records()).length;
    const turns = ['earn', 'spend', REACTION].map((name) => turn(name, 'off', `all of it: ${name}`, 'chen'));
    await Promise.all(turns);
    expect(await item()).toMatchObject({ off: new Set(['earn', 'spend', REACTION]), version: version + 3 });
    expect((await records()).length).toBe(before + 3);
    await recordsHold();
  });

  it('is done and recorded once when replies are lost', async () => {
    const before = (await records()).length;
    const lost = losingReplies();
    expect(await turn('spend', 'off', 'a lost reply')).toEqual(['spend']);
    lost.mockRestore();
    expect((await records()).length).toBe(before + 1);
  });
});

describe('a reaction', () => {
  const event = {
    detail: { memberId: `mem_${'0'.repeat(26)}`, currency: 'POINTS', lastDay: '2026-12-31' },
    'detail-type': 'points.lot_opened',
  };
  const wake = () => onLotOpened(event as unknown as Parameters<typeof onLotOpened>[0]);
  const noted = async () => (await allItems()).filter(({ type }) => type === 'lapse').length;

  it('fails and writes nothing while it is off, and does its work when it is on again', async () => {
    await turn(REACTION, 'off', 'it writes nonsense');
    halfAMinute();
    await expect(wake()).rejects.toThrow('mall.switched_off');
    expect(await noted()).toBe(0);
    await turn(REACTION, 'on', 'mended');
    halfAMinute();
    await wake();
    await wake();
    expect(await noted()).toBe(1);
  });

  it('has a switch, each of them', () => {
    const reactions = wakeUps(new URL('../../functions', import.meta.url).pathname).filter(({ by }) => by === 'event');
    expect(SWITCHES.slice(3)).toEqual(reactions.map(({ entry }) => entry));
  });
});
