import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as onIdentityChanged } from '../../functions/auth/on-member-identity-changed.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import {
  byWechat,
  changedPhone,
  changePhone,
  codeFor,
  later,
  loggedIn,
  type Session,
  vouch,
} from '../support/logins.ts';
import { bus, inbox, openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, recordOf } from '../support/table.ts';

openMall();

const DAY = 86_400_000;
async function mergeMine(memberId: string, phone: string): Promise<Session> {
  const body = { phone, code: await codeFor(phone) };
  const answer = await call(ordersContract, 'mergeMine', { as: asMember(memberId), body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  await merged(memberId);
  return answer.body.session as Session;
}

/** What the changes of these members come to, as the stream and the bus bring it about. */
async function react(...memberIds: string[]): Promise<void> {
  const changes = (await allItems()).filter(
    (item) => item.type === 'identity-change' && memberIds.includes(item['memberId'] as string),
  );
  bus.events.length = 0;
  await announcer({ Records: changes.map((item, i) => recordOf(String(i), item)) });
  for (const { DetailType, Detail } of bus.events)
    await onIdentityChanged({ 'detail-type': DetailType, detail: JSON.parse(Detail) } as never);
}
const notices = (phone: string) =>
  inbox.filter(({ template, to }) => template === 'change' && to === `+86${phone}`).length;

describe('a merge', () => {
  it('makes nothing vouch for a change of the phone that has not been the heir’s for a day', async () => {
    const [phone, thief] = [somePhone(), randomUUID().slice(0, 8)];
    await byWechat(thief);
    await loggedIn(phone);
    later(2 * DAY);
    const { memberId } = await byWechat(thief);
    const session = await mergeMine(memberId, phone);
    const change = async () => {
      later();
      const fresh = somePhone();
      const stepUp = { provider: 'WECHAT', code: vouch(thief) };
      return changePhone(session, { phone: fresh, code: await codeFor(fresh), stepUp });
    };
    expect(told(await change())).toBe('401 auth.step_up_invalid');
    later(DAY);
    expect(told(await change())).toBe('200');
  });

  it('is told to the phones of both, whoever makes it', async () => {
    const [one, other, third] = [somePhone(), somePhone(), somePhone()];
    const [a, b, c] = [await loggedIn(one), await loggedIn(other), await loggedIn(third)];
    later();
    await mergeMine(a.memberId, other);
    await react(a.memberId, b.memberId);
    expect([notices(one), notices(other)]).toEqual([1, 1]);
    later();
    const params = { memberId: c.memberId };
    const body = { into: b.memberId, reason: 'One person' };
    expect((await call(ordersContract, 'merge', { as: asStaff('members.merge'), params, body })).status).toBe(200);
    await react(c.memberId, b.memberId);
    expect([notices(third), notices(other)]).toEqual([1, 2]);
  });

  it('409 members.spending_held for staff as well, who may be talked into it by whoever changed the phone', async () => {
    const [phone, fresh] = [somePhone(), somePhone()];
    const [held, other] = [await loggedIn(phone), await loggedIn(somePhone())];
    await changedPhone(held, phone, fresh);
    const body = { into: other.memberId, reason: 'Lost the phone' };
    const params = { memberId: held.memberId };
    const merge = () => call(ordersContract, 'merge', { as: asStaff('members.merge'), params, body });
    expect(told(await merge())).toBe('409 members.spending_held');
    later(DAY);
    for (let again = 0; again < 2; again += 1) expect(told(await merge())).toBe('200');
  });
});
