import { expect, it } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, type Called, call } from '../support/call.ts';
import {
  asSession,
  byWechat,
  changePhone,
  codeFor,
  later,
  loggedIn,
  type Session,
  sessionIdOf,
  stepUpCodeFor,
  vouch,
} from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeWrite } from '../support/table.ts';

openMall();

const identities = async () =>
  (await allItems()).filter(({ type }) => ['member', 'identity', 'identities', 'identity-change'].includes(type));

/** Somebody without a phone, whose stolen session they have just ended. */
async function ended(): Promise<Session> {
  const stolen = await byWechat('owner');
  later();
  const own = await byWechat('owner');
  const params = { sessionId: sessionIdOf(stolen) };
  expect((await call(authContract, 'endSession', { as: asSession(own), params })).status).toBe(204);
  return stolen;
}

it('401 auth.session_ended to who was ended and would make, in the minute of their token, a way in that stays', async () => {
  const stolen = await ended();
  const [as, phone] = [asSession(stolen), somePhone()];
  const code = await codeFor(phone);
  const before = await identities();
  const answers = [
    await call(identitiesContract, 'bind', { as, body: { provider: 'QQ', code: vouch('thief') } }),
    await call(identitiesContract, 'phone', { as, body: { phone, code } }),
    await call(identitiesContract, 'wechatPhone', { as, body: { code: vouch(somePhone()) } }),
    await call(identitiesContract, 'unbind', { as, params: { provider: 'WECHAT' } }),
  ];
  expect(answers.map((one) => told(one))).toEqual(answers.map(() => '401 auth.session_ended'));
  expect(await identities()).toEqual(before);
});

it.each<[string, (as: ReturnType<typeof asMember>, phone: string, code: string) => Promise<Called>]>([
  ['bind', (as) => call(identitiesContract, 'bind', { as, body: { provider: 'QQ', code: vouch('racer') } })],
  ['phone', (as, phone, code) => call(identitiesContract, 'phone', { as, body: { phone, code } })],
  ['wechatPhone', (as, phone) => call(identitiesContract, 'wechatPhone', { as, body: { code: vouch(phone) } })],
  ['unbind', (as) => call(identitiesContract, 'unbind', { as, params: { provider: 'WECHAT' } })],
])('401 auth.session_ended to who is ended while it is done: %s', async (name, ask) => {
  const person = `race${name.toLowerCase()}`;
  const stolen = await byWechat(person);
  later();
  const [own, phone] = [await byWechat(person), somePhone()];
  const another = { provider: 'ALIPAY', code: vouch(person) };
  expect((await call(identitiesContract, 'bind', { as: asSession(own), body: another })).status).toBe(200);
  const code = await codeFor(phone);
  const before = await identities();
  // The first write of `phone` uses up its code.
  const spy = beforeWrite(
    async () => {
      expect((await call(authContract, 'endOtherSessions', { as: asSession(own) })).status).toBe(204);
    },
    name === 'phone' ? 2 : 1,
  );
  const answer = await ask(asSession(stolen), phone, code);
  spy.mockRestore();
  expect([told(answer), await identities()]).toEqual(['401 auth.session_ended', before]);
});

it('401 auth.session_ended to who is ended while they change the phone', async () => {
  const [old, fresh] = [somePhone(), somePhone()];
  const stolen = await loggedIn(old);
  later();
  const own = await loggedIn(old);
  later();
  const wish = { phone: fresh, code: await codeFor(fresh), stepUp: { code: await stepUpCodeFor(own, old) } };
  const before = await identities();
  const spy = beforeWrite(async () => {
    expect((await call(authContract, 'endOtherSessions', { as: asSession(own) })).status).toBe(204);
  });
  const answer = await changePhone(stolen, wish);
  spy.mockRestore();
  expect([told(answer), await identities()]).toEqual(['401 auth.session_ended', before]);
});

it('403 auth.login_too_old to who has logged in more than ten minutes ago: a stolen token makes and takes no way in', async () => {
  const owner = await byWechat('early');
  later(601_000);
  const [as, phone] = [asSession(owner), somePhone()];
  const [code, qq, button] = [await codeFor(phone), vouch('early'), vouch(somePhone())];
  const before = await identities();
  const ask = async (who: ReturnType<typeof asMember>) => [
    await call(identitiesContract, 'bind', { as: who, body: { provider: 'QQ', code: qq } }),
    await call(identitiesContract, 'phone', { as: who, body: { phone, code } }),
    await call(identitiesContract, 'wechatPhone', { as: who, body: { code: button } }),
    await call(identitiesContract, 'unbind', { as: who, params: { provider: 'WECHAT' } }),
  ];
  const late = await ask(as);
  expect(late.map((one) => told(one))).toEqual(late.map(() => '403 auth.login_too_old'));
  expect(late.map(({ body }) => Number(body.maxAgeSeconds))).toEqual(late.map(() => 600));
  expect(await identities()).toEqual(before);
  const fresh = await ask(asSession(await byWechat('early')));
  // What was given is still good after the login; only the second phone is one too many.
  expect(fresh.map((one) => told(one))).toEqual(['200', '200', '409 members.phone_bound', '204']);
});

it('401 auth.session_ended and 403 auth.login_too_old to who would erase a member by a token alone', async () => {
  const stolen = await ended();
  const erase = (as: ReturnType<typeof asMember>) => call(privacyContract, 'erase', { as, body: { confirm: 'ERASE' } });
  expect(told(await erase(asSession(stolen)))).toBe('401 auth.session_ended');
  later(601_000);
  const late = await erase(asMember(stolen.memberId));
  expect([told(late), late.body.maxAgeSeconds]).toEqual(['403 auth.login_too_old', 600]);
  const fresh = await byWechat('owner');
  for (let again = 0; again < 2; again += 1) expect(told(await erase(asSession(fresh)))).toBe('200');
});
