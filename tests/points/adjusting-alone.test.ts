import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { partnersContract } from '../../shared/partners/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { asPerson, asRuler, asStaff, call, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, losingReplies } from '../support/table.ts';

/** 12:00 in Shanghai. */
const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

/** At once 10, so 100 a day. */
const LIMIT = 10;
const rule = (policy: object) => call(programmeContract, 'replace', { as: asRuler, body: policy });
beforeAll(() => rule({ ...initialPolicy, adjustments: { maxPointsAlone: LIMIT } }));
afterAll(() => rule(initialPolicy));

const somebody = (...more: string[]): Who => asPerson(`stf_${randomUUID()}`, 'points.adjust', 'points.read', ...more);
const machine = (...more: string[]): Who => ({ ...asStaff('points.adjust', ...more), id: `staff-${randomUUID()}` });
const adjust = (as: Who, memberId: string, points: number, more: object = {}, key = randomUUID()) =>
  call(pointsStaffContract, 'adjust', {
    as,
    key,
    body: { direction: 'UP', memberId, points, reason: 'Goodwill', ...more },
  });
const nameOf = ({ id, sessionId }: Who) => `${sessionId === '' ? 'client' : 'person'}:${id}`;

/** The sums of a caller, by day. */
async function sumsOf(as: Who): Promise<Record<string, unknown>> {
  const items = (await allItems()).filter(({ type, by }) => type === 'adjusted-alone' && by === nameOf(as));
  return Object.fromEntries(items.map(({ day, points }) => [String(day), points]));
}

/** A caller who has adjusted so many points alone today. */
async function having(points: number, memberId: string, as = somebody()): Promise<Who> {
  for (let left = points; left > 0; left -= LIMIT)
    expect((await adjust(as, memberId, Math.min(left, LIMIT))).status).toBe(201);
  return as;
}

/** A client of staff with these permissions, as somebody makes it. */
async function clientOf(as: Who, ...grants: string[]): Promise<Who> {
  const body = { kind: 'staff', name: 'A tool', grants };
  const made = await call(partnersContract, 'makeClient', { as, body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { ...asStaff(...grants), id: made.body.clientId as string };
}

const down = { direction: 'DOWN' };
const coins = { currency: 'COINS' };
const OVER = '409 staff.approval_needed';

describe('what one caller adjusts alone in a day', () => {
  it.each([
    [
      'ten of the most at once, and then none',
      90,
      [
        [10, {}, '201'],
        [1, {}, OVER],
      ],
      100,
    ],
    [
      'up and down together',
      85,
      [
        [10, down, '201'],
        [6, {}, OVER],
        [6, down, OVER],
        [5, down, '201'],
      ],
      100,
    ],
    [
      'all currencies together',
      85,
      [
        [10, coins, '201'],
        [6, coins, OVER],
        [6, {}, OVER],
        [5, {}, '201'],
      ],
      100,
    ],
    [
      'what is too much at once not',
      0,
      [
        [11, {}, OVER],
        [11, down, OVER],
      ],
      undefined,
    ],
    [
      'what was refused for something else not',
      95,
      [
        [5, { ...down, ...coins }, '409 points.insufficient'],
        [5, {}, '201'],
      ],
      100,
    ],
    [
      'by what was asked for, where less was there',
      90,
      [
        [2, coins, '201'],
        [5, { ...down, ...coins, shortage: 'CLAMP' }, '201'],
        [4, {}, OVER],
        [3, {}, '201'],
      ],
      100,
    ],
  ] as const)('adds up %s', async (_, before, steps, sum) => {
    const memberId = await memberWith(3);
    const as = await having(before, memberId, somebody('points.adjust_beyond'));
    for (const [points, more, said] of steps) expect(told(await adjust(as, memberId, points, more))).toBe(said);
    expect((await sumsOf(as))['2026-11-23']).toBe(sum);
  });

  it('says what may be done alone, and what is left of the day', async () => {
    const memberId = await memberWith(1);
    const as = await having(97, memberId);
    for (const points of [4, 11]) {
      const { body } = await adjust(as, memberId, points);
      expect([body.code, body.maxPointsAlone, body.leftToday]).toEqual(['staff.approval_needed', LIMIT, 3]);
    }
    expect(await availableOf(memberId)).toBe(98);
  });

  it('is each caller’s own, also of a client that nobody made by the API; and of one who may do it alone, nothing is counted', async () => {
    const memberId = await memberWith(1);
    const client = await having(100, memberId, machine());
    expect(told(await adjust(client, memberId, 1))).toBe(OVER);
    expect(told(await adjust(somebody(), memberId, 1))).toBe('201');
    const chief = await having(50, memberId, machine('points.adjust_alone'));
    expect(told(await adjust(chief, memberId, 5_000))).toBe('201');
    expect(await sumsOf(chief)).toEqual({});
  });

  it('is one of a person and of all clients that they make, and that those make', async () => {
    const memberId = await memberWith(1);
    const owner = await having(80, memberId, somebody('partners.manage'));
    const one = await clientOf(owner, 'points.adjust', 'partners.manage');
    const others = [await clientOf(owner, 'points.adjust'), await clientOf(one, 'points.adjust')];
    for (const as of others) expect(told(await adjust(as, memberId, 10))).toBe('201');
    for (const as of [owner, one, ...others, await clientOf(one, 'points.adjust')]) {
      const { body } = await adjust(as, memberId, 1);
      expect([body.code, body.leftToday]).toEqual(['staff.approval_needed', 0]);
      expect(await sumsOf(as)).toEqual(as === owner ? { '2026-11-23': 100 } : {});
    }
    const another = await clientOf(somebody('partners.manage'), 'points.adjust');
    expect(told(await adjust(another, memberId, 1))).toBe('201');
  });

  it('lets exactly one through of four clients of one person that come at once at the edge', async () => {
    const members = await Promise.all(Array.from({ length: 4 }, () => memberWith(1)));
    const owner = await having(95, members[0] ?? '', somebody('partners.manage'));
    const clients = await Promise.all(members.map(() => clientOf(owner, 'points.adjust')));
    const answers = await Promise.all(clients.map((as, i) => adjust(as, members[i] ?? '', 5)));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual(['201', OVER, OVER, OVER]);
    expect(await sumsOf(owner)).toEqual({ '2026-11-23': 100 });
  });

  it('goes by the programme as it is now, and never below nothing', async () => {
    const memberId = await memberWith(1);
    const as = await having(30, memberId);
    await rule({ ...initialPolicy, adjustments: { maxPointsAlone: 2 } });
    const { body } = await adjust(as, memberId, 1);
    expect([body.code, body.maxPointsAlone, body.leftToday]).toEqual(['staff.approval_needed', 2, 0]);
    await rule({ ...initialPolicy, adjustments: { maxPointsAlone: LIMIT } });
    expect(told(await adjust(as, memberId, 1))).toBe('201');
  });

  it('is free again with the next day of the programme', async () => {
    const memberId = await memberWith(1);
    const as = await having(100, memberId);
    clock('2026-11-23T15:59:59.999Z');
    expect(told(await adjust(as, memberId, 1))).toBe(OVER);
    clock('2026-11-23T16:00:00.000Z');
    expect(told(await adjust(as, memberId, 10))).toBe('201');
    expect(await sumsOf(as)).toEqual({ '2026-11-23': 100, '2026-11-24': 10 });
  });

  it('lets exactly one through of two, or of eight, that come at once at the edge', async () => {
    const members = await Promise.all(Array.from({ length: 8 }, () => memberWith(1)));
    for (const crowd of [members.slice(0, 2), members]) {
      const as = await having(95, members[0] ?? '');
      const answers = await Promise.all(crowd.map((memberId) => adjust(as, memberId, 5)));
      const said = answers.map((answer) => told(answer)).toSorted();
      expect(said).toEqual(['201', ...Array<string>(crowd.length - 1).fill(OVER)]);
      expect((await sumsOf(as))['2026-11-23']).toBe(100);
    }
  });

  it('counts a repeat once, also when replies are lost', async () => {
    const [memberId, key, as] = [await memberWith(1), randomUUID(), somebody()];
    const spy = losingReplies();
    for (let i = 0; i < 3; i += 1) expect(told(await adjust(as, memberId, 10, {}, key))).toBe('201');
    spy.mockRestore();
    expect(await sumsOf(as)).toEqual({ '2026-11-23': 10 });
    await having(90, memberId, as);
    const again = await adjust(as, memberId, 10, {}, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(await availableOf(memberId)).toBe(101);
  });

  it('gets nothing back from undoing', async () => {
    const memberId = await memberWith(1);
    const as = await having(90, memberId);
    const { body } = await adjust(as, memberId, 10);
    const params = { adjustmentId: body.adjustmentId as string };
    const undone = await call(pointsStaffContract, 'undo', { as, params, body: { reason: 'A mistake' } });
    expect(undone.status).toBe(200);
    expect(told(await adjust(as, memberId, 1))).toBe(OVER);
  });

  it('is not what a second person approves: that goes through, and counts for neither', async () => {
    const memberId = await memberWith(1);
    const [ann, bo] = [await having(100, memberId), somebody('approvals.decide')];
    expect(told(await adjust(ann, memberId, 7))).toBe(OVER);
    const body = { direction: 'UP', memberId, points: 7, reason: 'Goodwill' };
    const proposed = await call(pointsStaffContract, 'proposeAdjustment', { as: ann, body });
    const params = { approvalId: proposed.body.approvalId as string };
    expect((await call(approvalsContract, 'approve', { as: bo, params })).status).toBe(200);
    expect(await availableOf(memberId)).toBe(108);
    expect([await sumsOf(ann), await sumsOf(bo)]).toEqual([{ '2026-11-23': 100 }, {}]);
  });
});
