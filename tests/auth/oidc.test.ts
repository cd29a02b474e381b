import { afterEach, describe, expect, it, vi } from 'vitest';
import { openOidc, subjectNamed } from '../../infra/local/oidc.ts';
import { jsonReply, type Provider, providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { logger } from '../../shared/platform/logger.ts';
import { asMember, call } from '../support/call.ts';
import { issuedBy, type OddIssuer, oddIssuer, oidcLogin } from '../support/issuer.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, OIDC, openMall, SECRETS } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

type Login = Awaited<ReturnType<typeof oidcLogin>>;
const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${(body.code as string | undefined) ?? ''}`.trim();
const logIn = (login: object) => call(identitiesContract, 'oidc', { body: login });
const bind = (memberId: string, login: object) =>
  call(identitiesContract, 'bind', { as: asMember(memberId), body: { provider: 'OIDC', ...login } });
const bound = async (memberId: string) =>
  (await call(identitiesContract, 'bound', { as: asMember(memberId) })).body.items as Record<string, unknown>[];
const now = () => Date.now();

afterEach(() => {
  clock(START);
  vi.stubEnv('OIDC_CLIENT_ID', OIDC.clientId);
  vi.stubEnv('OIDC_ISSUER', OIDC.issuer);
  vi.stubEnv('PROVIDERS_SECRET', 'providers');
});

/** While an operator has filled in this. */
function secretsAre(name: string, value: object): void {
  Object.assign(SECRETS, { [name]: JSON.stringify(value) });
  vi.stubEnv('PROVIDERS_SECRET', name);
}

describe('POST /v1/auth/sessions/oidc', () => {
  it('201 makes a member, with a session on a device, and knows them again', async () => {
    const device = { platform: 'WEB' };
    const [first, second] = [
      await logIn({ ...(await oidcLogin('anna')), device }),
      await logIn(await oidcLogin('anna')),
    ];
    expect([first.status, first.body.firstVisit, second.body.firstVisit]).toEqual([201, true, false]);
    expect(second.body.memberId).toBe(first.body.memberId);
    expect((await logIn(await oidcLogin('annabel'))).body.memberId).not.toBe(first.body.memberId);
  });

  it('201 for 5 at once are one member', async () => {
    const logins = await Promise.all(Array.from({ length: 5 }, () => oidcLogin('bob')));
    const answers = await Promise.all(logins.map((login) => logIn(login)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body.memberId)}`)).size).toBe(1);
    expect(answers.filter(({ body }) => body.firstVisit)).toHaveLength(1);
  });

  it('201 is somebody else who is named alike by another issuer', async () => {
    const here = await logIn(await oidcLogin('carl'));
    const issuer = 'https://other.test';
    vi.stubEnv('OIDC_ISSUER', issuer);
    await issuedBy(openOidc({ ...OIDC, issuer, secret: 'oidc: test', now }), async () => {
      const there = await logIn(await oidcLogin('carl'));
      expect([there.status, there.body.firstVisit]).toEqual([201, true]);
      expect(there.body.memberId).not.toBe(here.body.memberId);
    });
  });

  it('201 as a public client, by PKCE alone, and with a secret in the form', async () => {
    secretsAre('public', {});
    await issuedBy(openOidc({ ...OIDC, now }), async () => {
      expect((await logIn(await oidcLogin('dora'))).status).toBe(201);
    });
    secretsAre('posting', { oidcSecret: 'a secret' });
    const posting = openOidc({ ...OIDC, secret: 'a secret', authMethod: 'client_secret_post', now });
    await issuedBy(posting, async () => expect((await logIn(await oidcLogin('dora'))).status).toBe(201));
  });

  it.each<[string, (login: Login) => Promise<object>, string]>([
    ['a used code', used, '401 auth.provider_code_invalid'],
    ['a code of six minutes ago', expired, '401 auth.provider_code_invalid'],
    ['what is no code', async (login) => ({ ...login, code: 'x' }), '401 auth.provider_code_invalid'],
    ['another verifier', changed('codeVerifier', 'v'.repeat(43)), '401 auth.provider_code_invalid'],
    ['another nonce', changed('nonce', 'another-nonce-than-before'), '401 auth.provider_code_invalid'],
    ['a short verifier', changed('codeVerifier', 'v'.repeat(42)), '400 request.invalid'],
    ['a short nonce', changed('nonce', 'short'), '400 request.invalid'],
    ['no verifier', changed('codeVerifier', undefined), '400 request.invalid'],
    ['no nonce', changed('nonce', undefined), '400 request.invalid'],
    ['an empty code', changed('code', ''), '400 request.invalid'],
  ])('refuses %s, and nothing is written', async (_, change, refusal) => {
    const given = await change(await oidcLogin('fred'));
    const before = await allItems();
    expect(told(await logIn(given))).toBe(refusal);
    expect(await allItems()).toEqual(before);
  });

  it.each([
    ['is busy (503)', 'busy'],
    ['is temporarily unavailable (400)', 'limited'],
    ['is broken (500)', 'broken'],
  ])('503 auth.provider_busy with Retry-After when the issuer %s', async (_, person) => {
    const answer = await logIn(await oidcLogin(person));
    expect(told(answer)).toBe('503 auth.provider_busy');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('503 auth.provider_busy when the issuer does not know us, by id or by secret, or takes it in no way of ours', async () => {
    const [one, other] = [await oidcLogin('greta'), await oidcLogin('greta')];
    vi.stubEnv('OIDC_CLIENT_ID', 'another');
    expect(told(await logIn(one))).toBe('503 auth.provider_busy');
    vi.stubEnv('OIDC_CLIENT_ID', OIDC.clientId);
    secretsAre('others', { oidcSecret: 'another' });
    expect(told(await logIn(other))).toBe('503 auth.provider_busy');
    const says = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    expect(await whenOdd({ says })).toBe('503 auth.provider_busy');
  });

  it.each<[string, Partial<OddIssuer>]>([
    ['says to be another', { says: { issuer: 'https://id.test/' } }],
    ['has its tokens at an address without TLS', { says: { token_endpoint: 'http://10.0.0.1/token' } }],
    ['has its keys at an address without TLS', { says: { jwks_uri: 'http://10.0.0.1/keys' } }],
    ['has its keys at what is no address', { says: { jwks_uri: 'keys' } }],
    ['has no keys', { keys: [{}] }],
  ])('503 auth.provider_busy when the issuer %s', async (_, odd) => {
    expect(await whenOdd(odd)).toBe('503 auth.provider_busy');
  });

  it.each<[string, Provider]>([
    ['has no discovery', () => jsonReply({}, 404)],
    ['sends us elsewhere', () => ({ ...jsonReply({}, 302), headers: { location: process.env.OIDC_DISCOVERY ?? '' } })],
    ['has no end', () => ({ ...jsonReply({}), body: Buffer.alloc(100_000, ' ') })],
  ])('503 auth.provider_busy when the issuer %s', async (_, provider) => {
    await issuedBy(provider, async () => expect(told(await logIn(someLogin))).toBe('503 auth.provider_busy'));
  });

  it('503 auth.provider_busy while its keys cannot be read, and the code is not spent', async () => {
    const right = openOidc({ ...OIDC, secret: 'oidc: test', now });
    let keysAreDown = true;
    const down: Provider = (request) =>
      keysAreDown && request.path === '/oidc/keys' ? jsonReply({}, 500) : right(request);
    await issuedBy(down, async () => {
      const login = await oidcLogin('hans');
      expect(told(await logIn(login))).toBe('503 auth.provider_busy');
      keysAreDown = false;
      expect((await logIn(login)).status).toBe(201);
    });
  });

  it('keeps what the issuer told only sealed and by digest, and logs none of it', async () => {
    const lines: string[] = [];
    const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(logger, level).mockImplementation((...said) => void lines.push(JSON.stringify(said))),
    );
    const login = await oidcLogin('erna');
    const others = [await oidcLogin('busy'), await oidcLogin('limited')];
    const { memberId } = (await logIn(login)).body;
    expect(memberId).toBeTypeOf('string');
    for (const one of [login, ...others]) await logIn(one);
    expect(lines.join('\n')).toContain('a provider of identities failed');
    const kept = JSON.stringify(await allItems());
    const secret = 'oidc: test';
    for (const word of [
      secret,
      btoa('mall:oidc%3A+test'),
      subjectNamed('erna'),
      ...[login, ...others].flatMap(values),
    ]) {
      expect(word.length).toBeGreaterThan(8);
      expect(kept).not.toContain(word);
      expect(lines.join('\n')).not.toContain(word);
    }
    for (const spy of spies) spy.mockRestore();
  });
});

describe('OIDC among what a member has bound', () => {
  it('200 binds it, shows it masked by the subject, and logs in by it; 204 unbinds it', async () => {
    const { memberId } = await loggedIn(somePhone());
    expect((await bind(memberId, await oidcLogin('ida'))).status).toBe(200);
    const name = `${subjectNamed('ida').slice(0, 1)}**`;
    expect(await bound(memberId)).toEqual([{ provider: 'OIDC', name, boundAt: START }]);
    expect((await logIn(await oidcLogin('ida'))).body).toMatchObject({ memberId, firstVisit: false });
    const params = { provider: 'OIDC' };
    expect((await call(identitiesContract, 'unbind', { as: asMember(memberId), params })).status).toBe(204);
    expect(await bound(memberId)).toEqual([]);
    expect((await logIn(await oidcLogin('ida'))).body.firstVisit).toBe(true);
  });

  it('409 for what is another’s; 401 as at the login; 400 for a body that is half of one kind and half of another', async () => {
    await logIn(await oidcLogin('jane'));
    const { memberId } = await loggedIn(somePhone());
    const [login, before] = [await oidcLogin('jane'), await allItems()];
    expect(told(await bind(memberId, login))).toBe('409 members.identity_of_another');
    expect(told(await bind(memberId, login))).toBe('401 auth.provider_code_invalid');
    expect(told(await bind(memberId, { code: login.code }))).toBe('400 request.invalid');
    expect(told(await bind(memberId, { ...login, provider: 'QQ' }))).toBe('400 request.invalid');
    expect(told(await bind(memberId, { provider: 'HUAWEI', code: 'x' }))).toBe('400 request.invalid');
    expect(await allItems()).toEqual(before);
  });
});

const someLogin = { code: providerCode('kim', 0), codeVerifier: 'v'.repeat(43), nonce: 'a-nonce-of-a-test' };
const values = (login: object) => Object.values(login) as string[];

/** What a login comes to at an issuer that is odd in this way. */
async function whenOdd(odd: Partial<OddIssuer>): Promise<string> {
  let answer = '';
  await issuedBy(oddIssuer({ idToken: 'x', keys: [], keysAsked: 0, ...odd }), async () => {
    answer = told(await logIn(someLogin));
  });
  return answer;
}

async function used(login: Login) {
  expect((await logIn(login)).status).toBe(201);
  return login;
}

async function expired(login: Login) {
  clock('2026-11-23T04:06:00.000Z');
  return login;
}

function changed(name: keyof Login, value: string | undefined) {
  return async (login: Login) => ({ ...login, [name]: value });
}
