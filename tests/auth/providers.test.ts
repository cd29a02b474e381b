import { describe, expect, it, vi } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { alipayKey } from '../../infra/local/providers.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { call } from '../support/call.ts';
import { openMall, SECRETS } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall();

const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${(body.code as string | undefined) ?? ''}`.trim();
type Name = 'wechatWeb' | 'qq' | 'alipay';
const logIn = (name: Name, code: string) => call(identitiesContract, name, { body: { code } });
const codeOf = (person: string, at = Date.now()) => providerCode(person, at);
const kindsOf = async (id: unknown) =>
  (await allItems())
    .filter(({ type, memberId }) => type === 'identity' && memberId === id)
    .map(({ kind }) => String(kind))
    .toSorted((a, b) => a.localeCompare(b));

describe.each([
  ['wechatWeb', ['WECHAT_OPENID', 'WECHAT_UNIONID'], 'WECHAT_WEB_APP_ID'],
  ['qq', ['QQ_OPENID', 'QQ_UNIONID'], 'QQ_REDIRECT_URI'],
  ['alipay', ['ALIPAY_OPENID'], 'ALIPAY_APP_ID'],
] as const)('%s', (name, kinds, ours) => {
  it('201 makes a member and knows them again; who is named alike elsewhere is somebody else', async () => {
    const [first, second] = [await logIn(name, codeOf('anna')), await logIn(name, codeOf('anna'))];
    expect([first.status, first.body.firstVisit, second.body.firstVisit]).toEqual([201, true, false]);
    expect(second.body.memberId).toBe(first.body.memberId);
    expect(await kindsOf(first.body.memberId)).toEqual(kinds);
  });

  it.each([
    ['a used code', () => used(name), '401 auth.provider_code_invalid'],
    ['an expired code', async () => codeOf('bob', Date.now() - 360_000), '401 auth.provider_code_invalid'],
    ['what is no code', async () => 'x', '401 auth.provider_code_invalid'],
    ['a busy provider', async () => codeOf('busy'), '503 auth.provider_busy'],
  ])('refuses %s, and nothing is written', async (_, code, refusal) => {
    const given = await code();
    const before = await allItems();
    expect(told(await logIn(name, given))).toBe(refusal);
    expect(await allItems()).toEqual(before);
  });

  it('503 auth.provider_busy when it knows us otherwise, has no secret of us, or is far away', async () => {
    const right = process.env[ours] ?? '';
    vi.stubEnv(ours, 'other');
    expect(told(await logIn(name, codeOf('carl')))).toBe('503 auth.provider_busy');
    vi.stubEnv(ours, right);
    for (const value of [JSON.stringify({}), others]) {
      const secret = `providers-${name}-${value.length}`;
      Object.assign(SECRETS, { [secret]: value });
      vi.stubEnv('PROVIDERS_SECRET', secret);
      expect(told(await logIn(name, codeOf('carl')))).toBe('503 auth.provider_busy');
    }
    vi.stubEnv('PROVIDERS_SECRET', 'providers');
    const endpoint = name === 'wechatWeb' ? 'WECHAT_ENDPOINT' : `${name.toUpperCase()}_ENDPOINT`;
    const url = process.env[endpoint] ?? '';
    vi.stubEnv(endpoint, 'http://127.0.0.1:9');
    expect(told(await logIn(name, codeOf('carl')))).toBe('503 auth.provider_busy');
    vi.stubEnv(endpoint, url);
  });
});

it('a mini-program and a web page of one WeChat account meet the same member, by the unionid', async () => {
  const tapped = await call(identitiesContract, 'wechat', { body: { code: codeOf('dora') } });
  const web = await logIn('wechatWeb', codeOf('dora'));
  expect([web.status, web.body.memberId]).toEqual([201, tapped.body.memberId]);
});

it('an older app of Alipay is told a user id', async () => {
  const [first, second] = [await logIn('alipay', codeOf('older_eve')), await logIn('alipay', codeOf('older_eve'))];
  expect([first.status, second.body.memberId]).toEqual([201, first.body.memberId]);
});

const others = JSON.stringify({ wechatWebSecret: 'other', qqSecret: 'other', alipayPrivateKey: alipayKey() });

async function used(name: Name) {
  const code = codeOf('used');
  expect((await logIn(name, code)).status).toBe(201);
  return code;
}
