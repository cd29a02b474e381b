import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { addDays } from '../../shared/platform/calendar-day.ts';
import { digest } from '../../shared/platform/digest.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asRuler, asStaff, call } from '../support/call.ts';
import { bus, clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith } from '../support/people.ts';
import { moveNow, recordsHold, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, losingReplies, recordOf } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
const YEAR_END = '2026-12-31';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const staff = asStaff('points.adjust', 'points.read');
const chief = asStaff('points.adjust', 'points.adjust_beyond');
const reason = 'Goodwill';

const adjust = (body: object, { as = staff, key = randomUUID() } = {}) =>
  call(pointsStaffContract, 'adjust', { as, key, body: { reason, ...body } });
const undo = (adjustmentId: unknown, body: object = {}, { as = staff, key = randomUUID() } = {}) =>
  call(pointsStaffContract, 'undo', {
    as,
    key,
    params: { adjustmentId: String(adjustmentId) },
    body: { reason: 'A mistake', ...body },
  });
const account = async (memberId: string, currency = 'POINTS') =>
  (await call(pointsStaffContract, 'account', { as: staff, params: { memberId }, query: { currency } })).body;
const up = (memberId: string, points: number, more: object = {}, options = {}) =>
  adjust({ direction: 'UP', memberId, points, ...more }, options);
const down = (memberId: string, points: number, more: object = {}, options = {}) =>
  adjust({ direction: 'DOWN', memberId, points, ...more }, options);
const spend = (memberId: string, amount: number) =>
  moveNow(memberId, { kind: 'SPEND', amount, reference: `order:${randomUUID()}` });
const earn = (memberId: string, amount: number, lastDay = YEAR_END) =>
  moveNow(memberId, { kind: 'EARN', amount, lastDay, rule: 'BASE@0', reference: `purchase:${randomUUID()}` });
const lot = (lastDay: string, amount: number, grace = false) => ({ lastDay, amount, grace });

/** All that one account holds. */
const rich = { lots: { [YEAR_END]: 1e12 - 1 }, pending: {}, forfeits: {}, debt: 0 };

describe('POST /v1/adjustments', () => {
  it('201 gives points to the last day that the policy says, with who, what and why', async () => {
    const memberId = await memberWith(10);
    const as = { ...staff, id: `staff-${randomUUID().slice(0, 8)}` };
    const { status, body } = await up(memberId, 100, {}, { as });
    expect(status).toBe(201);
    expect(body).toEqual({
      adjustmentId: expect.stringMatching(/^adj_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      memberId,
      currency: 'POINTS',
      direction: 'UP',
      points: 100,
      lots: [lot(YEAR_END, 100)],
      owed: 0,
      lost: 0,
      reason,
      by: `client:${as.id}`,
      at: START,
      undone: null,
    });
    expect(await availableOf(memberId)).toBe(110);
    const params = { adjustmentId: body.adjustmentId as string };
    expect((await call(pointsStaffContract, 'readAdjustment', { as: staff, params })).body).toEqual(body);
    const did = { adjustmentId: body.adjustmentId, currency: 'POINTS', direction: 'UP', amount: 100 };
    const after = digest({ ...did, lots: { [YEAR_END]: 100 }, owed: 0, lost: 0, version: 1 });
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    const who = { clientId: `client:${as.id}`, seq: 1, at: START, act: 'points-staff.adjust' };
    const where = {
      approval: null,
      from: expect.stringMatching(/^203\.0\.\d+\.0\/24$/),
      requestId: expect.any(String) as string,
    };
    const told = { ...who, subject: memberId, why: reason, before: null, after, ...where, hash };
    expect(await recordsOf(memberId)).toEqual([told]);
    await recordsHold();
  });

  it('201 gives coins, to a day of one’s own, up to that day itself', async () => {
    const memberId = await memberWith(1);
    expect((await up(memberId, 5, { currency: 'COINS' })).body.lots).toEqual([lot('9999-12-31', 5)]);
    expect((await up(memberId, 5, { lastDay: '2026-11-23' })).body.lots).toEqual([lot('2026-11-23', 5)]);
    expect(await account(memberId, 'COINS')).toMatchObject({ available: 5 });
  });

  it('201 takes the earliest last day first', async () => {
    const memberId = await memberWith(100);
    await up(memberId, 50, { lastDay: '2026-12-01' });
    const { body } = await down(memberId, 60);
    expect(body.lots).toEqual([lot('2026-12-01', 50), lot(YEAR_END, 10)]);
    expect(await availableOf(memberId)).toBe(90);
  });

  it('201 owes, or leaves be, what is not there, when that is asked for and permitted', async () => {
    const [one, other] = [await memberWith(30), await memberWith(30)];
    const owing = await down(one, 50, { shortage: 'DEBT' }, { as: chief });
    expect(owing.body).toMatchObject({ points: 50, owed: 20, lost: 0, lots: [lot(YEAR_END, 30)] });
    expect(await account(one)).toMatchObject({ available: 0, debt: 20 });
    const clamped = await down(other, 50, { shortage: 'CLAMP' }, { as: chief });
    expect(clamped.body).toMatchObject({ points: 50, owed: 0, lost: 20 });
    expect(await account(other)).toMatchObject({ available: 0, debt: 0 });
  });

  it('201 again for the same key: the same adjustment, said to be replayed, one record', async () => {
    const memberId = await memberWith(100);
    const key = randomUUID();
    const first = await down(memberId, 100, {}, { key });
    clock('2026-11-24T04:00:00.000Z');
    const again = await down(memberId, 100, {}, { key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect(await recordsOf(memberId)).toHaveLength(1);
  });

  it('201 twenty times at once under one key: one adjustment, one record', async () => {
    const memberId = await memberWith(100);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => down(memberId, 30, {}, { key })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect([answers[0]?.status, await availableOf(memberId)]).toEqual([201, 70]);
    expect(await recordsOf(memberId)).toHaveLength(1);
  });

  it('201 once when replies are lost', async () => {
    const memberId = await memberWith(100);
    losingReplies();
    const { status, body } = await down(memberId, 30);
    expect([status, (await undo(body.adjustmentId)).status]).toEqual([201, 200]);
    vi.restoreAllMocks();
    expect(await availableOf(memberId)).toBe(100);
    expect(await recordsOf(memberId)).toHaveLength(2);
  });

  it('422 request.key_reused for another wish under the key', async () => {
    const memberId = await memberWith(100);
    const key = randomUUID();
    await down(memberId, 10, {}, { key });
    expect(told(await down(memberId, 11, {}, { key }))).toBe('422 request.key_reused');
    expect(told(await down(memberId, 10, { reason: 'Another' }, { key }))).toBe('422 request.key_reused');
    expect(await availableOf(memberId)).toBe(90);
  });

  it('409 points.insufficient says how many are missing, also to a clamp that would take none', async () => {
    const memberId = await memberWith(30);
    const { status, body } = await down(memberId, 50);
    expect([status, body.code, body.missing, body.available]).toEqual([409, 'points.insufficient', 20, 30]);
    const nobody = await memberWith(0.5);
    expect(told(await down(nobody, 50, { shortage: 'CLAMP' }, { as: chief }))).toBe('409 points.insufficient');
    expect([await availableOf(memberId), await recordsOf(memberId)]).toEqual([30, []]);
  });

  it('409 points.lapsed_day for a last day that is over, also when it would pay a debt', async () => {
    const memberId = await memberWith(30);
    const { status, body } = await up(memberId, 50, { lastDay: '2026-11-22' });
    expect([status, body.code, body.lastDay]).toEqual([409, 'points.lapsed_day', '2026-11-22']);
    await down(memberId, 130, { shortage: 'DEBT' }, { as: chief });
    expect(told(await up(memberId, 50, { lastDay: '2026-11-22' }))).toBe('409 points.lapsed_day');
    expect(await account(memberId)).toMatchObject({ available: 0, debt: 100 });
  });

  it('409 points.limit for more than an account holds', async () => {
    const memberId = await memberWith(1);
    await moveNow(memberId, { kind: 'MERGE_IN', reference: 'merge:rich', party: 'mem_RICH', from: rich });
    const { status, body } = await up(memberId, 1);
    expect([status, body.code, body.limit]).toEqual([409, 'points.limit', 1e12]);
  });

  it('409 points.too_many_lots for a 41st last day', async () => {
    const memberId = await memberWith(1);
    for (let i = 1; i < 40; i += 1) {
      expect((await up(memberId, 1, { lastDay: addDays('2027-01-01', i) })).status).toBe(201);
    }
    expect(told(await up(memberId, 1, { lastDay: '2028-01-01' }))).toBe('409 points.too_many_lots');
  });

  it('404 members.not_found for one who never was', async () => {
    expect(told(await up(`mem_${'0'.repeat(26)}`, 1))).toBe('404 members.not_found');
  });

  it('400 request.key_missing without a key', async () => {
    const body = { direction: 'UP', memberId: await memberWith(1), points: 1, reason };
    expect(told(await call(pointsStaffContract, 'adjust', { as: staff, body, key: null }))).toBe(
      '400 request.key_missing',
    );
  });

  it.each<[string, object]>([
    ['a currency that the programme has not', { direction: 'UP', currency: 'RICE' }],
    ['no direction', {}],
    ['no reason', { direction: 'UP', reason: undefined }],
    ['a blank reason', { direction: 'UP', reason: ' ' }],
    ['0 points', { direction: 'UP', points: 0 }],
    ['half a point', { direction: 'UP', points: 0.5 }],
    ['−1 point', { direction: 'DOWN', points: -1 }],
    ['more than a billion', { direction: 'UP', points: 1_000_000_001 }],
    ['a last day of points that are taken', { direction: 'DOWN', lastDay: YEAR_END }],
    ['a shortage of points that are given', { direction: 'UP', shortage: 'DEBT' }],
    ['a day that does not exist', { direction: 'UP', lastDay: '2026-02-30' }],
  ])('400 request.invalid for %s', async (_, more) => {
    expect(told(await adjust({ memberId: await memberWith(1), points: 1, ...more }))).toBe('400 request.invalid');
  });

  it('403 auth.forbidden for DEBT and CLAMP without the permission to go beyond', async () => {
    const memberId = await memberWith(10);
    for (const shortage of ['DEBT', 'CLAMP']) {
      const { status, body } = await down(memberId, 1, { shortage });
      expect([status, body.code, body.needs]).toEqual([403, 'auth.forbidden', 'points.adjust_beyond']);
    }
    expect((await down(memberId, 1, { shortage: 'REFUSE' })).status).toBe(201);
  });

  it.each(strangers('points.adjust'))('%s, and to read and to undo alike', async (title, as) => {
    const params = { adjustmentId: `adj_${'0'.repeat(26)}` };
    const body = { direction: 'UP', memberId: `mem_${'0'.repeat(26)}`, points: 1, reason };
    expect(told(await call(pointsStaffContract, 'adjust', { as, body }))).toBe(title);
    expect(told(await call(pointsStaffContract, 'readAdjustment', { as, params }))).toBe(title);
    expect(told(await call(pointsStaffContract, 'undo', { as, params, body: { reason } }))).toBe(title);
  });
});

describe('POST /v1/adjustments/{adjustmentId}/undo', () => {
  it('200 takes back from the lots it gave, before others; says who and why; the record says what changed', async () => {
    const memberId = await memberWith(100);
    const { body } = await up(memberId, 50, { lastDay: '2027-06-30' });
    clock('2026-11-24T04:00:00.000Z');
    const undone = await undo(body.adjustmentId);
    const by = { reason: 'A mistake', by: 'client:staff-1', at: '2026-11-24T04:00:00.000Z', owed: 0, lapsed: 0 };
    expect([undone.status, undone.body]).toEqual([200, { ...body, undone: by }]);
    expect((await account(memberId)).lots).toEqual([lot(YEAR_END, 100)]);
    const [second, first] = await recordsOf(memberId);
    expect([second?.act, second?.why, second?.before]).toEqual(['points-staff.undo', 'A mistake', first?.after]);
  });

  it('200 gives back to the lots it drew', async () => {
    const memberId = await memberWith(100);
    await up(memberId, 50, { lastDay: '2026-12-01' });
    const before = await account(memberId);
    const { body } = await down(memberId, 70);
    await undo(body.adjustmentId);
    expect((await account(memberId)).lots).toEqual(before.lots);
  });

  it('200 cancels the debt that it made, and lots are as they were', async () => {
    const memberId = await memberWith(30);
    await up(memberId, 5, { lastDay: '2027-06-30' });
    const before = await account(memberId);
    const { body } = await down(memberId, 100, { shortage: 'DEBT' }, { as: chief });
    expect(await account(memberId)).toMatchObject({ available: 0, debt: 65 });
    await undo(body.adjustmentId);
    const { available, debt, lots } = await account(memberId);
    expect([available, debt, lots]).toEqual([35, 0, before.lots]);
  });

  it('200 gives back what was paid off the debt meanwhile as points of today', async () => {
    const memberId = await memberWith(0.5);
    await up(memberId, 30, { lastDay: '2027-06-30' });
    const { body } = await down(memberId, 100, { shortage: 'DEBT' }, { as: chief });
    await earn(memberId, 45, '2027-12-31');
    expect(await account(memberId)).toMatchObject({ available: 0, debt: 25 });
    await undo(body.adjustmentId);
    const { available, debt, lots } = await account(memberId);
    expect([available, debt, lots]).toEqual([75, 0, [lot(YEAR_END, 45), lot('2027-06-30', 30)]]);
  });

  it('200 owes again what it had paid off a debt, without any leave to go beyond', async () => {
    const memberId = await memberWith(30);
    await down(memberId, 50, { shortage: 'DEBT' }, { as: chief });
    const { body } = await up(memberId, 100);
    expect(await account(memberId)).toMatchObject({ available: 80, debt: 0 });
    const undone = await undo(body.adjustmentId);
    expect(undone.body).toMatchObject({ undone: { owed: 20 } });
    expect(await account(memberId)).toMatchObject({ available: 0, debt: 20 });
  });

  it('409 points.insufficient when it was spent; 200 when the rest is owed, or let be', async () => {
    const give = async () => {
      const memberId = await memberWith(0.5);
      const { body } = await up(memberId, 100);
      await spend(memberId, 60);
      return { memberId, adjustmentId: body.adjustmentId };
    };
    const [one, other, gone] = [await give(), await give(), await give()];
    const { status, body } = await undo(one.adjustmentId);
    expect([status, body.code, body.missing, body.available]).toEqual([409, 'points.insufficient', 60, 40]);
    expect(told(await undo(one.adjustmentId, { shortage: 'DEBT' }))).toBe('403 auth.forbidden');
    expect((await undo(one.adjustmentId, { shortage: 'DEBT' }, { as: chief })).body).toMatchObject({
      undone: { owed: 60 },
    });
    expect(await account(one.memberId)).toMatchObject({ available: 0, debt: 60 });
    expect((await undo(other.adjustmentId, { shortage: 'CLAMP' }, { as: chief })).status).toBe(200);
    expect(await account(other.memberId)).toMatchObject({ available: 0, debt: 0 });
    await spend(gone.memberId, 40);
    const clamp = await undo(gone.adjustmentId, { shortage: 'CLAMP' }, { as: chief });
    expect(told(clamp)).toBe('409 points.insufficient');
  });

  it('409 points.lapsed_day once what it gave has lapsed: no other points are taken for it', async () => {
    const memberId = await memberWith(1);
    const { body } = await up(memberId, 50, { lastDay: '2026-11-30' });
    clock('2026-11-30T16:00:00.000Z');
    await earn(memberId, 100);
    const { status, body: refused } = await undo(body.adjustmentId);
    expect([status, refused.code, refused.lastDay]).toEqual([409, 'points.lapsed_day', '2026-11-30']);
    expect(await availableOf(memberId)).toBe(101);
  });

  it('200 gives a grace lot where a day has passed, as the programme says', async () => {
    const memberId = await memberWith(100);
    const { body } = await down(memberId, 60);
    clock('2027-01-10T04:00:00.000Z');
    await undo(body.adjustmentId);
    expect((await account(memberId)).lots).toEqual([lot('2027-02-09', 60, true)]);
  });

  it('200 says what lapsed at once where the programme gives no grace', async () => {
    const body = { ...initialPolicy, refund: { policy: 'ORIGINAL_LOT', graceDays: 0 } };
    const memberId = await memberWith(100);
    const taken = await down(memberId, 60);
    clock('2027-01-10T04:00:00.000Z');
    await call(programmeContract, 'replace', { as: asRuler, body });
    const undone = await undo(taken.body.adjustmentId);
    await call(programmeContract, 'replace', { as: asRuler, body: initialPolicy });
    expect(undone.body).toMatchObject({ undone: { lapsed: 60 } });
    expect(await account(memberId)).toMatchObject({ available: 0, lots: [] });
  });

  it('200 gives back only what a clamp took', async () => {
    const memberId = await memberWith(30);
    const { body } = await down(memberId, 100, { shortage: 'CLAMP' }, { as: chief });
    await undo(body.adjustmentId);
    expect(await account(memberId)).toMatchObject({ available: 30, debt: 0 });
  });

  it('200 again for the same key; 409 points.adjustment_undone for another; 422 request.key_reused', async () => {
    const memberId = await memberWith(100);
    const { body } = await down(memberId, 60);
    const key = randomUUID();
    const first = await undo(body.adjustmentId, {}, { key });
    const again = await undo(body.adjustmentId, {}, { key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    expect(told(await undo(body.adjustmentId))).toBe('409 points.adjustment_undone');
    expect(told(await undo(body.adjustmentId, { reason: 'Other' }, { key }))).toBe('422 request.key_reused');
    expect([await availableOf(memberId), (await recordsOf(memberId)).length]).toEqual([100, 2]);
  });

  it('200 once of 10 at once with keys of their own; the others 409 points.adjustment_undone', async () => {
    const memberId = await memberWith(100);
    const { body } = await down(memberId, 60);
    const answers = await Promise.all(Array.from({ length: 10 }, () => undo(body.adjustmentId)));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual([
      '200',
      ...Array<string>(9).fill('409 points.adjustment_undone'),
    ]);
    expect([await availableOf(memberId), (await recordsOf(memberId)).length]).toEqual([100, 2]);
  });

  it('404 points.adjustment_not_found, and to read alike', async () => {
    const adjustmentId = `adj_${'0'.repeat(26)}`;
    expect(told(await undo(adjustmentId))).toBe('404 points.adjustment_not_found');
    const read = await call(pointsStaffContract, 'readAdjustment', { as: staff, params: { adjustmentId } });
    expect(told(read)).toBe('404 points.adjustment_not_found');
  });
});

describe('a request to undo', () => {
  it.each<[string, object]>([
    ['no reason', { reason: undefined }],
    ['a shortage of returns', { shortage: 'OFFSET_CASH' }],
    ['points of one’s own', { points: 1 }],
  ])('400 request.invalid for %s', async (_, body) => {
    const made = await up(await memberWith(1), 1);
    expect(told(await undo(made.body.adjustmentId, body))).toBe('400 request.invalid');
  });
});

describe('what an adjustment says on the bus', () => {
  it('is points.adjusted_down and then points.adjusted_up, and no reason', async () => {
    const memberId = await memberWith(100);
    const { body } = await down(memberId, 60, { reason: 'Canary' });
    await undo(body.adjustmentId);
    const entries = (await allItems()).filter(({ pk }) => pk.endsWith(`#${memberId}`) && pk.startsWith('LEDGER'));
    bus.events.length = 0;
    await announcer({ Records: entries.map((item, i) => recordOf(String(i), item)) });
    const said = bus.events.map(({ DetailType }) => DetailType).toSorted();
    expect(said).toContain('points.adjusted_down');
    expect(said).toContain('points.adjusted_up');
    expect(JSON.stringify([bus.events, entries])).not.toContain('Canary');
    const { body: mine } = await call(pointsStaffContract, 'entries', { as: staff, params: { memberId } });
    expect((mine.items as { kind: string }[]).map(({ kind }) => kind)).toEqual(['ADJUST_UP', 'ADJUST_DOWN', 'EARN']);
  });
});
