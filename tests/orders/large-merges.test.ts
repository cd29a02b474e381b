import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ordersContract } from '../../shared/orders/contract.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { permissionsOf } from '../../shared/staff/rules.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, asPerson, asRuler, asStaff, asTill, type CallOptions, call, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { recordsHold, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, beforeWrite, losingReplies, stillInProgress } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

/** At once 10, so 100 a day. */
const LIMIT = 10;
const RULES = { ...initialPolicy, adjustments: { maxPointsAlone: LIMIT } };
const rule = (body: object) => call(programmeContract, 'replace', { as: asRuler, body });
beforeAll(() => rule(RULES));
afterAll(() => rule(initialPolicy));

const REASON = 'One person';
const OVER = '409 staff.approval_needed';
const NOBODY = `mem_${'0'.repeat(26)}`;
const inRole = (...roles: Parameters<typeof permissionsOf>[0]) =>
  asPerson(`stf_${randomUUID()}`, ...permissionsOf(roles));
const [ann, bo] = [inRole('operator'), inRole('operator')];
const nameOf = ({ id }: Who) => `person:${String(id)}`;

type Asking = Pick<CallOptions, 'as'> & { key?: string; reason?: string };
const asked = (memberId: string, into: string, { reason = REASON, ...more }: Asking) => ({
  as: ann,
  params: { memberId },
  body: { into, reason },
  ...more,
});
const merge = (memberId: string, into: string, more: Asking = {}) =>
  call(ordersContract, 'merge', asked(memberId, into, more));
const propose = (memberId: string, into: string, more: Asking = {}) =>
  call(ordersContract, 'proposeMerge', asked(memberId, into, more));
const proposed = async (memberId: string, into: string): Promise<string> => {
  const { status, body } = await propose(memberId, into);
  expect(status, JSON.stringify(body)).toBe(202);
  return body.approvalId as string;
};
const approve = (approvalId: string, as = bo) => call(approvalsContract, 'approve', { as, params: { approvalId } });
const statusOf = async (approvalId: string) =>
  (await call(approvalsContract, 'read', { as: bo, params: { approvalId } })).body.status;
const two = async (one = LIMIT + 1, other = 5) => [await memberWith(one), await memberWith(other)] as const;
const redeem = (memberId: string, productId: string) =>
  call(ordersContract, 'place', { as: asMember(memberId), body: { productId } });

/** Who adjusts as much as it takes. */
const chief = asStaff('points.adjust', 'points.adjust_alone');
const adjust = (memberId: string, points: number, more: object = {}, as = chief) =>
  call(pointsStaffContract, 'adjust', { as, body: { direction: 'UP', memberId, points, reason: 'x', ...more } });
const coins = async (memberId: string, points: number) =>
  expect(told(await adjust(memberId, points, { currency: 'COINS' }))).toBe('201');

/** Points that wait for their day. */
async function pending(memberId: string, points: number): Promise<void> {
  await rule({ ...RULES, earning: { ...initialPolicy.earning, availableAfterDays: 7 } });
  expect((await buy({ member: { memberId }, amountFen: points * 100 })).memberId).toBe(memberId);
  await rule(RULES);
}

/** What this caller did alone on this day. */
async function sumOf(as: Who): Promise<unknown> {
  return (await allItems()).find(({ type, by }) => type === 'adjusted-alone' && by === nameOf(as))?.['points'];
}

/** Records of two people at one instant are in no order. */
const later = () => clock(new Date(Date.now() + 1_000).toISOString());
/** No reaction runs here, so nobody keeps the lapse calendar. */
const clean = async () => {
  expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  await recordsHold();
};

describe('a merge that moves more than one may alone', () => {
  it.each<[string, (old: string) => Promise<void>]>([
    ['available', async (old) => void (await adjust(old, 1))],
    ['in another currency', (old) => coins(old, 1)],
    ['pending', (old) => pending(old, 1)],
  ])('409 staff.approval_needed where too many points are %s, and nothing has moved', async (_, add) => {
    const [old, heir] = await two(LIMIT);
    await add(old);
    const { status, body } = await merge(old, heir, { as: inRole('operator') });
    expect([status, body.code, body.maxPointsAlone, body.leftToday]).toEqual([
      409,
      'staff.approval_needed',
      LIMIT,
      LIMIT * 10,
    ]);
    expect(await availableOf(heir)).toBe(5);
    expect((await recordsOf(old)).map(({ act }) => act)).not.toContain('orders.merge');
  });

  it('409 staff.approval_needed for an owner, and for a client, also one that may adjust alone', async () => {
    const [old, heir] = await two();
    const client = asStaff('members.merge', 'points.adjust', 'points.adjust_alone');
    for (const as of [inRole('owner'), client]) expect(told(await merge(old, heir, { as }))).toBe(OVER);
    expect(await availableOf(heir)).toBe(5);
  });

  it('200 up to the limit, whatever the heir has, and where there is nothing to move, also when the day is used up', async () => {
    const [as, heir] = [inRole('operator'), await memberWith(5_000)];
    for (let i = 0; i < 10; i += 1) expect(told(await merge(await memberWith(LIMIT), heir, { as }))).toBe('200');
    expect(await sumOf(as)).toBe(LIMIT * 10);
    const refused = await merge(await memberWith(1), heir, { as });
    expect([told(refused), refused.body.leftToday]).toEqual([OVER, 0]);
    const empty = await memberWith(1);
    expect(told(await adjust(empty, 1, { direction: 'DOWN' }))).toBe('201');
    expect(told(await merge(empty, heir, { as }))).toBe('200');
    expect(await sumOf(as)).toBe(LIMIT * 10);
    expect(await availableOf(heir)).toBe(5_000 + LIMIT * 10);
  });

  it('adds up with what the same person adjusts', async () => {
    const [as, memberId] = [inRole('owner'), await memberWith(1)];
    for (let i = 0; i < 9; i += 1) expect(told(await adjust(memberId, LIMIT, {}, as))).toBe('201');
    expect(told(await merge(await memberWith(6), memberId, { as }))).toBe('200');
    expect(told(await merge(await memberWith(5), memberId, { as }))).toBe(OVER);
    expect(told(await adjust(memberId, 5, {}, as))).toBe(OVER);
    expect(told(await adjust(memberId, 4, {}, as))).toBe('201');
  });

  it('counts for whoever made the client that merges', async () => {
    const [owner, heir] = [inRole('owner'), await memberWith(1)];
    for (let i = 0; i < 9; i += 1) expect(told(await adjust(heir, LIMIT, {}, owner))).toBe('201');
    const body = { kind: 'staff', name: 'A tool', grants: ['members.merge'] };
    const { clientId } = (await call(partnersContract, 'makeClient', { as: owner, body })).body;
    const as = { ...asStaff('members.merge'), id: clientId as string };
    expect(told(await merge(await memberWith(6), heir, { as }))).toBe('200');
    const refused = await merge(await memberWith(5), heir, { as });
    expect([told(refused), refused.body.leftToday, await sumOf(owner)]).toEqual([OVER, 4, 96]);
  });

  it('counts once what is sent again, also when replies are lost', async () => {
    const [as, [old, heir]] = [inRole('operator'), await two(LIMIT)];
    losingReplies();
    for (let i = 0; i < 2; i += 1) expect(told(await merge(old, heir, { as }))).toBe('200');
    vi.restoreAllMocks();
    expect([await sumOf(as), await availableOf(heir)]).toEqual([LIMIT, LIMIT + 5]);
  });

  it('lets exactly one through of four that come at once at the edge', async () => {
    const [as, heir] = [inRole('operator'), await memberWith(1)];
    for (let i = 0; i < 9; i += 1) await merge(await memberWith(LIMIT), heir, { as });
    const olds = await Promise.all(Array.from({ length: 4 }, () => memberWith(LIMIT)));
    const answers = await Promise.all(olds.map(async (old) => merge(old, await memberWith(1), { as })));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual(['200', OVER, OVER, OVER]);
    expect(await sumOf(as)).toBe(LIMIT * 10);
  });

  it('is refused for what came in between reading and writing', async () => {
    const [old, heir] = await two(LIMIT);
    beforeWrite(() => coins(old, 1));
    expect(told(await merge(old, heir))).toBe(OVER);
    vi.restoreAllMocks();
    expect(await availableOf(heir)).toBe(5);
  });
});

describe('POST /v1/members/{memberId}/merge/proposals', () => {
  it('202 proposes, and nothing moves until a second person approves', async () => {
    const [old, heir] = await two();
    const { status, body } = await propose(old, heir);
    expect([status, Object.keys(body).toSorted()]).toEqual([202, ['approvalId', 'expiresAt']]);
    const params = { approvalId: body.approvalId as string };
    const expected = { act: 'orders.merge', subject: old, body: { memberId: old, into: heir, reason: REASON } };
    expect((await call(approvalsContract, 'read', { as: bo, params })).body).toMatchObject({
      ...expected,
      reason: REASON,
      status: 'OPEN',
      by: nameOf(ann),
    });
    expect([await availableOf(old), await availableOf(heir)]).toEqual([LIMIT + 1, 5]);
    await clean();
  });

  it('is done by the approval, on the record of both, and counts for neither', async () => {
    const [old, heir] = await two(5_000);
    const [cy, di] = [inRole('operator'), inRole('owner')];
    const approvalId = (await propose(old, heir, { as: cy })).body.approvalId as string;
    later();
    const done = await approve(approvalId, di);
    expect([done.status, done.body]).toMatchObject([
      200,
      { status: 'APPROVED', by: nameOf(cy), decidedBy: nameOf(di), result: old },
    ]);
    expect(await availableOf(heir)).toBe(5_005);
    expect(await recordsOf(old)).toMatchObject([
      { act: 'orders.merge', clientId: nameOf(di), why: REASON, approval: approvalId },
    ]);
    expect(await recordsOf(approvalId)).toMatchObject([
      { act: 'approvals.propose', clientId: nameOf(cy), why: REASON, after: done.body.digest },
    ]);
    expect([await sumOf(cy), await sumOf(di)]).toEqual([undefined, undefined]);
    // Whoever asks for the same merge now gets what it moved.
    const again = await merge(old, heir);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    await clean();
  });

  it('moves what there is at the approval, not what there was at the proposal', async () => {
    const [old, heir] = await two();
    const approvalId = await proposed(old, heir);
    await coins(old, 7);
    expect(told(await approve(approvalId))).toBe('200');
    const { body } = await merge(old, heir);
    expect((body.accounts as { points: number }[]).slice(0, 2).map(({ points }) => points)).toEqual([LIMIT + 1, 7]);
  });

  it('200 is answered alike again, to another 409 staff.approval_decided, and a second proposal is refused', async () => {
    const [old, heir] = await two();
    const [first, second] = [await proposed(old, heir), await proposed(old, heir)];
    const done = await approve(first);
    const again = await approve(first);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, done.body, 'true']);
    expect(told(await approve(first, inRole('owner')))).toBe('409 staff.approval_decided');
    const late = await approve(second);
    expect([told(late), late.body.heirId, await statusOf(second)]).toEqual(['409 members.merged', heir, 'OPEN']);
    expect([await availableOf(heir), (await recordsOf(old)).length]).toEqual([LIMIT + 6, 1]);
    await clean();
  });

  it.each([
    ['replies are lost', losingReplies],
    ['the table says that it is still being made', stillInProgress],
  ])('200 once when %s', async (_, trouble) => {
    const [old, heir] = await two();
    const approvalId = await proposed(old, heir);
    trouble();
    const done = await approve(approvalId);
    vi.restoreAllMocks();
    expect([told(done), done.body.status]).toEqual(['200', 'APPROVED']);
    expect([await availableOf(heir), (await recordsOf(old)).length]).toEqual([LIMIT + 6, 1]);
    await clean();
  });

  it('200 once of many approvals at once', async () => {
    const [old, heir] = await two();
    const approvalId = await proposed(old, heir);
    const answers = await Promise.all([1, 2, 3, 4].map(() => approve(approvalId, inRole('operator'))));
    const codes = answers.map((answer) => told(answer));
    expect(codes.filter((code) => code === '200')).toHaveLength(1);
    for (const code of codes) expect(code).toMatch(/^(200|409 staff\.approval_decided|409 members\.merged)$/);
    expect([await availableOf(heir), (await recordsOf(old)).length]).toEqual([LIMIT + 6, 1]);
    await clean();
  });

  it('409 stays open for an order that came after the proposal, also between reading and writing', async () => {
    const productId = await gift({ pricePoints: 1, stock: 10 });
    for (const come of [(happen: () => Promise<void>) => happen(), beforeWrite]) {
      const [old, heir] = await two();
      const approvalId = await proposed(old, heir);
      let orderId = '';
      await come(async () => {
        orderId = (await redeem(old, productId)).body.orderId as string;
      });
      const refused = await approve(approvalId);
      vi.restoreAllMocks();
      expect([told(refused), refused.body.orderIds]).toEqual(['409 orders.open_orders', [orderId]]);
      expect([await statusOf(approvalId), await recordsOf(old)]).toEqual(['OPEN', []]);
      await call(ordersContract, 'cancel', { as: asStaff('orders.cancel'), params: { orderId } });
      expect(told(await approve(approvalId))).toBe('200');
    }
    await clean();
  });

  it('is refused at once where it could not be done: an order, a hold, what is frozen, oneself, nobody, one who was merged', async () => {
    const [ordered, heir] = await two();
    expect((await redeem(ordered, await gift({ pricePoints: 1 }))).status).toBe(201);
    const held = await memberWith(20);
    const holding = { as: asTill('holds:write'), body: { member: { memberId: held }, points: 1 } };
    expect((await call(holdsContract, 'make', holding)).status).toBe(201);
    const frozen = await memberWith(20);
    const freezing = { as: asStaff('points.freeze'), params: { memberId: frozen }, body: { reason: 'x' } };
    expect((await call(pointsStaffContract, 'freeze', freezing)).status).toBe(200);
    const merged = await memberWith(1);
    expect(told(await merge(merged, heir))).toBe('200');
    for (const [memberId, into, code] of [
      [ordered, heir, '409 orders.open_orders'],
      [held, heir, '409 points.hold_open'],
      [frozen, heir, '409 points.frozen'],
      [heir, heir, '409 members.same_member'],
      [NOBODY, heir, '404 members.not_found'],
      [heir, NOBODY, '404 members.not_found'],
      [merged, heir, '409 members.merged'],
      [heir, merged, '409 members.merged'],
    ] as const)
      expect(told(await propose(memberId, into))).toBe(code);
    const proposals = (await allItems()).filter(({ type, subject }) => type === 'approval' && subject === held);
    expect(proposals).toEqual([]);
  });

  it('202 is one for a key and a member, also once it was done; 422 request.key_reused for another reason', async () => {
    const [[old, heir], other, key] = [await two(), await memberWith(20), randomUUID()];
    const first = await propose(old, heir, { key });
    expect((await propose(other, heir, { key })).body.approvalId).not.toBe(first.body.approvalId);
    expect(told(await approve(first.body.approvalId as string))).toBe('200');
    const again = await propose(old, heir, { key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([202, first.body, 'true']);
    expect(told(await propose(old, heir, { key, reason: 'Another' }))).toBe('422 request.key_reused');
  });

  it('409 staff.approval_own for whoever proposed it; 403 auth.forbidden for a client, and for who may not merge', async () => {
    const [old, heir] = await two();
    const client = asStaff('members.merge', 'approvals.decide');
    expect(told(await propose(old, heir, { as: client }))).toBe('403 auth.forbidden');
    const approvalId = await proposed(old, heir);
    expect(told(await approve(approvalId, ann))).toBe('409 staff.approval_own');
    expect(told(await approve(approvalId, client))).toBe('403 auth.forbidden');
    const refused = await approve(approvalId, inRole('finance'));
    expect([told(refused), refused.body.needs]).toEqual(['403 auth.forbidden', 'members.merge']);
    expect(await availableOf(heir)).toBe(5);
  });

  it.each(strangers('members.merge'))('%s for others', async (code, as) => {
    const params = { memberId: NOBODY };
    const body = { into: NOBODY, reason: 'x' };
    expect(told(await call(ordersContract, 'proposeMerge', { as, params, body }))).toBe(code);
  });
});
