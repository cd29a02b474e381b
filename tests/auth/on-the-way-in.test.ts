import { beforeEach, expect, it } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as react } from '../../functions/auth/on-member-identity-changed.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { call } from '../support/call.ts';
import {
  asSession,
  byWechat,
  changePhone,
  codeFor,
  later,
  loggedIn,
  logIn,
  type Session,
  sessionIdOf,
  vouch,
} from '../support/logins.ts';
import { bus, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { asFunction } from '../support/permitted.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeRead, beforeWrite, recordOf } from '../support/table.ts';

openMall();

const DAY = 86_400_000;
let people = 0;
let [old, fresh, person] = ['', '', ''];
let session: Session;

/** Somebody who has lost the phone of their account, and goes on by WeChat, which they bound long ago. */
beforeEach(async () => {
  people += 1;
  [old, fresh, person] = [somePhone(), somePhone(), `way${people}`];
  const first = await loggedIn(old);
  const body = { provider: 'WECHAT', code: vouch(person) };
  expect((await call(identitiesContract, 'bind', { as: asSession(first), body })).status).toBe(200);
  later(2 * DAY);
  session = await byWechat(person);
  expect(session.memberId).toBe(first.memberId);
});

/** What they ask for meanwhile: another phone, shown by WeChat. */
async function changing() {
  const stepUp = { provider: 'WECHAT', code: vouch(person) };
  const body = { phone: fresh, code: await codeFor(fresh), stepUp };
  return () => changePhone(session, body);
}

const openSessionsOf = async (memberId: string) =>
  (await allItems())
    .filter(
      (item) => item.type === 'session' && item['memberId'] === memberId && Number(item['expiresAt']) > Date.now(),
    )
    .map((item) => String(item['sessionId']));

it.each([1, 2, 3])(
  'lets nobody in by a phone that was changed before read %i of their login: they are a newcomer',
  async (n) => {
    const [change, code] = [await changing(), await codeFor(old)];
    let isChanged = false;
    const spy = beforeRead(n, async () => {
      isChanged = (await change()).status === 200;
    });
    const { status, body } = await logIn(old, code);
    spy.mockRestore();
    expect([isChanged, status]).toEqual([true, 201]);
    expect([body.memberId === session.memberId, body.firstVisit]).toEqual([false, true]);
    expect(await openSessionsOf(session.memberId)).toEqual([sessionIdOf(session)]);
  },
);

it.each([1, 2, 3])('nor where the clock of the change is five minutes slow, before read %i', async (n) => {
  later(300_000);
  const [change, code] = [await changing(), await codeFor(old)];
  let isChanged = false;
  const spy = beforeRead(n, async () => {
    later(-300_000);
    isChanged = (await change()).status === 200;
    later(300_000);
  });
  const { body } = await logIn(old, code);
  spy.mockRestore();
  expect([isChanged, body.memberId === session.memberId]).toEqual([true, false]);
});

it.each([1, 2])('lets nobody in by a phone that was changed before write %i of their login', async (n) => {
  const [change, code] = [await changing(), await codeFor(old)];
  let changes = 0;
  const spy = beforeWrite(async () => {
    changes += 1;
    expect((await change()).status).toBe(200);
  }, n);
  const { body } = await logIn(old, code);
  spy.mockRestore();
  expect([changes, body.memberId === session.memberId]).toEqual([1, false]);
  expect(await openSessionsOf(session.memberId)).toEqual([sessionIdOf(session)]);
});

it('lets nobody in by what was unbound while they were on the way', async () => {
  const by = () => call(identitiesContract, 'wechat', { body: { code: vouch(person) } });
  const spy = beforeWrite(async () => {
    const params = { provider: 'WECHAT' };
    expect((await call(identitiesContract, 'unbind', { as: asSession(session), params })).status).toBe(204);
  });
  const { body } = await by();
  spy.mockRestore();
  expect([body.memberId === session.memberId, body.firstVisit]).toEqual([false, true]);
});

it('takes no step-up of what was unbound while the phone was being changed', async () => {
  later();
  const [owner, change] = [await loggedIn(old), await changing()];
  const spy = beforeWrite(async () => {
    const params = { provider: 'WECHAT' };
    expect((await call(identitiesContract, 'unbind', { as: asSession(owner), params })).status).toBe(204);
  });
  const answer = await change();
  spy.mockRestore();
  expect(told(answer)).toBe('401 auth.step_up_invalid');
  later();
  expect((await loggedIn(old)).memberId).toBe(session.memberId);
});

it('ends who came in by the old phone while the change was made, with their tokens', async () => {
  const [change, code] = [await changing(), await codeFor(old)];
  let thief: Session | undefined;
  const spy = beforeWrite(async () => {
    later(500);
    thief = (await logIn(old, code)).body as unknown as Session;
  });
  expect((await change()).status).toBe(200);
  spy.mockRestore();
  if (!thief) throw new Error('Nobody came in.');
  expect(thief.memberId).toBe(session.memberId);
  bus.events.length = 0;
  const changes = (await allItems()).filter(
    (item) => item.type === 'identity-change' && item['memberId'] === session.memberId && item['change'] === 'PHONE',
  );
  await announcer({ Records: changes.map((item, i) => recordOf(String(i), item)) });
  for (const { DetailType, Detail } of bus.events)
    await asFunction('auth/on-member-identity-changed', () =>
      react({ 'detail-type': DetailType, detail: JSON.parse(Detail) as unknown } as never),
    );
  expect(await openSessionsOf(session.memberId)).toEqual([sessionIdOf(session)]);
  const refreshed = await call(authContract, 'refresh', { body: { refreshToken: thief.refreshToken } });
  expect(told(refreshed)).toBe('401 auth.session_ended');
  const token = { subject: thief.memberId, sessionId: sessionIdOf(thief), issuedAt: Date.now() };
  expect(await isRevoked(token as never)).toBe(true);
});
