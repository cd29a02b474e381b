import { beforeEach, describe, expect, it } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import {
  asSession,
  byWechat,
  changedPhone,
  changePhone,
  codeFor,
  later,
  loggedIn,
  type Session,
  sessionIdOf,
  stepUpCodeFor,
  vouch,
  wrong,
} from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeRead, beforeWrite, cancelled, losingReplies, trouble } from '../support/table.ts';

openMall();

const refresh = ({ refreshToken }: Session) => call(authContract, 'refresh', { body: { refreshToken } });
const phoneOf = async (memberId: string) =>
  (await call(membersContract, 'me', { as: asMember(memberId) })).body.phone as string;
const masked = (phone: string) => `+86138****${phone.slice(-4)}`;
const ofMembers = async () => (await allItems()).filter(({ type }) => type !== 'login-code');
const changesOf = async (memberId: string) =>
  (await allItems()).filter((item) => item.type === 'identity-change' && item['memberId'] === memberId);

let [old, fresh] = ['', ''];
let session: Session;

/** Somebody with a phone, who has another one as well and was sent nothing for a minute. */
beforeEach(async () => {
  [old, fresh] = [somePhone(), somePhone()];
  session = await loggedIn(old);
  later();
});

/** All that a change takes. */
const wish = async () => ({
  phone: fresh,
  code: await codeFor(fresh),
  stepUp: { code: await stepUpCodeFor(session, old) },
});

/** Another account of the same person, with this phone, becomes one with theirs. */
async function mergedFrom(phone: string): Promise<void> {
  const { memberId } = await loggedIn(phone);
  const body = { into: session.memberId, reason: '同一人' };
  const { status } = await call(ordersContract, 'merge', { as: asStaff('members.merge'), params: { memberId }, body });
  expect(status).toBe(200);
  await merged(memberId);
}

describe('PUT /v1/me/phone', () => {
  it('200 puts the new phone in the place of the old one, which is nobody’s from then on', async () => {
    const answer = await changePhone(session, await wish());
    expect([answer.status, answer.body]).toEqual([200, { phone: masked(fresh) }]);
    expect(await phoneOf(session.memberId)).toBe(masked(fresh));
    const find = (phone: string) => call(membersContract, 'search', { as: asStaff('members.read'), body: { phone } });
    expect((await find(fresh)).body.items).toMatchObject([{ memberId: session.memberId }]);
    expect((await find(old)).body.items).toEqual([]);
    later();
    expect(await loggedIn(fresh)).toMatchObject({ memberId: session.memberId, firstVisit: false });
    expect((await loggedIn(old)).firstVisit).toBe(true);
    expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  });

  it('ends all other sessions, and their access tokens within a minute; the one that asks goes on', async () => {
    const other = await loggedIn(old);
    later();
    expect((await changePhone(session, await wish())).status).toBe(200);
    expect([told(await refresh(other)), (await refresh(session)).status]).toEqual(['401 auth.session_ended', 200]);
    const issued = (one: Session) => ({ subject: one.memberId, sessionId: sessionIdOf(one), issuedAt: Date.now() });
    expect(await isRevoked(issued(other) as never)).toBe(true);
    expect(await isRevoked(issued(session) as never)).toBe(false);
  });

  it('200 again for the same request, and nothing is written', async () => {
    const body = await wish();
    const first = await changePhone(session, body);
    const before = await allItems();
    const again = await changePhone(session, body);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await allItems()).toEqual(before);
  });

  it('401 auth.code_invalid for the phone that one has, as for any other, without its code; 200 with it, and nothing is changed', async () => {
    const none = { code: '000000', stepUp: { code: '000000' } };
    const [own, any] = [
      await changePhone(session, { phone: old, ...none }),
      await changePhone(session, { phone: fresh, ...none }),
    ];
    expect([own.status, own.body.code, own.body.title]).toEqual([401, any.body.code, any.body.title]);
    const code = await codeFor(old);
    const before = await ofMembers();
    expect(told(await changePhone(session, { ...none, phone: old, code: wrong(code) }))).toBe('401 auth.code_invalid');
    expect((await changePhone(session, { ...none, phone: old, code })).body).toEqual({ phone: masked(old) });
    expect(await ofMembers()).toEqual(before);
  });

  it('200 makes a further phone, which came by a merge, the first', async () => {
    await mergedFrom(fresh);
    later();
    const answer = await changePhone(session, await wish());
    expect([answer.status, answer.body]).toEqual([200, { phone: masked(fresh) }]);
    expect(await phoneOf(session.memberId)).toBe(masked(fresh));
    const { body } = await call(identitiesContract, 'bound', { as: asSession(session) });
    expect(body.items).toEqual([]);
    later();
    expect(await loggedIn(fresh)).toMatchObject({ memberId: session.memberId, firstVisit: false });
    expect((await loggedIn(old)).firstVisit).toBe(true);
    expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  });

  it('200 for the same request at once, which changes it once; of two phones at once one', async () => {
    const body = await wish();
    const same = await Promise.all([changePhone(session, body), changePhone(session, body)]);
    expect(same.map(({ status }) => status)).toEqual([200, 200]);
    expect(await changesOf(session.memberId)).toHaveLength(1);
    later();
    const stepUp = { code: await stepUpCodeFor(session, fresh) };
    const wishes = [];
    for (const phone of [somePhone(), somePhone()]) wishes.push({ phone, code: await codeFor(phone), stepUp });
    const both = await Promise.all(wishes.map((one) => changePhone(session, one)));
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(['401 auth.step_up_invalid', '503 request.busy']).toContain(told(both.find((one) => one.status !== 200)!));
    expect(await changesOf(session.memberId)).toHaveLength(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    '200 where the same request made the change before read %i of this one',
    async (n) => {
      const body = await wish();
      const spy = beforeRead(n, async () => expect((await changePhone(session, body)).status).toBe(200));
      const answer = await changePhone(session, body);
      spy.mockRestore();
      expect([answer.status, answer.body]).toEqual([200, { phone: masked(fresh) }]);
      expect(await changesOf(session.memberId)).toHaveLength(1);
    },
  );

  it.each([1, 2, 3])('200 though the answers to %i writes were lost on the way', async (times) => {
    const body = await wish();
    const spy = losingReplies(times);
    const first = await changePhone(session, body);
    spy.mockRestore();
    expect(first.status).toBe(200);
    expect(await phoneOf(session.memberId)).toBe(masked(fresh));
    expect(await changesOf(session.memberId)).toHaveLength(1);
  });

  it('503 request.busy where the table is, and all of it is good afterwards', async () => {
    const body = await wish();
    const spy = trouble(() => cancelled('TransactionConflict'));
    expect(told(await changePhone(session, body))).toBe('503 request.busy');
    spy.mockRestore();
    expect((await changePhone(session, body)).status).toBe(200);
  });

  it('401 auth.code_invalid for a wrong code of the new phone: the step-up stays good', async () => {
    const good = await wish();
    expect(told(await changePhone(session, { ...good, code: wrong(good.code) }))).toBe('401 auth.code_invalid');
    expect(told(await changePhone(session, { ...good, phone: somePhone() }))).toBe('401 auth.code_invalid');
    expect((await changePhone(session, good)).status).toBe(200);
  });

  it('409 members.phone_taken only to who has shown the phone to be theirs; the step-up stays good', async () => {
    const taken = somePhone();
    await loggedIn(taken);
    later();
    const good = await wish();
    const code = await codeFor(taken);
    const before = await ofMembers();
    const theirs = { ...good, phone: taken, code };
    expect(told(await changePhone(session, theirs))).toBe('409 members.phone_taken');
    expect(told(await changePhone(session, { ...theirs, code: wrong(code) }))).toBe('401 auth.code_invalid');
    expect(await ofMembers()).toEqual(before);
    expect((await changePhone(session, good)).status).toBe(200);
  });

  it('409 members.phone_taken as well when it is taken in the last moment: both codes lose a try and no more', async () => {
    const good = await wish();
    const { memberId } = await byWechat('ulla');
    const body = { code: vouch(fresh) };
    const spy = beforeWrite(async () => {
      expect((await call(identitiesContract, 'wechatPhone', { as: asMember(memberId), body })).status).toBe(200);
    });
    expect(told(await changePhone(session, good))).toBe('409 members.phone_taken');
    spy.mockRestore();
    expect(await phoneOf(session.memberId)).toBe(masked(old));
    const codes = (await allItems()).filter((item) => item.type === 'login-code' && item['sentAt'] === Date.now());
    expect(codes.map(({ triesLeft, usedAt }) => [triesLeft, usedAt])).toEqual([
      [4, 0],
      [4, 0],
    ]);
  });

  it('409 members.phone_missing, 404 and 410 to who has no phone, never was, or was erased', async () => {
    const newcomer = await byWechat('wilma');
    const body = { phone: fresh, code: await codeFor(fresh), stepUp: { code: '123456' } };
    expect(told(await changePhone(newcomer, body))).toBe('409 members.phone_missing');
    const nobody = { ...session, memberId: 'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E' };
    expect(told(await changePhone(nobody, body))).toBe('404 members.not_found');
    await call(privacyContract, 'erase', { as: asSession(session), body: { confirm: 'ERASE' } });
    expect(told(await changePhone(session, body))).toBe('410 members.erased');
  });

  it('401 auth.session_ended to who was ended and has a token for a minute', async () => {
    const other = await loggedIn(old);
    await call(authContract, 'endSession', { as: asSession(other), params: { sessionId: sessionIdOf(session) } });
    later();
    const good = await wish();
    for (const body of [{ ...good, code: wrong(good.code) }, good])
      expect(told(await changePhone(session, body))).toBe('401 auth.session_ended');
    expect(await phoneOf(session.memberId)).toBe(masked(old));
  });

  it('gives the phone before back as it gave the other', async () => {
    await changedPhone(session, old, fresh);
    await changedPhone(session, fresh, old);
    expect(await phoneOf(session.memberId)).toBe(masked(old));
  });
});
