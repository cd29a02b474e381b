import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pointsContract } from '../../shared/points/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { moveNow, strangers, told } from '../support/staff.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const staff = asStaff('points.read');
const NOBODY = `mem_${'0'.repeat(26)}`;
type Row = 'account' | 'accounts' | 'entries';
const see = (row: Row, memberId: string, query: Record<string, string> = {}, as = staff) =>
  call(pointsStaffContract, row, { as, params: { memberId }, query });
const spend = (memberId: string, amount: number) =>
  moveNow(memberId, { kind: 'SPEND', amount, reference: `order:${randomUUID()}` });

describe('GET /v1/members/{memberId}/points', () => {
  it('200 is what the member sees, and that it is open', async () => {
    const memberId = await memberWith(128);
    await spend(memberId, 28);
    const mine = await call(pointsContract, 'account', { as: asMember(memberId) });
    const { status, body } = await see('account', memberId);
    expect([status, body]).toEqual([200, { ...mine.body, mergedInto: null }]);
    expect(body.available).toBe(100);
  });

  it('200 as of an instant, and in another currency', async () => {
    const memberId = await memberWith(100);
    clock('2026-11-24T04:00:00.000Z');
    await spend(memberId, 40);
    expect((await see('account', memberId, { at: '2026-11-24T03:59:59.999Z' })).body.available).toBe(100);
    expect((await see('account', memberId, { at: '2026-11-24T04:00:00.000Z' })).body.available).toBe(60);
    expect((await see('account', memberId, { currency: 'COINS' })).body).toMatchObject({ available: 0 });
    expect(told(await see('account', memberId, { at: '2027-01-01T00:00:00Z' }))).toBe('400 request.invalid');
    clock(START);
  });
});

describe('GET /v1/members/{memberId}/accounts', () => {
  it('200 has one for each currency of the programme', async () => {
    const { status, body } = await see('accounts', await memberWith(7));
    const items = body.items as { currency: string; available: number }[];
    expect([status, items.map(({ currency, available }) => [currency, available])]).toEqual([
      200,
      [
        ['POINTS', 7],
        ['COINS', 0],
      ],
    ]);
  });
});

describe('GET /v1/members/{memberId}/points/entries', () => {
  it('200 is what the member sees, page by page and by kind', async () => {
    const memberId = await memberWith(100);
    for (let i = 1; i <= 3; i += 1) await spend(memberId, i);
    const mine = await call(pointsContract, 'entries', { as: asMember(memberId) });
    expect((await see('entries', memberId)).body).toEqual(mine.body);
    const first = await see('entries', memberId, { limit: '2' });
    const rest = await see('entries', memberId, { limit: '2', cursor: first.body.nextCursor as string });
    expect([...(first.body.items as unknown[]), ...(rest.body.items as unknown[])]).toEqual(mine.body.items);
    expect((await see('entries', memberId, { kind: 'EARN' })).body.items).toHaveLength(1);
  });

  it("400 request.cursor_invalid for another member's cursor", async () => {
    const memberId = await memberWith(100);
    await spend(memberId, 1);
    const cursor = (await see('entries', memberId, { limit: '1' })).body.nextCursor as string;
    expect(told(await see('entries', await memberWith(1), { cursor }))).toBe('400 request.cursor_invalid');
  });
});

describe.each<Row>(['account', 'accounts', 'entries'])("what staff see of a member's points: %s", (row) => {
  it('404 members.not_found for one who never was', async () => {
    expect(told(await call(pointsStaffContract, row, { as: staff, params: { memberId: NOBODY } }))).toBe(
      '404 members.not_found',
    );
  });

  it.each(strangers('points.read'))('%s', async (title, as) => {
    expect(told(await call(pointsStaffContract, row, { as, params: { memberId: NOBODY } }))).toBe(title);
  });
});
