import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Answered, runMall } from '../support/running.ts';

const held = runMall();
const [OWNER, OTHER] = ['13900139100', '13900139200'];
/** The clock does not go back behind what the seed wrote, so the story plays next year. */
const START = Date.UTC(new Date().getUTCFullYear() + 1, 0, 10, 4);

/** The steps tell one story, each going on from the one before. */
describe('a refresh token is stolen', { shuffle: false }, () => {
  let seconds = 0;
  let [phone, tablet] = [
    { token: '', refreshToken: '' },
    { token: '', refreshToken: '' },
  ];

  const later = async (more: number) => {
    seconds += more;
    await held.mall.clock(new Date(START + seconds * 1_000).toISOString());
  };
  const told = ({ status, body }: Answered) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
  const refresh = (refreshToken: string) =>
    held.mall.send('POST', '/v1/auth/sessions/refresh', { body: { refreshToken } });
  const renewed = async (refreshToken: string) => {
    const { status, body } = await refresh(refreshToken);
    expect(status).toBe(200);
    return { token: body.accessToken as string, refreshToken: body.refreshToken as string };
  };
  const me = async (token: string) => told(await held.mall.send('GET', '/v1/me', { token }));
  const sessions = async (token: string) =>
    (await held.mall.send('GET', '/v1/me/sessions', { token })).body.items as Record<string, unknown>[];

  it('1. the owner is logged in on a phone and on a tablet', async () => {
    await later(0);
    tablet = await held.mall.logIn(OWNER);
    await later(60);
    phone = await held.mall.logIn(OWNER);
    const listed = await sessions(phone.token);
    expect(listed.map(({ current, network }) => [current, network])).toEqual([
      [true, '127.0.*.*'],
      [false, '127.0.*.*'],
    ]);
  });

  it('1. whose tokens anybody can verify by the published keys', async () => {
    const keys = (await held.mall.send('GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet;
    const options = { audience: 'member', typ: 'at+jwt', currentDate: new Date(START) };
    const { payload } = await jwtVerify(phone.token, createLocalJWKSet(keys), options);
    expect(payload.sub).toMatch(/^mem_/);
  });

  it('2. the owner renews; the thief comes with the used token, and both are out', async () => {
    const stolen = phone.refreshToken;
    const before = phone.token;
    phone = await renewed(stolen);
    await later(60);
    expect(told(await refresh(stolen))).toBe('401 auth.session_ended');
    expect(told(await refresh(phone.refreshToken))).toBe('401 auth.session_ended');
    await later(60);
    expect(await Promise.all([before, phone.token].map((token) => me(token)))).toEqual([
      '401 auth.token_revoked',
      '401 auth.token_revoked',
    ]);
  });

  it('2. the tablet goes on, and the owner logs in again', async () => {
    expect(await me(tablet.token)).toBe('200');
    phone = await held.mall.logIn(OWNER);
    expect(await me(phone.token)).toBe('200');
    expect(await sessions(phone.token)).toHaveLength(2);
  });

  it('3. the thief is first: what the owner does next ends what the thief was given', async () => {
    const stolen = phone.refreshToken;
    const thief = await renewed(stolen);
    expect(await me(thief.token)).toBe('200');
    await later(60);
    expect(told(await refresh(stolen))).toBe('401 auth.session_ended');
    expect(told(await refresh(thief.refreshToken))).toBe('401 auth.session_ended');
    await later(60);
    expect(await me(thief.token)).toBe('401 auth.token_revoked');
    expect(await me(phone.token)).toBe('401 auth.token_revoked');
    expect(await me(tablet.token)).toBe('200');
  });

  it('4. both at once hold one chain: the first who is behind ends it', async () => {
    const { refreshToken } = await held.mall.logIn(OTHER);
    const [owner, thief] = await Promise.all([renewed(refreshToken), renewed(refreshToken)]);
    expect(owner.refreshToken).toBe(thief.refreshToken);
    await later(60);
    const last = await renewed(owner.refreshToken);
    await later(60);
    expect(told(await refresh(thief.refreshToken))).toBe('401 auth.session_ended');
    expect(told(await refresh(last.refreshToken))).toBe('401 auth.session_ended');
    await later(60);
    const tokens = [owner, thief, last].map(({ token }) => token);
    for (const token of tokens) expect(await me(token)).toBe('401 auth.token_revoked');
  });

  it('5. the owner sees a session too many and ends all others', async () => {
    const strange = await held.mall.logIn(OWNER);
    await later(60);
    phone = await held.mall.logIn(OWNER);
    expect((await held.mall.send('DELETE', '/v1/me/sessions', { token: phone.token })).status).toBe(204);
    expect(told(await refresh(strange.refreshToken))).toBe('401 auth.session_ended');
    expect(await sessions(phone.token)).toMatchObject([{ current: true }]);
    await later(60);
    expect(await Promise.all([strange.token, tablet.token, phone.token].map((token) => me(token)))).toEqual([
      '401 auth.token_revoked',
      '401 auth.token_revoked',
      '200',
    ]);
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
