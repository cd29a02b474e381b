import { describe, expect, it } from 'vitest';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { byWechat, changedPhone, codeFor, later, loggedIn, vouch } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';

openMall();

const DAY = 86_400_000;
const held = async (memberId: string) =>
  (await call(membersContract, 'me', { as: asMember(memberId) })).body.heldUntil as string | null;
const inADay = () => new Date(Date.now() + DAY).toISOString();
const bind = (memberId: string, provider: string, person: string) =>
  call(identitiesContract, 'bind', { as: asMember(memberId), body: { provider, code: vouch(person) } });
const changes = async (memberId: string) =>
  (await allItems()).filter((item) => item.type === 'identity-change' && item['memberId'] === memberId);

describe('a change of what a member is recognised by', () => {
  it('of the phone holds what they spend for a day, and GET /v1/me says until when, to staff as well', async () => {
    const phone = somePhone();
    const session = await loggedIn(phone);
    expect(await held(session.memberId)).toBeNull();
    await changedPhone(session, phone, somePhone());
    const until = inADay();
    expect(await held(session.memberId)).toBe(until);
    const params = { memberId: session.memberId };
    expect((await call(membersContract, 'read', { as: asStaff('members.read'), params })).body.heldUntil).toBe(until);
    expect(await changes(session.memberId)).toMatchObject([{ change: 'PHONE', triedAt: 0 }]);
    later(DAY - 1);
    expect(await held(session.memberId)).toBe(until);
    later(1);
    expect(await held(session.memberId)).toBeNull();
  });

  it('by unbinding a provider does so, too; by binding one it does not, and their phone is to be told of both', async () => {
    const { memberId } = await loggedIn(somePhone());
    await bind(memberId, 'QQ', 'una');
    expect(await held(memberId)).toBeNull();
    later();
    await call(identitiesContract, 'unbind', { as: asMember(memberId), params: { provider: 'QQ' } });
    expect(await held(memberId)).toBe(inADay());
    expect((await changes(memberId)).map(({ change }) => String(change)).toSorted()).toEqual(['BOUND', 'UNBOUND']);
  });

  it('is none where a provider only names the same person once more, or a first phone is bound', async () => {
    const { memberId } = await byWechat('vera');
    await bind(memberId, 'WECHAT', 'vera');
    await bind(memberId, 'WECHAT_WEB', 'vera');
    const phone = somePhone();
    const body = { phone, code: await codeFor(phone) };
    expect((await call(identitiesContract, 'phone', { as: asMember(memberId), body })).status).toBe(200);
    expect(await held(memberId)).toBeNull();
    expect(await changes(memberId)).toEqual([]);
  });

  it('holds, and nobody is to be told, where there is no phone', async () => {
    const { memberId } = await byWechat('wanda');
    await bind(memberId, 'ALIPAY', 'wanda');
    expect(await held(memberId)).toBeNull();
    await call(identitiesContract, 'unbind', { as: asMember(memberId), params: { provider: 'WECHAT' } });
    expect(await held(memberId)).toBe(inADay());
    expect(await changes(memberId)).toEqual([]);
  });
});
