import { beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as onMemberErased } from '../../functions/privacy/on-member-erased.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { avatarsContract } from '../../shared/members/profiles/avatars-contract.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { avatarKey } from '../../shared/members/profiles/rules.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { dayOf } from '../../shared/platform/calendar-day.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { tell } from '../../shared/points/notices.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import * as objects from '../../shared/providers/objects.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import type { Item } from '../../shared/table/client.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, asPerson, asStaff, asTill, call } from '../support/call.ts';
import { asNewlyIn, codeFor, loggedIn } from '../support/logins.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { availableOf, gift, memberWith } from '../support/people.ts';
import { giveBack } from '../support/purchases.ts';
import { allItems, beforeWrite, cancelled, losingReplies, trouble } from '../support/table.ts';
import { cancel, erase, hold, order, type Person, person, release, shop, told } from './people.ts';

openMall();

let productId: string;
beforeAll(async () => void (productId = await gift({ pricePoints: 1, stock: 1_000 })));

const shipTo = { recipient: '王五', phone: '13800138000', address: '杭州市西湖区 1 号' };
const ofMember = async (memberId: string) =>
  (await allItems()).filter((item) => JSON.stringify(item).includes(memberId)) as (Item & Record<string, unknown>)[];
/** Somebody with points who has just logged in. */
async function newlyIn(points: number): Promise<string> {
  const memberId = await memberWith(points);
  await asNewlyIn(memberId);
  return memberId;
}
const entriesOf = async (memberId: string) => (await ofMember(memberId)).filter(({ type }) => type === 'entry');
/** No reaction runs here, so nobody keeps the lapse calendar. */
const clean = async () =>
  expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);

describe('a till that reports a purchase of who is erased', () => {
  it('410 members.erased by their number, so that no points go where nobody finds them; what came before is answered again', async () => {
    const memberId = await newlyIn(10);
    const report = (number: string) => {
      const body = { number, amountFen: 5_000, member: { memberId } };
      return call(earningContract, 'report', { as: asTill(), body });
    };
    const first = await report(`${memberId}-1`);
    expect(first.status).toBe(201);
    expect(await erase(memberId)).toMatchObject({ status: 200 });
    const books = await entriesOf(memberId);
    expect(told(await report(`${memberId}-2`))).toBe('410 members.erased');
    const again = await report(`${memberId}-1`);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await entriesOf(memberId)).toEqual(books);
  });
});

describe('points of others', () => {
  it('410 members.erased to a till that is shown a code of who is erased, made before or after it', async () => {
    const memberId = await newlyIn(10);
    const code = async () => (await call(membersContract, 'code', { as: asMember(memberId) })).body.code as string;
    const report = (number: string, shown: string) => {
      const body = { number, amountFen: 5_000, member: { code: shown } };
      return call(earningContract, 'report', { as: asTill(), body });
    };
    const before = await code();
    expect(await erase(memberId)).toMatchObject({ status: 200 });
    const books = await entriesOf(memberId);
    expect(told(await report(`${memberId}-1`, before))).toBe('410 members.erased');
    expect(told(await report(`${memberId}-2`, await code()))).toBe('410 members.erased');
    expect(await entriesOf(memberId)).toEqual(books);
  });

  it('404 members.not_found to who would give them some, as for a member who never was', async () => {
    const [gone, giver] = [await newlyIn(10), await newlyIn(10)];
    expect(await erase(gone)).toMatchObject({ status: 200 });
    const give = (memberId: string) =>
      call(pointsContract, 'give', { as: asMember(giver), body: { to: { memberId }, points: 5, currency: 'POINTS' } });
    const [books, never] = [await entriesOf(gone), await give(`mem_${'0'.repeat(26)}`)];
    const answer = await give(gone);
    expect([told(answer), told(never)]).toEqual(['404 members.not_found', '404 members.not_found']);
    expect(Object.keys(answer.body)).toEqual(Object.keys(never.body));
    expect(await entriesOf(gone)).toEqual(books);
    expect(await availableOf(giver)).toBe(10);
  });
});

describe('staff who adjust the points of who is erased', () => {
  it('410 members.erased, also by an approval of what was proposed before', async () => {
    const memberId = await newlyIn(10);
    const [ann, bo] = ['ann', 'bo'].map((name) => asPerson(`stf_${name}`, 'points.adjust', 'approvals.decide'));
    const body = { direction: 'UP', memberId, points: 10_001, reason: 'A campaign that went wrong' };
    const ask = (name: 'adjust' | 'proposeAdjustment', points: number) =>
      call(pointsStaffContract, name, { as: ann, body: { ...body, points } });
    const { approvalId } = (await ask('proposeAdjustment', 10_001)).body;
    expect(await erase(memberId)).toMatchObject({ status: 200 });
    const books = await entriesOf(memberId);
    const params = { approvalId: String(approvalId) };
    const answers = [
      await ask('adjust', 1),
      await ask('proposeAdjustment', 10_002),
      await call(approvalsContract, 'approve', { as: bo, params }),
    ];
    expect(answers.map((answer) => told(answer))).toEqual(answers.map(() => '410 members.erased'));
    expect(await entriesOf(memberId)).toEqual(books);
  });
});

describe('POST /v1/me/erasure', () => {
  it('takes away all that is personal and nothing of the books', async () => {
    const { memberId, orderId, holdId } = await person(productId);
    const books = await entriesOf(memberId);
    const answer = await erase(memberId);
    expect(answer).toMatchObject({ status: 200, body: { erasedAt: new Date().toISOString() } });
    const left = await ofMember(memberId);
    const types = [...new Set(left.map(({ type }) => type))].toSorted();
    expect(types).toEqual(['consent', 'entry', 'erasure', 'hold', 'member', 'order', 'purchase', 'revocation']);
    expect(left.filter((item) => JSON.stringify(item).includes('"s2.'))).toEqual([]);
    expect(left.find(({ type }) => type === 'member')).not.toHaveProperty('phone');
    expect(left.find(({ type }) => type === 'erasure')).toMatchObject({ status: 'DONE' });
    expect(left.filter(({ pk }) => [`ORDER#${orderId}`, `HOLD#${holdId}`].includes(pk))).toHaveLength(2);
    expect(await entriesOf(memberId)).toEqual(books);
    expect(await objects.readObject(avatarKey(memberId))).toBeUndefined();
    await clean();
  });

  it('400 without the word, and nothing happens', async () => {
    const { memberId } = await loggedIn('13911110001');
    const as = asMember(memberId);
    expect(told(await call(privacyContract, 'erase', { as, body: {} }))).toBe('400 request.invalid');
    expect((await call(membersContract, 'me', { as })).status).toBe(200);
  });

  it('404 members.not_found for somebody who never was', async () => {
    expect(told(await erase('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'))).toBe('404 members.not_found');
  });

  it('409 privacy.order_open, which names the orders, until they have come to their end', async () => {
    const memberId = await newlyIn(10);
    const orderId = await order(memberId, productId, shipTo);
    const refused = await erase(memberId);
    expect(told(refused)).toBe('409 privacy.order_open');
    expect(refused.body.orderIds).toEqual([orderId]);
    expect((await call(membersContract, 'me', { as: asMember(memberId) })).status).toBe(200);
    await cancel(memberId, orderId);
    expect((await erase(memberId)).status).toBe(200);
  });

  it('409 privacy.hold_open, which names the holds, until they have ended', async () => {
    const memberId = await newlyIn(10);
    const holdId = await hold(memberId, '王五的桌子');
    const refused = await erase(memberId);
    expect(told(refused)).toBe('409 privacy.hold_open');
    expect(refused.body.holdIds).toEqual([holdId]);
    await release(holdId);
    expect((await erase(memberId)).status).toBe(200);
  });

  it.each([
    ['an order', (memberId: string) => order(memberId, productId, shipTo), 'privacy.order_open'],
    ['a hold', (memberId: string) => hold(memberId, '桌'), 'privacy.hold_open'],
  ])('is refused for %s that was made between reading and writing', async (_, make, code) => {
    const memberId = await newlyIn(10);
    const spy = beforeWrite(async () => void (await make(memberId)));
    const answer = await erase(memberId);
    spy.mockRestore();
    expect(told(answer)).toBe(`409 ${code}`);
    expect((await ofMember(memberId)).filter(({ type }) => type === 'erasure')).toEqual([]);
  });

  it('is one by the member: again gets the same answer, at once or in parallel', async () => {
    const { memberId } = await person(productId);
    const all = await Promise.all([erase(memberId), erase(memberId), erase(memberId)]);
    const erasedAt = new Date().toISOString();
    vi.setSystemTime(Date.now() + 1_000);
    for (const { status, body } of [...all, await erase(memberId)]) expect([status, body]).toEqual([200, { erasedAt }]);
    await clean();
  });

  it('survives answers that are lost on the way', async () => {
    const { memberId } = await person(productId);
    const spy = losingReplies(1);
    const first = await erase(memberId);
    spy.mockRestore();
    expect([200, 503]).toContain(first.status);
    expect((await erase(memberId)).status).toBe(200);
    await clean();
  });

  it('503 privacy stays undone where the table is busy for good, and nothing is half begun', async () => {
    const memberId = await newlyIn(10);
    const spy = trouble(() => cancelled('TransactionConflict'));
    expect(told(await erase(memberId))).toBe('503 request.busy');
    spy.mockRestore();
    expect((await ofMember(memberId)).find(({ type }) => type === 'member')).toHaveProperty('phone');
  });
});

describe('an erasure that stopped half way', () => {
  async function halfErased(): Promise<Person> {
    const one = await person(productId);
    const spy = vi.spyOn(objects, 'deleteObject').mockRejectedValue(new Error('The container is gone.'));
    expect((await erase(one.memberId)).status).toBe(500);
    spy.mockRestore();
    const items = await ofMember(one.memberId);
    expect(items.find(({ type }) => type === 'erasure')).toMatchObject({ status: 'OPEN' });
    expect(items.some(({ shipTo }) => shipTo !== undefined)).toBe(true);
    return one;
  }

  it('goes on by the event, for whom the member need not come back', async () => {
    const { memberId } = await halfErased();
    const event = { 'detail-type': 'member.erased', detail: { memberId } } as never;
    await onMemberErased(event);
    await onMemberErased(event);
    expect((await ofMember(memberId)).find(({ type }) => type === 'erasure')).toMatchObject({ status: 'DONE' });
    await clean();
  });

  it('goes on by the same request', async () => {
    const { memberId } = await halfErased();
    expect((await erase(memberId)).status).toBe(200);
    await clean();
  });

  it('is not begun by an event that says nothing, or that nobody asked for', async () => {
    await expect(onMemberErased({ 'detail-type': 'member.erased', detail: {} } as never)).rejects.toThrow('memberId');
    const memberId = await newlyIn(10);
    const event = { 'detail-type': 'member.erased', detail: { memberId } } as never;
    await expect(onMemberErased(event)).rejects.toThrow('members.not_found');
  });
});

describe('who was erased', () => {
  let gone: Person;
  beforeAll(async () => {
    gone = await person(productId);
    expect((await erase(gone.memberId)).status).toBe(200);
  });

  it('has no access token that counts, and no session to renew', async () => {
    const issued = { subject: gone.memberId, sessionId: gone.refreshToken.split('.')[1] ?? '', issuedAt: 0 };
    expect(await isRevoked(issued as never)).toBe(true);
    const body = { refreshToken: gone.refreshToken };
    expect(told(await call(authContract, 'refresh', { body }))).toBe('401 auth.session_ended');
  });

  it('410 members.erased to every write of something personal, while a token lives', async () => {
    const as = asMember(gone.memberId);
    const own = (name: keyof typeof profilesContract.rows, body: unknown) => call(profilesContract, name, { as, body });
    const { changedAt: _, ...wishes } = (await call(profilesContract, 'preferences', { as })).body;
    const refused = [
      await own('change', { nickname: '还在' }),
      await own('prefer', { ...wishes, interests: ['tea'] }),
      await own('addAddress', shipTo),
      await own('consent', { purpose: 'LOCATION', version: '1', granted: true }),
      await call(avatarsContract, 'upload', { as, body: { contentType: 'image/png' } }),
      await call(ordersContract, 'place', { as, body: { productId, shipTo } }),
      await call(holdsContract, 'make', {
        as: shop,
        body: { member: { memberId: gone.memberId }, points: 1, note: '桌' },
      }),
    ];
    expect(refused.map(told)).toEqual(refused.map(() => '410 members.erased'));
    await clean();
  });

  it('leaves no picture that was taken in while they were erased', async () => {
    const { memberId } = await loggedIn('13911110002');
    const read = vi.spyOn(objects, 'readObject').mockImplementation(async () => {
      await erase(memberId);
      const { png } = await import('../support/pictures.ts');
      return { bytes: png(), contentType: 'image/png' };
    });
    const body = { uploadId: 'upl_9Z6X3V0T7R4P1M8K5H2F9D6B3Z' };
    const answer = await call(avatarsContract, 'set', { as: asMember(memberId), body });
    read.mockRestore();
    expect(told(answer)).toBe('410 members.erased');
    expect(await objects.readObject(avatarKey(memberId))).toBeUndefined();
  });

  it('is not there for staff, nor for themselves', async () => {
    const { memberId } = gone;
    const as = asStaff('members.read');
    expect(told(await call(membersContract, 'me', { as: asMember(memberId) }))).toBe('404 members.not_found');
    expect(told(await call(membersContract, 'read', { as, params: { memberId } }))).toBe('404 members.not_found');
    for (const body of [{ memberId }, { phone: gone.phone }])
      expect((await call(membersContract, 'search', { as, body })).body).toEqual({ items: [] });
  });

  it('is told of nothing that lapses', async () => {
    const lastDay = `${dayOf(Date.now(), ZONE).slice(0, 4)}-12-31`;
    const account = { memberId: gone.memberId, currency: 'POINTS' };
    expect(await tell(account, { lastDay, daysLeft: 30, due: 30 })).toBe(false);
  });

  it('may bring back what was bought, for the books', async () => {
    const { status } = await giveBack(gone.purchase, { amountFen: 5_000 });
    expect(status).toBe(201);
    await clean();
  });

  it('is a new member when the same phone logs in', async () => {
    const { phone, memberId } = await person(productId);
    expect((await erase(memberId)).status).toBe(200);
    const again = await loggedIn(phone);
    expect(again.memberId).not.toBe(memberId);
    expect(again.firstVisit).toBe(true);
    await clean();
  });

  it('cannot log in by a code that was under way', async () => {
    const phone = '13911110003';
    const { memberId } = await loggedIn(phone);
    vi.setSystemTime(Date.now() + 120_000);
    const code = await codeFor(phone);
    expect((await erase(memberId)).status).toBe(200);
    expect(told(await call(authContract, 'logIn', { body: { phone, code } }))).toBe('401 auth.code_invalid');
  });
});
