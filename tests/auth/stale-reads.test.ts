import { afterEach, expect, it, vi } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { asMember, call } from '../support/call.ts';
import { changedPhone, codeFor, later, loggedIn, logIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems, readingLate } from '../support/table.ts';

openMall();
afterEach(() => void vi.restoreAllMocks());

const identities = async () => (await allItems()).filter(({ type }) => type === 'identity');

it('logs nobody in by a phone that they had a moment ago, however late the table’s copies are', async () => {
  const [old, fresh] = [somePhone(), somePhone()];
  const session = await loggedIn(old);
  const before = await identities();
  await changedPhone(session, old, fresh);
  later();
  const code = await codeFor(old);
  readingLate(before);
  const { body } = await logIn(old, code);
  expect(body).toMatchObject({ firstVisit: true });
  expect(body.memberId).not.toBe(session.memberId);
});

it('logs nobody in by what was unbound a moment ago', async () => {
  const { memberId } = await loggedIn(somePhone());
  const code = () => providerCode('late', Date.now());
  const as = asMember(memberId);
  await call(identitiesContract, 'bind', { as, body: { provider: 'ALIPAY', code: code() } });
  const before = await identities();
  expect((await call(identitiesContract, 'unbind', { as, params: { provider: 'ALIPAY' } })).status).toBe(204);
  readingLate(before);
  const { body } = await call(identitiesContract, 'alipay', { body: { code: code() } });
  expect(body).toMatchObject({ firstVisit: true });
  expect(body.memberId).not.toBe(memberId);
});

it('unbinds what was bound a moment ago', async () => {
  const { memberId } = await loggedIn(somePhone());
  const as = asMember(memberId);
  const bind = (provider: string) =>
    call(identitiesContract, 'bind', { as, body: { provider, code: providerCode('just', Date.now()) } });
  await bind('QQ');
  const before = (await allItems()).filter(({ type }) => type === 'identities');
  await bind('ALIPAY');
  readingLate(before);
  expect((await call(identitiesContract, 'unbind', { as, params: { provider: 'ALIPAY' } })).status).toBe(204);
  expect((await call(identitiesContract, 'bound', { as })).body.items).toMatchObject([{ provider: 'QQ' }]);
});
