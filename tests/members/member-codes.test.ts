import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { asMember, asTill, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, losingReplies } from '../support/table.ts';

const NOON = Date.parse('2026-11-23T04:00:00.000Z');
const at = (seconds: number) => clock(new Date(NOON + seconds * 1_000).toISOString());

openMall();

async function show(memberId: string): Promise<string> {
  const { status, body } = await call(membersContract, 'code', { as: asMember(memberId) });
  expect(status).toBe(200);
  return body.code as string;
}

const buy = (code: string, more: object = {}) =>
  call(earningContract, 'report', {
    as: asTill(),
    body: { number: `C-${randomUUID()}`, amountFen: 1_000, member: { code }, ...more },
  });
const hold = (code: string, key: string = randomUUID()) =>
  call(holdsContract, 'make', { as: asTill('holds:write'), body: { member: { code }, points: 5 }, key });

describe('GET /v1/me/code', () => {
  it('200 gives a code for a QR code, another one every 30 seconds, and writes nothing', async () => {
    const memberId = await memberWith(100);
    const before = await allItems();
    at(29.9);
    const { body } = await call(membersContract, 'code', { as: asMember(memberId) });
    expect(body.code).toMatch(/^PM[0-9A-Z]{38}$/);
    expect(body.nextAt).toBe('2026-11-23T04:00:30.000Z');
    at(0);
    expect(await show(memberId)).toBe(body.code);
    at(30);
    expect(await show(memberId)).not.toBe(body.code);
    at(0);
    expect(await allItems()).toHaveLength(before.length);
  });

  it('401 and 403 for who is no member', async () => {
    expect(told(await call(membersContract, 'code'))).toBe('401 auth.token_missing');
    expect(told(await call(membersContract, 'code', { as: asTill() }))).toBe('403 auth.forbidden');
  });
});

describe('a purchase by code', () => {
  it('201 earns for the member who showed it, and leaves what ends by itself', async () => {
    const memberId = await memberWith(100);
    const { status, body } = await buy(await show(memberId));
    expect([status, body.memberId, await availableOf(memberId)]).toEqual([201, memberId, 110]);
    const used = (await allItems()).filter(({ type, pk }) => type === 'member-code' && pk.endsWith(memberId));
    expect(used.map((item) => item['expiresAtEpoch'])).toEqual([NOON / 1_000 + 86_400]);
  });

  it('201 the first answer for the same purchase again, a day later too', async () => {
    const memberId = await memberWith(100);
    const code = await show(memberId);
    const number = `C-${randomUUID()}`;
    const first = await buy(code, { number });
    for (const later of [0, 45, 86_400]) {
      at(later);
      const again = await buy(code, { number });
      expect([again.status, again.headers['idempotency-replayed'], again.body]).toEqual([201, 'true', first.body]);
    }
    const others = await show(await memberWith(10));
    expect(told(await buy(others, { number }))).toBe('422 purchases.number_reused');
    at(0);
    expect(await availableOf(memberId)).toBe(110);
  });

  it('201 once when replies are lost', async () => {
    const memberId = await memberWith(100);
    const code = await show(memberId);
    const lost = losingReplies();
    const answer = await buy(code);
    lost.mockRestore();
    expect([answer.status, await availableOf(memberId)]).toEqual([201, 110]);
  });

  it.each([
    [-30.001, '409 members.code_invalid'],
    [-30, '201'],
    [-0.001, '201'],
    [-29.999, '201'],
    [59.999, '201'],
    [60, '409 members.code_invalid'],
    [3_600, '409 members.code_invalid'],
  ])('of noon is, at noon %d s: %s', async (seconds, answer) => {
    const memberId = await memberWith(100);
    const code = await show(memberId);
    at(seconds);
    expect(told(await buy(code))).toBe(answer);
    at(0);
  });

  it('409 members.code_invalid for a second use, of which exactly one succeeds when many come at once', async () => {
    const memberId = await memberWith(100);
    const code = await show(memberId);
    const answers = await Promise.all(Array.from({ length: 8 }, () => buy(code)));
    const codes = answers.map((answer) => told(answer));
    expect(codes.filter((one) => one === '201')).toHaveLength(1);
    expect(codes.filter((one) => one !== '201').every((one) => /code_invalid|busy/.test(one))).toBe(true);
    expect(told(await buy(code))).toBe('409 members.code_invalid');
    expect(told(await hold(code))).toBe('409 members.code_invalid');
    expect(await availableOf(memberId)).toBe(110);
  });

  it('409 members.code_invalid alike for what is forged, whoever it names', async () => {
    const [one, other] = [await memberWith(100), await memberWith(100)];
    const code = await show(one);
    const theirs = await show(other);
    const forged = [
      `PM${other.slice(4)}${code.slice(28)}`,
      `${code.slice(0, 28)}${theirs.slice(28)}`,
      `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`,
      code.toLowerCase(),
      code.slice(0, -1),
      `${code}0`,
      `PM${'0'.repeat(38)}`,
      'x',
      one,
    ];
    for (const wrong of forged) {
      const answer = await buy(wrong);
      expect([told(answer), Object.keys(answer.body)], wrong).toEqual([
        '409 members.code_invalid',
        ['type', 'title', 'status', 'code', 'instance'],
      ]);
    }
    expect(told(await buy(code))).toBe('201');
  });

  it('is left as it was by what is refused for another reason', async () => {
    const code = await show(await memberWith(100));
    const occurredAt = '2026-12-24T00:00:00Z';
    expect(told(await buy(code, { occurredAt }))).toBe('409 purchases.in_future');
    expect(told(await buy(code))).toBe('201');
  });

  it('400 for a code beside another name, and for what no scanner reads', async () => {
    const code = await show(await memberWith(100));
    for (const member of [{ code, phone: somePhone() }, { code: '' }, { code: 'x'.repeat(65) }, { code: '会员' }]) {
      expect(told(await buy(code, { member }))).toBe('400 request.invalid');
    }
  });
});

describe('a hold by code', () => {
  it('201 holds for the member who showed it, once, and the same under the same key', async () => {
    const memberId = await memberWith(100);
    const code = await show(memberId);
    const key = randomUUID();
    const first = await hold(code, key);
    expect([first.status, first.body.memberId]).toEqual([201, memberId]);
    const again = await hold(code, key);
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', first.body]);
    expect(told(await hold(code))).toBe('409 members.code_invalid');
    expect(told(await buy(code))).toBe('409 members.code_invalid');
    expect(await availableOf(memberId)).toBe(95);
  });

  it('leaves the code where the points do not suffice', async () => {
    const code = await show(await memberWith(1));
    expect(told(await hold(code))).toBe('409 points.insufficient');
    expect(told(await buy(code))).toBe('201');
  });
});
