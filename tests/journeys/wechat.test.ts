import { describe, expect, it } from 'vitest';
import { stages } from '../../infra/stages.ts';
import { oidcLogin } from '../support/issuer.ts';
import { type Answered, runMall } from '../support/running.ts';

const held = runMall();
const [PHONE, TAKEN] = ['13700137100', '13700137200'];

/** The steps tell one story, each going on from the one before. */
describe('somebody comes by WeChat', { shuffle: false }, () => {
  let [memberId, token] = ['', ''];

  const told = ({ status, body }: Answered) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
  const codeOf = async (person: string) =>
    (await held.mall.send('POST', `/local/provider-codes?person=${person}`)).body.code as string;
  const logIn = async (by: string, person: string) =>
    held.mall.send('POST', `/v1/auth/sessions/${by}`, { body: { code: await codeOf(person) } });
  const post = async (path: string, body: object) => held.mall.send('POST', path, { token, body });

  it('1. in one tap they are a member, without a phone', async () => {
    const { status, body } = await logIn('wechat', 'anna');
    expect([status, body.firstVisit]).toEqual([201, true]);
    [memberId, token] = [body.memberId as string, body.accessToken as string];
    const me = await held.mall.send('GET', '/v1/me', { token });
    expect([me.status, me.body.memberId, me.body.phone]).toEqual([200, memberId, null]);
    expect((await held.mall.send('GET', '/v1/me/points', { token })).status).toBe(200);
  });

  it('2. the code counts once; the next tap is the same member, and so is the web page', async () => {
    const code = await codeOf('anna');
    expect((await held.mall.send('POST', '/v1/auth/sessions/wechat', { body: { code } })).body.memberId).toBe(memberId);
    const again = await held.mall.send('POST', '/v1/auth/sessions/wechat', { body: { code } });
    expect(told(again)).toBe('401 auth.provider_code_invalid');
    expect((await logIn('wechat-web', 'anna')).body.memberId).toBe(memberId);
  });

  it('3. a phone that has an account is refused, with what to do', async () => {
    await held.mall.logIn(TAKEN);
    const answer = await post('/v1/me/phone/wechat', { code: await codeOf(TAKEN) });
    expect([told(answer), answer.body.title]).toEqual(['409 members.phone_taken', expect.stringContaining('合并')]);
  });

  it('4. their own is bound by the phone button, and logs them in by SMS', async () => {
    const answer = await post('/v1/me/phone/wechat', { code: await codeOf(PHONE) });
    expect([answer.status, answer.body]).toEqual([200, { phone: '+86137****7100' }]);
    expect((await held.mall.logIn(PHONE)).memberId).toBe(memberId);
  });

  it('5. QQ and Alipay are bound, and log in the same member', async () => {
    for (const provider of ['QQ', 'ALIPAY']) {
      expect((await post('/v1/me/identities', { provider, code: await codeOf('anna') })).status).toBe(200);
      expect((await logIn(provider.toLowerCase(), 'anna')).body).toMatchObject({ memberId, firstVisit: false });
    }
    const { body } = await held.mall.send('GET', '/v1/me/identities', { token });
    expect(body.items).toMatchObject([{ provider: 'WECHAT' }, { provider: 'QQ' }, { provider: 'ALIPAY' }]);
  });

  it('6. what is unbound logs in a newcomer', async () => {
    expect((await held.mall.send('DELETE', '/v1/me/identities/QQ', { token })).status).toBe(204);
    expect((await logIn('qq', 'anna')).body.firstVisit).toBe(true);
  });

  it('7. the company’s own account (OpenID Connect) is bound, and logs in the same member', async () => {
    const found = (await held.mall.send('GET', '/local/issuer')).body.discovery as string;
    const {
      OIDC_CLIENT_ID: clientId = '',
      OIDC_REDIRECT_URI: redirectUri = '',
      OIDC_ISSUER: issuer = '',
    } = stages.dev.providers;
    const client = { clientId, redirectUri, issuer };
    const account = await oidcLogin('anna', { found, client });
    expect((await post('/v1/me/identities', { provider: 'OIDC', ...account })).status).toBe(200);
    const body = await oidcLogin('anna', { found, client });
    const answer = await held.mall.send('POST', '/v1/auth/sessions/oidc', { body });
    expect(answer.body).toMatchObject({ memberId, firstVisit: false });
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
