import { describe, expect, it, vi } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { codeFor, loggedIn, wrong } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems, beforeRead } from '../support/table.ts';

openMall();

const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${(body.code as string | undefined) ?? ''}`.trim();

let people = 0;
/** Somebody who came by WeChat, and has no phone. */
async function newcomer() {
  people += 1;
  const code = providerCode(`newcomer${people}`, Date.now());
  const { body } = await call(identitiesContract, 'wechat', { body: { code } });
  return body.memberId as string;
}
const button = (phone: string) => providerCode(phone, Date.now());
const byWechat = (memberId: string, code: string) =>
  call(identitiesContract, 'wechatPhone', { as: asMember(memberId), body: { code } });
const bySms = (memberId: string, phone: string, code: string) =>
  call(identitiesContract, 'phone', { as: asMember(memberId), body: { phone, code } });
const ways = [
  ['POST /v1/me/phone/wechat', (id: string, phone: string) => byWechat(id, button(phone))],
  ['POST /v1/me/phone', async (id: string, phone: string) => bySms(id, phone, await codeFor(phone))],
] as const;

describe.each(ways)('%s', (_, bind) => {
  it('200 gives the member a phone, by which they are found and log in', async () => {
    const [memberId, phone] = [await newcomer(), somePhone()];
    const answer = await bind(memberId, phone);
    expect([answer.status, answer.body]).toEqual([
      200,
      { phone: expect.stringMatching(/^\+86\d{3}\*{4}\d{4}$/) as string },
    ]);
    expect((await call(membersContract, 'me', { as: asMember(memberId) })).body.phone).toBe(answer.body.phone);
    const found = await call(membersContract, 'search', { as: asStaff('members.read'), body: { phone } });
    expect(found.body.items).toMatchObject([{ memberId }]);
    later();
    const { memberId: same, firstVisit } = await loggedIn(phone);
    expect([same, firstVisit]).toEqual([memberId, false]);
  });

  it('200 again for one’s own phone, and nothing is written but the used code', async () => {
    const [memberId, phone] = [await newcomer(), somePhone()];
    await bind(memberId, phone);
    later();
    const before = await ofMembers();
    expect((await bind(memberId, phone)).status).toBe(200);
    expect(await ofMembers()).toEqual(before);
  });

  it('409 members.phone_taken for one that has an account, with what to do, and nothing is written', async () => {
    const [memberId, phone] = [await newcomer(), somePhone()];
    await loggedIn(phone);
    later();
    const before = await ofMembers();
    const answer = await bind(memberId, phone);
    expect(told(answer)).toBe('409 members.phone_taken');
    expect(answer.body.title).toContain('合并');
    expect(await ofMembers()).toEqual(before);
  });

  it('409 members.phone_bound for a second phone, and 404 for a member who never was', async () => {
    const memberId = await newcomer();
    await bind(memberId, somePhone());
    expect(told(await bind(memberId, somePhone()))).toBe('409 members.phone_bound');
    expect(told(await bind('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E', somePhone()))).toBe('404 members.not_found');
  });

  it('200 for one of several who bind the same phone at once, and of several phones one', async () => {
    const phone = somePhone();
    const members = await Promise.all(Array.from({ length: 4 }, () => newcomer()));
    const codes = ways[0][1];
    const answers = await Promise.all(members.map((memberId) => codes(memberId, phone)));
    expect(answers.map((answer) => told(answer)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '200',
      ...Array.from({ length: 3 }, () => '409 members.phone_taken'),
    ]);
    const one = await newcomer();
    const phones = await Promise.all(Array.from({ length: 4 }, () => codes(one, somePhone())));
    expect(phones.map((answer) => told(answer)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '200',
      ...Array.from({ length: 3 }, () => '409 members.phone_bound'),
    ]);
  });
});

describe('the same request again', () => {
  it('200 though its code counts once: its answer may have been lost', async () => {
    const [one, other, phone] = [await newcomer(), await newcomer(), somePhone()];
    const [code, given] = [await codeFor(phone), button(somePhone())];
    for (const ask of [() => bySms(one, phone, code), () => byWechat(other, given)]) {
      const first = await ask();
      const before = await allItems();
      const again = await ask();
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect(await allItems()).toEqual(before);
    }
    expect(told(await bySms(other, phone, code))).toBe('401 auth.code_invalid');
  });

  it.each([1, 2, 3])('200 where it was served before read %i of this one', async (n) => {
    const [memberId, phone] = [await newcomer(), somePhone()];
    const code = await codeFor(phone);
    const spy = beforeRead(n, async () => expect((await bySms(memberId, phone, code)).status).toBe(200));
    const answer = await bySms(memberId, phone, code);
    spy.mockRestore();
    expect(answer.status).toBe(200);
  });
});

describe('what shows that a phone is theirs', () => {
  it('is refused when it does not: 401, and whose the phone is stays untold', async () => {
    const [memberId, phone] = [await newcomer(), somePhone()];
    await loggedIn(phone);
    later();
    expect(told(await bySms(memberId, phone, wrong(await codeFor(phone))))).toBe('401 auth.code_invalid');
    expect(told(await byWechat(memberId, 'nonsense'))).toBe('401 auth.provider_code_invalid');
    const used = button(somePhone());
    await byWechat(await newcomer(), used);
    expect(told(await byWechat(memberId, used))).toBe('401 auth.provider_code_invalid');
  });

  it('503 auth.provider_busy while WeChat is busy, or tells something else than a phone', async () => {
    const memberId = await newcomer();
    expect(told(await byWechat(memberId, button('busy')))).toBe('503 auth.provider_busy');
    expect(told(await byWechat(memberId, button('nobody')))).toBe('503 auth.provider_busy');
  });

  it('200 when WeChat has taken our token back: it is asked for once more', async () => {
    const memberId = await newcomer();
    await byWechat(memberId, button('busy'));
    vi.stubEnv('WECHAT_APP_ID', 'wx-other');
    vi.stubEnv('PROVIDERS_SECRET', 'providers');
    const real = globalThis.fetch;
    const paths: string[] = [];
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (to, init) => {
      const url = to as URL;
      paths.push(url.pathname);
      if (paths.length === 1) url.searchParams.set('access_token', 'taken back');
      return real(url, init);
    });
    expect((await byWechat(memberId, button(somePhone()))).status).toBe(200);
    spy.mockRestore();
    vi.stubEnv('WECHAT_APP_ID', 'wx-test');
    const phones = '/wxa/business/getuserphonenumber';
    expect(paths).toEqual([phones, '/cgi-bin/stable_token', phones]);
  });
});

/** So much later that another code may be sent. */
function later() {
  clock(new Date(Date.now() + 61_000).toISOString());
}

/** All items but those that say what codes are under way. */
async function ofMembers() {
  return (await allItems()).filter(({ type }) => type !== 'login-code');
}

describe('who is erased', () => {
  it('goes with what WeChat called them: the next tap is a newcomer, and nothing is bound to who is gone', async () => {
    const first = await call(identitiesContract, 'wechat', { body: { code: providerCode('gone', Date.now()) } });
    const memberId = first.body.memberId as string;
    await call(privacyContract, 'erase', { as: asMember(memberId), body: { confirm: 'ERASE' } });
    expect(told(await byWechat(memberId, button(somePhone())))).toBe('410 members.erased');
    const next = await call(identitiesContract, 'wechat', { body: { code: providerCode('gone', Date.now()) } });
    expect([next.body.firstVisit, next.body.memberId === memberId]).toEqual([true, false]);
    const kept = (await allItems()).filter((item) => item.memberId === memberId && item.type.startsWith('identit'));
    expect(kept).toEqual([]);
  });
});
