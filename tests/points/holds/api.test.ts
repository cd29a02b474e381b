import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { earningContract } from '../../../shared/earning/contract.ts';
import { pointsContract } from '../../../shared/points/contract.ts';
import { holdsContract } from '../../../shared/points/holds/contract.ts';
import { timeOut } from '../../../shared/points/holds/holds.ts';
import { move } from '../../../shared/points/points.ts';
import { programmeContract } from '../../../shared/programme/contract.ts';
import { initialPolicy } from '../../../shared/programme/initial-policy.ts';
import { commit } from '../../../shared/table/commit.ts';
import { asMember, asRuler, asTill, type Called, type CallOptions, call, type Who } from '../../support/call.ts';
import { clock, openMall } from '../../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../../support/people.ts';
import { allItems, cancelled, losingReplies, trouble } from '../../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
const IN_TIME = '2026-11-23T04:14:59.999Z';
const OVER = '2026-11-23T04:15:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

const shop = asTill('holds:write');
const other: Who = { ...shop, id: 'till-2' };

const make = (memberId: string, points: number, { body = {}, ...options }: CallOptions = {}) =>
  call(holdsContract, 'make', { as: shop, body: { member: { memberId }, points, ...(body as object) }, ...options });
const read = async (holdId: string) => (await call(holdsContract, 'read', { as: shop, params: { holdId } })).body;
const capture = (holdId: string, points?: number, options: CallOptions = {}) =>
  call(holdsContract, 'capture', {
    as: shop,
    params: { holdId },
    ...(points !== undefined && { body: { points } }),
    ...options,
  });
const release = (holdId: string, options: CallOptions = {}) =>
  call(holdsContract, 'release', { as: shop, params: { holdId }, ...options });
const account = async (memberId: string) => (await call(pointsContract, 'account', { as: asMember(memberId) })).body;
const kinds = async (memberId: string) => {
  const { body } = await call(pointsContract, 'entries', { as: asMember(memberId) });
  return (body.items as { kind: string; amount: number }[]).map(({ kind, amount }) => `${kind} ${amount}`);
};
const told = ({ status, body }: Called) => `${status} ${String(body.code)}`;

async function held(points = 100, more: object = {}): Promise<{ memberId: string; holdId: string }> {
  const memberId = await memberWith(points);
  const { status, body } = await make(memberId, points, { body: more });
  expect(status).toBe(201);
  return { memberId, holdId: body.holdId as string };
}

const ALWAYS_BUSY = () => cancelled('TransactionConflict');

describe('POST /v1/holds', () => {
  it('201 sets points aside for 15 minutes, and the member sees them held', async () => {
    const memberId = await memberWith(128);
    const { status, body } = await make(memberId, 100, { body: { note: '订单 17' } });
    expect([status, body]).toEqual([
      201,
      {
        holdId: expect.stringMatching(/^hld_/),
        memberId,
        currency: 'POINTS',
        points: 100,
        status: 'HELD',
        note: '订单 17',
        heldAt: START,
        expiresAt: OVER,
        ended: null,
      },
    ]);
    expect(await account(memberId)).toMatchObject({ available: 28, held: 100 });
    expect(await read(body.holdId as string)).toEqual(body);
  });

  it('201 for as many minutes as are asked for, up to a day', async () => {
    const memberId = await memberWith(2);
    for (const [minutes, expiresAt] of [
      [1, '2026-11-23T04:01:00.000Z'],
      [1_440, '2026-11-24T04:00:00.000Z'],
    ]) {
      expect((await make(memberId, 1, { body: { minutes } })).body).toMatchObject({ expiresAt });
    }
  });

  it('201 by phone and by external id, for who is a member', async () => {
    const phone = somePhone();
    for (const member of [{ phone }, { externalId: 'crm-1' }]) {
      const bought = { number: `H-${randomUUID()}`, amountFen: 500, member };
      await call(earningContract, 'report', { as: asTill(), body: bought });
      expect((await call(holdsContract, 'make', { as: shop, body: { member, points: 5 } })).status).toBe(201);
    }
  });

  it('201 again with the same key is the same hold, whatever became of it, and holds once', async () => {
    const memberId = await memberWith(100);
    const first = await make(memberId, 100, { key: 'h-1' });
    const again = await make(memberId, 100, { key: 'h-1' });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    await capture(first.body.holdId as string);
    const later = await make(memberId, 100, { key: 'h-1' });
    expect(later.body).toMatchObject({ holdId: first.body.holdId, points: 100, status: 'CAPTURED' });
    expect(await kinds(memberId)).toEqual(['CAPTURE 0', 'HOLD -100', 'EARN 100']);
  });

  it('201 once when 20 ask at once with one key, and when the answer is lost on the way', async () => {
    const memberId = await memberWith(100);
    const all = await Promise.all(Array.from({ length: 20 }, () => make(memberId, 5, { key: 'h-20' })));
    expect(new Set(all.map(({ status, body }) => `${status} ${String(body.holdId)}`)).size).toBe(1);
    const lost = losingReplies();
    const { status } = await make(memberId, 5, { key: 'h-lost' });
    lost.mockRestore();
    expect([status, await availableOf(memberId)]).toEqual([201, 90]);
  });

  it('400 request.invalid for what is no hold', async () => {
    const memberId = await memberWith(1);
    for (const body of [
      { points: 0 },
      { points: 1.5 },
      { points: 1_000_000_001 },
      { minutes: 0 },
      { minutes: 1_441 },
      { currency: 'points' },
      { currency: 'NO_SUCH' },
      { note: 'a\nb' },
      { member: { phone: '138' } },
      { member: { memberId, phone: somePhone() } },
    ]) {
      expect(told(await make(memberId, 1, { body })), JSON.stringify(body)).toBe('400 request.invalid');
    }
  });

  it('404 members.not_found for whoever is no member, and nobody is registered by it', async () => {
    const before = await allItems();
    for (const member of [
      { phone: somePhone() },
      { externalId: 'nobody' },
      { memberId: 'mem_00000000000000000000000000' },
    ]) {
      expect(told(await call(holdsContract, 'make', { as: shop, body: { member, points: 1 } }))).toBe(
        '404 members.not_found',
      );
    }
    expect(await allItems()).toHaveLength(before.length);
  });

  it('409 points.insufficient for more than is available, also when it is held already', async () => {
    const { memberId } = await held(100);
    const refused = await make(memberId, 1);
    expect([told(refused), refused.body.missing]).toEqual(['409 points.insufficient', 1]);
  });

  it('409 points.frozen while spending is stopped; what was held before can still be used', async () => {
    const { memberId, holdId } = await held(50);
    const freeze = { kind: 'FREEZE', reference: 'freeze:1' } as const;
    const basis = { at: Date.parse(START), reading: 'consistent' } as const;
    await commit([(await move({ memberId, currency: 'POINTS' }, freeze, basis)).write]);
    expect(told(await make(memberId, 1))).toBe('409 points.frozen');
    expect((await capture(holdId)).status).toBe(200);
  });

  it('409 points.too_many_holds for one more than 100 on one account', async () => {
    const memberId = await memberWith(200);
    const basis = { at: Date.parse(START), reading: 'consistent' } as const;
    for (let i = 0; i < 100; i += 1) {
      const one = { kind: 'HOLD', amount: 1, reference: `hold:${i}` } as const;
      await commit([(await move({ memberId, currency: 'POINTS' }, one, basis)).write]);
    }
    const refused = await make(memberId, 1);
    expect([told(refused), refused.body.limit]).toEqual(['409 points.too_many_holds', 100]);
  });

  it('422 request.key_reused for another wish under the same key', async () => {
    const memberId = await memberWith(100);
    await make(memberId, 10, { key: 'h-2' });
    for (const body of [{ points: 11 }, { minutes: 16 }, { note: 'x' }]) {
      expect(told(await make(memberId, 10, { key: 'h-2', body }))).toBe('422 request.key_reused');
    }
    expect(await availableOf(memberId)).toBe(90);
  });

  it('503 points.busy when the account moves without end, and nothing is held', async () => {
    const memberId = await memberWith(10);
    const busy = trouble(() => cancelled('None', 'ConditionalCheckFailed'));
    const refused = await make(memberId, 10);
    busy.mockRestore();
    expect([told(refused), refused.headers['retry-after'], await availableOf(memberId)]).toEqual([
      '503 points.busy',
      '1',
      10,
    ]);
  });

  it('403 auth.forbidden without the scope', async () => {
    const memberId = await memberWith(1);
    expect(told(await make(memberId, 1, { as: asTill() }))).toBe('403 auth.forbidden');
    expect(told(await make(memberId, 1, { as: asMember(memberId) }))).toBe('403 auth.forbidden');
  });
});

describe('GET /v1/holds/{holdId}', () => {
  it('404 points.hold_not_found for another client’s hold, and for one that never was, alike', async () => {
    const { holdId } = await held();
    const absent = 'hld_00000000000000000000000000';
    for (const [as, id] of [
      [other, holdId],
      [shop, absent],
    ] as const) {
      for (const name of ['read', 'capture', 'release'] as const) {
        const refused = await call(holdsContract, name, { as, params: { holdId: id } });
        expect(told(refused)).toBe('404 points.hold_not_found');
        expect(Object.keys(refused.body)).not.toContain('holdId');
      }
    }
    expect(await read(holdId)).toMatchObject({ status: 'HELD' });
  });

  it('200 says that its time is over from that instant, whether or not it was swept', async () => {
    const { holdId } = await held();
    clock(IN_TIME);
    expect(await read(holdId)).toMatchObject({ status: 'HELD' });
    clock(OVER);
    expect(await read(holdId)).toMatchObject({ status: 'TIMED_OUT', ended: null });
  });
});

describe('POST /v1/holds/{holdId}/capture', () => {
  it('200 uses all of it when nothing is said, at any time up to its last moment', async () => {
    const { memberId, holdId } = await held();
    clock(IN_TIME);
    const { status, body } = await capture(holdId);
    expect([status, body.status, body.ended]).toEqual([
      200,
      'CAPTURED',
      { at: IN_TIME, captured: 100, returned: 0, lapsed: 0 },
    ]);
    expect(await account(memberId)).toMatchObject({ available: 0, held: 0, lifetime: { spent: 100 } });
  });

  it('200 uses a part of it and returns the rest in the same entry', async () => {
    const { memberId, holdId } = await held();
    const { body } = await capture(holdId, 30);
    expect(body).toMatchObject({ points: 100, ended: { captured: 30, returned: 70, lapsed: 0 } });
    expect(await kinds(memberId)).toEqual(['CAPTURE 70', 'HOLD -100', 'EARN 100']);
    expect(await account(memberId)).toMatchObject({ available: 70, held: 0, lifetime: { spent: 30 } });
  });

  it('200 after the last day of what it holds; the rest gets days of grace, because the shop caused it', async () => {
    clock('2026-12-31T15:50:00.000Z');
    const { memberId, holdId } = await held();
    clock('2026-12-31T16:02:00.000Z');
    expect(await account(memberId)).toMatchObject({ available: 0, held: 100 });
    const { body } = await capture(holdId, 30);
    expect(body.ended).toMatchObject({ captured: 30, returned: 70, lapsed: 0 });
    expect((await account(memberId)).lots).toEqual([{ lastDay: '2027-01-31', amount: 70, grace: true }]);
  });

  it('200 forfeits the rest after its last day where the programme gives no grace', async () => {
    const refund = { policy: 'ORIGINAL_LOT', graceDays: 0 };
    const replace = (body: object) => call(programmeContract, 'replace', { as: asRuler, body });
    expect((await replace({ ...initialPolicy, refund })).status).toBe(200);
    clock('2026-12-31T15:50:00.000Z');
    const { memberId, holdId } = await held();
    clock('2026-12-31T16:02:00.000Z');
    expect((await capture(holdId, 30)).body.ended).toMatchObject({ captured: 30, returned: 0, lapsed: 70 });
    expect(await kinds(memberId)).toEqual(['EXPIRE -70', 'CAPTURE 70', 'HOLD -100', 'EARN 100']);
    clock(START);
    expect((await replace(initialPolicy)).status).toBe(200);
  });

  it('200 again with the same key is the same answer; 422 request.key_reused for another amount', async () => {
    const { memberId, holdId } = await held();
    const first = await capture(holdId, 30, { key: 'c-1' });
    const again = await capture(holdId, 30, { key: 'c-1' });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    clock('2026-11-24T04:00:00.000Z');
    expect((await capture(holdId, 30, { key: 'c-1' })).body).toEqual(first.body);
    expect(told(await capture(holdId, 31, { key: 'c-1' }))).toBe('422 request.key_reused');
    expect(told(await capture(holdId, undefined, { key: 'c-1' }))).toBe('422 request.key_reused');
    expect(await availableOf(memberId)).toBe(70);
  });

  it('409 points.hold_ended says how it ended', async () => {
    const [captured, released] = [await held(), await held()];
    await capture(captured.holdId);
    await release(released.holdId);
    for (const [{ holdId }, how] of [
      [captured, 'CAPTURED'],
      [released, 'RELEASED'],
    ] as const) {
      for (const refused of [await capture(holdId), await capture(holdId, 101), await release(holdId)]) {
        expect([told(refused), refused.body.holdStatus]).toEqual(['409 points.hold_ended', how]);
      }
    }
  });

  it('409 points.hold_ended from the instant its time is over, whether or not it was swept', async () => {
    const { memberId, holdId } = await held();
    clock(OVER);
    for (const refused of [await capture(holdId), await release(holdId)]) {
      expect([told(refused), refused.body.holdStatus]).toEqual(['409 points.hold_ended', 'TIMED_OUT']);
    }
    expect(await timeOut(holdId)).toBe(true);
    expect(await timeOut(holdId)).toBe(false);
    expect(told(await capture(holdId))).toBe('409 points.hold_ended');
    expect(await availableOf(memberId)).toBe(100);
  });

  it('409 points.hold_exceeded for more than it holds, and it goes on', async () => {
    const { holdId } = await held();
    const refused = await capture(holdId, 101);
    expect([told(refused), refused.body.held]).toEqual(['409 points.hold_exceeded', 100]);
    expect(await read(holdId)).toMatchObject({ status: 'HELD' });
  });

  it('503 points.busy when tries run out, and the hold goes on', async () => {
    const { holdId } = await held();
    const busy = trouble(() => cancelled('ConditionalCheckFailed', 'None'));
    const refused = await capture(holdId);
    busy.mockRestore();
    expect([told(refused), (await read(holdId)).status]).toEqual(['503 points.busy', 'HELD']);
    const conflict = trouble(ALWAYS_BUSY);
    expect(told(await release(holdId))).toBe('503 request.busy');
    conflict.mockRestore();
  });

  it('200 when the answer of the table is lost on the way', async () => {
    const { memberId, holdId } = await held();
    const lost = losingReplies();
    const { status, body } = await capture(holdId, 40);
    lost.mockRestore();
    expect([status, body.status, await availableOf(memberId)]).toEqual([200, 'CAPTURED', 60]);
  });
});

describe('POST /v1/holds/{holdId}/release', () => {
  it('200 gives all of it back to the lots it came from, and the same key is the same answer', async () => {
    const { memberId, holdId } = await held();
    const first = await release(holdId, { key: 'r-1' });
    expect(first.body).toMatchObject({ status: 'RELEASED', ended: { captured: 0, returned: 100, lapsed: 0 } });
    const again = await release(holdId, { key: 'r-1' });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    expect(await account(memberId)).toMatchObject({
      held: 0,
      lots: [{ lastDay: '2026-12-31', amount: 100, grace: false }],
    });
  });

  it('200 after the last day makes a grace lot', async () => {
    clock('2026-12-31T15:50:00.000Z');
    const { memberId, holdId } = await held();
    clock('2026-12-31T16:02:00.000Z');
    await release(holdId);
    expect((await account(memberId)).lots).toEqual([{ lastDay: '2027-01-31', amount: 100, grace: true }]);
  });
});

describe('one ending', () => {
  it('wins when 20 captures and releases come at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { memberId, holdId } = await held();
      const tries = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? capture(holdId, 60) : release(holdId)));
      const all = await Promise.all(tries);
      const won = all.filter(({ status }) => status === 200);
      const lost = all.filter(({ status }) => status !== 200).map((one) => told(one));
      expect([won.length, new Set(lost)]).toEqual([1, new Set(['409 points.hold_ended'])]);
      expect(await availableOf(memberId)).toBe(won[0]?.body.status === 'CAPTURED' ? 40 : 100);
      expect(await kinds(memberId)).toHaveLength(3);
    }
  });

  it('wins when time-outs meet captures that began in time', async () => {
    const { memberId, holdId } = await held();
    clock(IN_TIME);
    const captures = Array.from({ length: 10 }, () => capture(holdId));
    clock(OVER);
    await Promise.allSettled(Array.from({ length: 10 }, () => timeOut(holdId)));
    const won = (await Promise.all(captures)).filter(({ status }) => status === 200).length;
    await timeOut(holdId);
    expect([won, (await read(holdId)).status]).toEqual(won === 1 ? [1, 'CAPTURED'] : [0, 'TIMED_OUT']);
    expect(await kinds(memberId)).toHaveLength(3);
    expect(await account(memberId)).toMatchObject({ held: 0, available: won === 1 ? 0 : 100 });
  });
});
