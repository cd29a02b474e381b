import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as onMemberErased } from '../../functions/privacy/on-member-erased.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import * as objects from '../../shared/providers/objects.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { permissionsOf } from '../../shared/staff/rules.ts';
import type { Item } from '../../shared/table/client.ts';
import { verdict } from '../audit/random-world.ts';
import { asPerson, asStaff, call, type Who } from '../support/call.ts';
import { kindsIn, textOf, wordsIn } from '../support/canaries.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { gift, memberWith, somePhone } from '../support/people.ts';
import { buy, giveBack } from '../support/purchases.ts';
import { recordsHold, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, beforeWrite, losingReplies, stillInProgress, trouble } from '../support/table.ts';
import { cancel, erase, hold, order, type Person, person, release } from './people.ts';

openMall();

let productId: string;
beforeAll(async () => void (productId = await gift({ pricePoints: 1, stock: 1_000 })));

const REASON = 'Asked by letter, and cannot log in';
const NOBODY = `mem_${'0'.repeat(26)}`;
const shipTo = { recipient: '王五', phone: '13800138000', address: '杭州市西湖区 1 号' };
const inRole = (...roles: Parameters<typeof permissionsOf>[0]) =>
  asPerson(`stf_${randomUUID()}`, ...permissionsOf(roles));
const [support, owner] = [inRole('support'), inRole('owner')];
const idOf = (who: Who) => `person:${String(who['id'])}`;

const propose = (memberId: string, { reason = REASON, ...more }: { as?: Who; key?: string; reason?: string } = {}) =>
  call(privacyContract, 'eraseMember', { as: support, params: { memberId }, body: { reason }, ...more });
const proposed = async (memberId: string): Promise<string> => {
  const { status, body } = await propose(memberId);
  expect(status, JSON.stringify(body)).toBe(202);
  return body.approvalId as string;
};
const approve = (approvalId: string, as = owner) => call(approvalsContract, 'approve', { as, params: { approvalId } });
const statusOf = async (approvalId: string) =>
  (await call(approvalsContract, 'read', { as: owner, params: { approvalId } })).body.status;

/** Records of two people at one instant are in no order. */
const later = () => clock(new Date(Date.now() + 1_000).toISOString());
const ofMember = async (memberId: string) =>
  (await allItems()).filter((item) => JSON.stringify(item).includes(memberId)) as (Item & Record<string, unknown>)[];
const oneOf = async (memberId: string, type: string) => (await ofMember(memberId)).find((item) => item.type === type);
const books = async (memberId: string) => (await ofMember(memberId)).filter(({ type }) => type === 'entry');
/** No reaction runs here, so nobody keeps the lapse calendar. */
const clean = async () => {
  expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  await recordsHold();
};
const isThere = async (memberId: string) =>
  (await call(membersContract, 'read', { as: asStaff('members.read'), params: { memberId } })).status === 200;

describe('POST /v1/members/{memberId}/erasure', () => {
  it('202 proposes, and nothing happens until a second person approves', async () => {
    const { memberId } = await person(productId);
    const { status, body } = await propose(memberId);
    expect([status, Object.keys(body).toSorted()]).toEqual([202, ['approvalId', 'expiresAt']]);
    const { body: waiting } = await call(approvalsContract, 'read', {
      as: owner,
      params: { approvalId: body.approvalId as string },
    });
    const expected = {
      act: 'privacy.eraseMember',
      subject: memberId,
      body: { memberId, reason: REASON },
      reason: REASON,
    };
    expect(waiting).toMatchObject({ ...expected, status: 'OPEN', by: idOf(support) });
    expect([await isThere(memberId), await oneOf(memberId, 'erasure')]).toEqual([true, undefined]);
  });

  it('takes away all that is personal and nothing of the books, by the approval, on the record of both', async () => {
    const { memberId, words, phone } = await person(productId);
    const before = await books(memberId);
    const approvalId = await proposed(memberId);
    later();
    const done = await approve(approvalId);
    expect([done.status, done.body]).toMatchObject([
      200,
      { status: 'APPROVED', by: idOf(support), decidedBy: idOf(owner), result: memberId },
    ]);
    expect(await oneOf(memberId, 'erasure')).toMatchObject({ status: 'DONE', at: Date.now() });
    expect(await books(memberId)).toEqual(before);
    const left = await ofMember(memberId);
    expect(left.filter((item) => JSON.stringify(item).includes('"s2.'))).toEqual([]);
    expect(left.filter(({ type }) => ['identity', 'session', 'profile', 'addresses'].includes(type))).toEqual([]);

    const records = await recordsOf(memberId);
    expect(records).toMatchObject([
      { act: 'privacy.eraseMember', clientId: idOf(owner), why: REASON, approval: approvalId },
    ]);
    const proposals = await recordsOf(approvalId);
    expect(proposals).toMatchObject([
      { act: 'approvals.propose', clientId: idOf(support), why: REASON, after: done.body.digest },
    ]);
    const kept = (await allItems()).filter(({ type }) => ['audit', 'approval'].includes(type));
    expect([kindsIn(textOf(kept)), wordsIn(textOf(kept), [...words, phone])]).toEqual([[], []]);
    await clean();
  });

  it('erases who is known by the id of another system alone; the same id is somebody new', async () => {
    const externalId = `crm-${randomUUID()}`;
    const { memberId, number } = await buy({ member: { externalId } });
    const digest = await lookup('EXTERNAL', externalId);
    const named = async () => (await allItems()).filter((item) => JSON.stringify(item).includes(digest));
    expect((await named()).map(({ type }) => type).toSorted()).toEqual(['identities', 'identity']);
    expect((await approve(await proposed(memberId))).status).toBe(200);
    expect(await named()).toEqual([]);
    expect((await giveBack(number, { amountFen: 5_000 })).status).toBe(201);
    expect((await buy({ member: { externalId } })).memberId).not.toBe(memberId);
    await clean();
  });

  it('ends the tokens of who is still logged in somewhere, and the same phone is a new member', async () => {
    const phone = somePhone();
    const { memberId, refreshToken } = await loggedIn(phone);
    expect((await approve(await proposed(memberId))).status).toBe(200);
    const issued = { subject: memberId, sessionId: refreshToken.split('.')[1] ?? '', issuedAt: 0 };
    expect(await isRevoked(issued as never)).toBe(true);
    expect((await loggedIn(phone)).memberId).not.toBe(memberId);
    await clean();
  });

  it.each(strangers('privacy.erase'))('%s for others', async (code, as) => {
    const answer = await call(privacyContract, 'eraseMember', {
      as,
      params: { memberId: NOBODY },
      body: { reason: 'x' },
    });
    expect(told(answer)).toBe(code);
  });

  it('403 auth.forbidden for a client, and for every role but owner and support', async () => {
    const memberId = await memberWith(1);
    expect(told(await propose(memberId, { as: asStaff('privacy.erase') }))).toBe('403 auth.forbidden');
    for (const role of ['operator', 'merchandiser', 'finance', 'auditor'] as const)
      expect(told(await propose(memberId, { as: inRole(role) })), role).toBe('403 auth.forbidden');
    expect(await oneOf(memberId, 'approval')).toBeUndefined();
  });

  it('400 request.invalid without a reason, and with a phone in it', async () => {
    const memberId = await memberWith(1);
    for (const reason of ['', '客户13800138000来电'])
      expect(told(await propose(memberId, { reason })), reason).toBe('400 request.invalid');
  });

  it('202 is one for a key and a member, also once it was done; 422 request.key_reused for another reason', async () => {
    const [memberId, other, key] = [await memberWith(1), await memberWith(1), randomUUID()];
    const first = await propose(memberId, { key });
    expect((await propose(other, { key })).body.approvalId).not.toBe(first.body.approvalId);
    expect((await approve(first.body.approvalId as string)).status).toBe(200);
    const again = await propose(memberId, { key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([202, first.body, 'true']);
    expect(told(await propose(memberId, { key, reason: 'Another' }))).toBe('422 request.key_reused');
  });
});

/** What stands in the way of an erasure: how it comes, what is said, and how it goes. */
const inTheWay: [string, string, (memberId: string) => Promise<() => Promise<unknown>>][] = [
  [
    'an order',
    '409 privacy.order_open',
    async (memberId) => {
      const orderId = await order(memberId, productId, shipTo);
      return () => cancel(memberId, orderId);
    },
  ],
  [
    'a hold',
    '409 privacy.hold_open',
    async (memberId) => {
      const holdId = await hold(memberId, '桌');
      return () => release(holdId);
    },
  ],
];

describe('an erasure by staff that cannot be done', () => {
  it.each(inTheWay)('is refused for %s at the proposal, and taken once that has ended', async (_, code, make) => {
    const memberId = await memberWith(10);
    const end = await make(memberId);
    const refused = await propose(memberId);
    expect(told(refused)).toBe(code);
    expect([refused.body.orderIds, refused.body.holdIds].flat().filter(Boolean)).toHaveLength(1);
    expect((await ofMember(memberId)).filter(({ type }) => ['approval', 'audit'].includes(type))).toEqual([]);
    await end();
    expect((await approve(await proposed(memberId))).status).toBe(200);
    await clean();
  });

  it.each(inTheWay)('stays open for %s that came after the proposal, and is approved later', async (_, code, make) => {
    const memberId = await memberWith(10);
    const approvalId = await proposed(memberId);
    const end = await make(memberId);
    expect(told(await approve(approvalId))).toBe(code);
    expect([await statusOf(approvalId), await isThere(memberId)]).toEqual(['OPEN', true]);
    await end();
    expect((await approve(approvalId)).status).toBe(200);
    expect(await recordsOf(memberId)).toHaveLength(1);
    await clean();
  });

  it.each(inTheWay)('is refused for %s that was made between reading and writing', async (_, code, make) => {
    const memberId = await memberWith(10);
    const approvalId = await proposed(memberId);
    const spy = beforeWrite(async () => void (await make(memberId)));
    const answer = await approve(approvalId);
    spy.mockRestore();
    expect(told(answer)).toBe(code);
    expect([await statusOf(approvalId), await oneOf(memberId, 'erasure')]).toEqual(['OPEN', undefined]);
    expect(await recordsOf(memberId)).toEqual([]);
  });

  it('404 members.not_found, and 410 members.erased of who went already', async () => {
    expect(told(await propose(NOBODY))).toBe('404 members.not_found');
    const { memberId } = await loggedIn(somePhone());
    const approvalId = await proposed(memberId);
    expect((await erase(memberId)).status).toBe(200);
    expect(told(await approve(approvalId))).toBe('410 members.erased');
    expect(told(await propose(memberId))).toBe('410 members.erased');
    expect(await statusOf(approvalId)).toBe('OPEN');
    expect(await recordsOf(memberId)).toEqual([]);
  });

  it('409 members.merged, which names the heir; with the heir all are erased', async () => {
    const [old, heirId] = [await person(productId), await memberWith(1)];
    const approvalId = await proposed(old.memberId);
    const merge = { as: asStaff('members.merge'), params: { memberId: old.memberId } };
    const body = { into: heirId, reason: 'One person' };
    expect((await call(ordersContract, 'merge', { ...merge, body })).status).toBe(200);
    for (const answer of [await approve(approvalId), await propose(old.memberId)])
      expect([told(answer), answer.body.heirId]).toEqual(['409 members.merged', heirId]);
    await merged(old.memberId);
    expect((await approve(await proposed(heirId))).status).toBe(200);
    const left = [...(await ofMember(old.memberId)), ...(await ofMember(heirId))];
    expect(left.filter((item) => JSON.stringify(item).includes('"s2.'))).toEqual([]);
    for (const memberId of [old.memberId, heirId])
      expect(await oneOf(memberId, 'erasure')).toMatchObject({ status: 'DONE' });
    expect((await loggedIn(old.phone)).firstVisit).toBe(true);
    await clean();
  });
});

describe('the second person', () => {
  it('is not the first: 409 staff.approval_own', async () => {
    const memberId = await memberWith(1);
    const { body } = await propose(memberId, { as: owner });
    expect(told(await approve(body.approvalId as string, owner))).toBe('409 staff.approval_own');
    expect((await approve(body.approvalId as string, inRole('owner'))).status).toBe(200);
  });

  it('403 auth.forbidden for who may decide and not erase, and for who may erase and not decide', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(memberId);
    for (const [as, needs] of [
      [inRole('finance'), 'privacy.erase'],
      [inRole('operator'), 'privacy.erase'],
      [inRole('support'), 'approvals.decide'],
    ] as const) {
      const refused = await approve(approvalId, as);
      expect([told(refused), refused.body.needs]).toEqual(['403 auth.forbidden', needs]);
    }
    expect(await isThere(memberId)).toBe(true);
  });

  it('rejects, and the member stays', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(memberId);
    later();
    const rejected = { as: owner, params: { approvalId }, body: { reason: 'It was not them' } };
    expect((await call(approvalsContract, 'reject', rejected)).body.status).toBe('REJECTED');
    expect(told(await approve(approvalId))).toBe('409 staff.approval_decided');
    expect([await isThere(memberId), await oneOf(memberId, 'erasure')]).toEqual([true, undefined]);
    await clean();
  });

  it('approves once: the same again is a replay, a second proposal is refused, and so is another person', async () => {
    const memberId = await memberWith(1);
    const [first, second] = [await proposed(memberId), await proposed(memberId)];
    const done = await approve(first);
    const again = await approve(first);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, done.body, 'true']);
    expect(told(await approve(first, inRole('owner')))).toBe('409 staff.approval_decided');
    expect(told(await approve(second))).toBe('410 members.erased');
    expect(await recordsOf(memberId)).toHaveLength(1);
    await clean();
  });

  it('is one of many who approve at once', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(memberId);
    const answers = await Promise.all([1, 2, 3, 4].map(() => approve(approvalId, inRole('owner'))));
    const codes = answers.map((answer) => told(answer));
    expect(codes.filter((code) => code === '200')).toHaveLength(1);
    for (const code of codes) expect(code).toMatch(/^(200|409 staff\.approval_decided|410 members\.erased)$/);
    expect(await recordsOf(memberId)).toHaveLength(1);
    await clean();
  });

  it('is answered 200 when replies are lost', async () => {
    const { memberId } = await person(productId);
    const approvalId = await proposed(memberId);
    const spy = losingReplies();
    const first = await approve(approvalId);
    spy.mockRestore();
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    expect(await oneOf(memberId, 'erasure')).toMatchObject({ status: 'DONE' });
    expect(await recordsOf(memberId)).toHaveLength(1);
    await clean();
  });
});

it('200 also where the table says that the approval is still being made', async () => {
  const one = await person(productId);
  const approvalId = await proposed(one.memberId);
  const spy = stillInProgress();
  const done = await approve(approvalId);
  spy.mockRestore();
  expect([told(done), done.body.status]).toEqual(['200', 'APPROVED']);
  expect(await oneOf(one.memberId, 'erasure')).toMatchObject({ status: 'DONE' });
  expect(await recordsOf(one.memberId)).toHaveLength(1);
  await clean();
});

describe('an erasure by staff that stopped half way', () => {
  async function halfErased(): Promise<Person & { approvalId: string }> {
    const one = await person(productId);
    const approvalId = await proposed(one.memberId);
    const spy = vi.spyOn(objects, 'deleteObject').mockRejectedValue(new Error('The container is gone.'));
    expect((await approve(approvalId)).status).toBe(500);
    spy.mockRestore();
    expect(await statusOf(approvalId)).toBe('APPROVED');
    const items = await ofMember(one.memberId);
    expect(items.find(({ type }) => type === 'erasure')).toMatchObject({ status: 'OPEN' });
    expect(items.some(({ shipTo }) => shipTo !== undefined)).toBe(true);
    return { ...one, approvalId };
  }

  async function expectDone({ memberId }: Person): Promise<void> {
    expect(await oneOf(memberId, 'erasure')).toMatchObject({ status: 'DONE' });
    expect((await ofMember(memberId)).some(({ shipTo }) => shipTo !== undefined)).toBe(false);
    expect(await recordsOf(memberId)).toHaveLength(1);
    await clean();
  }

  it('goes on by the same approval', async () => {
    const one = await halfErased();
    const again = await approve(one.approvalId);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    await expectDone(one);
    expect((await approve(one.approvalId)).status).toBe(200);
    await expectDone(one);
  });

  it('may be killed again and again, each time one call to the table later', async () => {
    const one = await person(productId);
    const approvalId = await proposed(one.memberId);
    const statuses: number[] = [];
    while (statuses.at(-1) !== 200 && statuses.length < 200) {
      const spy = trouble((nth) => (nth > statuses.length ? new Error('killed') : undefined), { all: true });
      statuses.push((await approve(approvalId)).status);
      spy.mockRestore();
    }
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses.slice(0, -1))).toEqual(new Set([500]));
    await expectDone(one);
  });

  it('goes on by the event, for which nobody need come back', async () => {
    const one = await halfErased();
    const event = { 'detail-type': 'member.erased', detail: { memberId: one.memberId } } as never;
    await onMemberErased(event);
    await expectDone(one);
    await onMemberErased(event);
    await expectDone(one);
  });
});
