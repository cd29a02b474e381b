import { describe, expect, it } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems, beforeRead } from '../support/table.ts';

openMall();

const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${(body.code as string | undefined) ?? ''}`.trim();
const codeOf = (person: string) => providerCode(person, Date.now());
const logIn = async (name: 'wechat' | 'qq' | 'alipay', person: string) =>
  (await call(identitiesContract, name, { body: { code: codeOf(person) } })).body as {
    memberId: string;
    firstVisit: boolean;
  };
const bind = (memberId: string, provider: string, person: string) =>
  call(identitiesContract, 'bind', { as: asMember(memberId), body: { provider, code: codeOf(person) } });
const bound = async (memberId: string) =>
  (await call(identitiesContract, 'bound', { as: asMember(memberId) })).body.items as Record<string, unknown>[];
const unbind = (memberId: string, provider: string) =>
  call(identitiesContract, 'unbind', { as: asMember(memberId), params: { provider } });

describe('POST /v1/me/identities', () => {
  it('200 binds a second identity: logging in by either is the same member', async () => {
    const { memberId } = await logIn('wechat', 'anna');
    const answer = await bind(memberId, 'ALIPAY', 'anna');
    expect([answer.status, answer.body.items]).toEqual([200, await bound(memberId)]);
    expect((await bind(memberId, 'QQ', 'anna')).status).toBe(200);
    expect(await logIn('alipay', 'anna')).toMatchObject({ memberId, firstVisit: false });
    expect(await logIn('qq', 'anna')).toMatchObject({ memberId, firstVisit: false });
  });

  it('200 again for what is bound already, and nothing is written', async () => {
    const { memberId } = await logIn('wechat', 'bob');
    const before = await allItems();
    expect((await bind(memberId, 'WECHAT', 'bob')).status).toBe(200);
    expect(await allItems()).toEqual(before);
  });

  it('200 for the same request again, whose code counts once: its answer may have been lost', async () => {
    const { memberId } = await logIn('wechat', 'bea');
    const body = { provider: 'QQ', code: codeOf('bea') };
    const ask = () => call(identitiesContract, 'bind', { as: asMember(memberId), body });
    const first = await ask();
    const before = await allItems();
    const again = await ask();
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await allItems()).toEqual(before);
    const other = await logIn('wechat', 'bert');
    expect(told(await call(identitiesContract, 'bind', { as: asMember(other.memberId), body }))).toBe(
      '401 auth.provider_code_invalid',
    );
  });

  it.each([1, 2])('200 where the same request was served before read %i of this one', async (n) => {
    const { memberId } = await logIn('wechat', `bo${n}`);
    const body = { provider: 'ALIPAY', code: codeOf(`bo${n}`) };
    const ask = () => call(identitiesContract, 'bind', { as: asMember(memberId), body });
    const spy = beforeRead(n, async () => expect((await ask()).status).toBe(200));
    const answer = await ask();
    spy.mockRestore();
    expect(answer.status).toBe(200);
    expect(await bound(memberId)).toHaveLength(2);
  });

  it('409 members.identity_of_another, and nothing is moved; 401 and 503 as at the login; 404 for nobody', async () => {
    const [{ memberId }] = [await logIn('wechat', 'carl'), await logIn('qq', 'carla')];
    const before = await allItems();
    expect(told(await bind(memberId, 'QQ', 'carla'))).toBe('409 members.identity_of_another');
    expect(told(await bind(memberId, 'QQ', 'busy'))).toBe('503 auth.provider_busy');
    expect(told(await bind(memberId, 'QQ', '-'))).toBe('401 auth.provider_code_invalid');
    expect(told(await bind('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E', 'QQ', 'carlo'))).toBe('404 members.not_found');
    expect(await allItems()).toEqual(before);
  });

  it('200 for one of several members who bind one identity at once', async () => {
    const people = await Promise.all(['d1', 'd2', 'd3'].map((person) => logIn('wechat', person)));
    const answers = await Promise.all(people.map(({ memberId }) => bind(memberId, 'ALIPAY', 'dora')));
    expect(answers.map((answer) => told(answer)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '200',
      '409 members.identity_of_another',
      '409 members.identity_of_another',
    ]);
  });

  it('200 for several identities that one member binds at once', async () => {
    const { memberId } = await logIn('wechat', 'erna');
    const answers = await Promise.all(['QQ', 'ALIPAY'].map((provider) => bind(memberId, provider, 'erna')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await bound(memberId)).map(({ provider }) => String(provider))).toHaveLength(3);
  });
});

describe('POST /v1/me/identities, again and again', () => {
  it('409 members.identities_full beyond twenty: all of them go in one transaction when the member does', async () => {
    const { memberId } = await loggedIn(somePhone());
    let last = await bind(memberId, 'QQ', 'ida0');
    for (let i = 1; last.status === 200; i += 1) last = await bind(memberId, 'QQ', `ida${i}`);
    expect([told(last), last.body.most]).toEqual(['409 members.identities_full', 20]);
    const kept = (await allItems()).find((item) => item.type === 'identities' && item.memberId === memberId);
    expect(kept?.['bound']).toHaveLength(20);
    const erased = await call(privacyContract, 'erase', { as: asMember(memberId), body: { confirm: 'ERASE' } });
    expect(erased.status).toBe(200);
  });
});

describe('GET and DELETE /v1/me/identities', () => {
  it('lists a line for each provider, masked, and nothing for who came by phone', async () => {
    const { memberId } = await logIn('wechat', 'fred');
    expect(await bound(memberId)).toEqual([{ provider: 'WECHAT', name: 'o**', boundAt: expect.any(String) as string }]);
    expect(await bound((await loggedIn(somePhone())).memberId)).toEqual([]);
  });

  it('204 unbinds all that a provider calls a member; the next login by it is a newcomer, who takes it', async () => {
    const { memberId } = await logIn('wechat', 'greta');
    await bind(memberId, 'QQ', 'greta');
    expect((await unbind(memberId, 'WECHAT')).status).toBe(204);
    expect((await bound(memberId)).map(({ provider }) => provider)).toEqual(['QQ']);
    const before = await allItems();
    expect([(await unbind(memberId, 'WECHAT')).status, await allItems()]).toEqual([204, before]);
    const next = await logIn('wechat', 'greta');
    expect([next.firstVisit, next.memberId === memberId]).toEqual([true, false]);
    expect(told(await bind(memberId, 'WECHAT', 'greta'))).toBe('409 members.identity_of_another');
  });

  it('204 even for all, where there is a phone; 409 members.identity_last where there is none', async () => {
    const { memberId } = await loggedIn(somePhone());
    await bind(memberId, 'WECHAT', 'hans');
    expect((await unbind(memberId, 'WECHAT')).status).toBe(204);
    const other = await logIn('wechat', 'hans');
    expect(told(await unbind(other.memberId, 'WECHAT'))).toBe('409 members.identity_last');
    await bind(other.memberId, 'QQ', 'hans');
    const answers = await Promise.all(['QQ', 'WECHAT'].map((provider) => unbind(other.memberId, provider)));
    expect(answers.map((answer) => told(answer)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '204',
      '409 members.identity_last',
    ]);
    expect(await bound(other.memberId)).toHaveLength(1);
  });
});
