import { expect, it, vi } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { asMember, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';

openMall();

const code = () => providerCode('anna', Date.now());

it.each([
  ['wechat', 'WECHAT', 'WECHAT_APP_ID'],
  ['wechatWeb', 'WECHAT_WEB', 'WECHAT_WEB_APP_ID'],
  ['qq', 'QQ', 'QQ_APP_ID'],
  ['alipay', 'ALIPAY', 'ALIPAY_APP_ID'],
  ['oidc', 'OIDC', 'OIDC_CLIENT_ID'],
] as const)(
  '404 auth.provider_not_offered for %s where the stage does not name our app there',
  async (row, provider, ours) => {
    const { memberId } = await loggedIn(somePhone());
    const before = await allItems();
    const right = process.env[ours];
    vi.stubEnv(ours, undefined);
    const asked = vi.spyOn(globalThis, 'fetch');
    const login = provider === 'OIDC' ? { codeVerifier: 'v'.repeat(43), nonce: 'a-nonce-of-a-test' } : {};
    const as = asMember(memberId);
    const answers = [
      await call(identitiesContract, row, { body: { code: code(), ...login } }),
      await call(identitiesContract, 'bind', { as, body: { provider, code: code(), ...login } }),
      ...(row === 'wechat' ? [await call(identitiesContract, 'wechatPhone', { as, body: { code: code() } })] : []),
    ];
    const told = answers.map(({ status, body }) => `${status} ${String(body.code)}`);
    expect(new Set(told)).toEqual(new Set(['404 auth.provider_not_offered']));
    expect(asked).not.toHaveBeenCalled();
    expect(await allItems()).toEqual(before);
    asked.mockRestore();
    vi.stubEnv(ours, right);
  },
);
