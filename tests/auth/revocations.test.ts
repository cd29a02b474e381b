import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { handler as staff } from '../../functions/authorizer/staff.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { revoke } from '../../shared/auth/store.ts';
import { issueToken } from '../../shared/http/tokens.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { newId } from '../../shared/platform/ids.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, call, contextWith } from '../support/call.ts';
import { loggedIn, type Session } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems, countingQueries, throttled, trouble } from '../support/table.ts';

openMall();
/** Each test has an hour of its own: what a container knows of the list is never as old as that. */
let start = Date.parse('2026-11-23T04:00:00.000Z');
const after = (ms: number) => clock(new Date(start + ms).toISOString());
afterEach(() => {
  vi.restoreAllMocks();
  start += 7_200_000;
  after(0);
});

const seen = async (token: string, authorizer = clients) => {
  const asked = { identitySource: [`Bearer ${token}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
  const { context } = await authorizer(asked, contextWith());
  return 'problem' in context ? context.problem : context.kind;
};
const sessionIdOf = ({ refreshToken }: Session) => refreshToken.split('.')[1] ?? '';
const logOut = async (session: Session) => {
  const as = { ...asMember(session.memberId), sessionId: sessionIdOf(session) };
  expect((await call(authContract, 'logOut', { as })).status).toBe(204);
};
const refresh = (refreshToken: string) => call(authContract, 'refresh', { body: { refreshToken } });
const list = async () => (await allItems()).filter(({ type, at }) => type === 'revocation' && Number(at) >= start);

/** A member's token of a session that was opened now, without a login. */
async function token(subject = newId('mem'), sessionId: string | undefined = newId('ses')) {
  return issueToken({ audience: 'member', subject, sessionId, grants: [], lifetimeSeconds: 900 });
}

const revoked = (subject: string, more: { at?: number; keep?: string } = {}) =>
  exchange(async ({ at }) => ({ writes: [revoke({ subject, at, ...more })], answer: null }));

describe('an access token of a session that was ended', () => {
  it('is refused 30 seconds later with auth.token_revoked, by log-out', async () => {
    const session = await loggedIn(somePhone());
    expect(await seen(session.accessToken)).toBe('member');
    after(1);
    await logOut(session);
    after(30_000);
    expect(await seen(session.accessToken)).toBe('auth.token_revoked');
  });

  it('is refused when the session ended by a refresh token that was used twice', async () => {
    const session = await loggedIn(somePhone());
    const newest = (await refresh((await refresh(session.refreshToken)).body.refreshToken as string)).body;
    expect(await seen(newest.accessToken as string)).toBe('member');
    expect((await refresh(session.refreshToken)).body.code).toBe('auth.session_ended');
    after(30_000);
    for (const one of [session.accessToken, newest.accessToken as string]) {
      expect(await seen(one)).toBe('auth.token_revoked');
    }
  });

  it('is told to have expired once it has, and the list forgets it after the last token', async () => {
    const session = await loggedIn(somePhone());
    await logOut(session);
    const [item] = await list();
    expect(item).toMatchObject({
      subject: sessionIdOf(session),
      at: start,
      expiresAtEpoch: (start + 3_660_000) / 1_000,
    });
    after(900_000);
    expect(await seen(session.accessToken)).toBe('auth.token_expired');
  });

  it('leaves one item for it, however often it is ended and by how many at once', async () => {
    const session = await loggedIn(somePhone());
    await Promise.all(Array.from({ length: 10 }, () => logOut(session)));
    await logOut(session);
    expect(await list()).toHaveLength(1);
  });

  it('is nobody else’s: other sessions and other members go on', async () => {
    const phone = somePhone();
    const [one, stranger] = [await loggedIn(phone), await loggedIn(somePhone())];
    after(60_000);
    const other = await loggedIn(phone);
    await logOut(one);
    after(120_000);
    expect(await Promise.all([one, other, stranger].map(({ accessToken }) => seen(accessToken)))).toEqual([
      'auth.token_revoked',
      'member',
      'member',
    ]);
  });
});

describe('all that a subject had at an instant', () => {
  it('is over by one item: older sessions die, younger ones and the one that is kept go on', async () => {
    const [memberId, kept] = [newId('mem'), newId('ses')];
    const older = await token(memberId);
    const keeping = await token(memberId, kept);
    const other = await token();
    after(1_000);
    await revoked(memberId, { keep: kept });
    after(1_001);
    const younger = await token(memberId);
    after(40_000);
    expect(await Promise.all([older, keeping, other, younger].map((one) => seen(one)))).toEqual([
      'auth.token_revoked',
      'member',
      'member',
      'member',
    ]);
  });

  it('is not undone when another session is kept by a later item', async () => {
    const [memberId, dead, alive] = [newId('mem'), newId('ses'), newId('ses')];
    const [one, other] = [await token(memberId, dead), await token(memberId, alive)];
    await revoked(memberId, { keep: alive });
    after(1);
    await revoked(memberId, { keep: dead });
    after(31_000);
    expect(await Promise.all([one, other].map((each) => seen(each)))).toEqual([
      'auth.token_revoked',
      'auth.token_revoked',
    ]);
  });

  it.each([
    ['partner', clients],
    ['staff', staff],
  ] as const)('is for a %s client, who has no sessions, by when the token was made', async (audience, authorizer) => {
    const issue = () => issueToken({ audience, subject: `${audience}-9`, grants: [], lifetimeSeconds: 3_600 });
    const older = await issue();
    after(5_000);
    await revoked(`${audience}-9`);
    after(6_000);
    const younger = await issue();
    after(3_599_000);
    expect([await seen(older, authorizer), await seen(younger, authorizer)]).toEqual(['auth.token_revoked', audience]);
  });
});

describe('the list', () => {
  it('is asked for once in 30 seconds, however many requests come', async () => {
    const good = await token();
    const counted = countingQueries('REVOCATIONS');
    await Promise.all(Array.from({ length: 500 }, () => seen(good)));
    after(29_999);
    for (let i = 0; i < 500; i += 1) expect(await seen(good)).toBe('member');
    expect(counted).toEqual({ queries: 1 });
    after(30_000);
    await Promise.all(Array.from({ length: 500 }, () => seen(good)));
    expect(counted).toEqual({ queries: 2 });
  });

  it('is not asked for without a token, for a bad one, or at the wrong door', async () => {
    const good = await token();
    const counted = countingQueries('REVOCATIONS');
    for (const bad of ['', 'x', `${good}x`, good.slice(0, -1)]) expect(await seen(bad)).toBe('auth.token_invalid');
    expect(await seen(good, staff)).toBe('auth.forbidden');
    after(900_000);
    expect(await seen(good)).toBe('auth.token_expired');
    expect(counted.queries).toBe(0);
  });

  it('is read on from where it was, and a little before: what was written late is not missed', async () => {
    const [early, late] = [newId('ses'), newId('ses')];
    const tokens = [await token('mem_1', early), await token('mem_1', late)];
    await revoked(early);
    after(5_000);
    expect(await Promise.all(tokens.map((one) => seen(one)))).toEqual(['auth.token_revoked', 'member']);
    // Decided before the list was read, and in the table only after it.
    await revoked(late, { at: start + 1_000 });
    after(35_000);
    expect(await Promise.all(tokens.map((one) => seen(one)))).toEqual(['auth.token_revoked', 'auth.token_revoked']);
  });

  it('is read to its end when it is long', async () => {
    const sessions = Array.from({ length: 300 }, () => newId('ses'));
    for (const sessionId of sessions) await revoked(sessionId);
    after(1_000);
    const [first, last] = await Promise.all([token('mem_1', sessions[0]), token('mem_1', sessions.at(-1))]);
    expect([await seen(first), await seen(last)]).toEqual(['auth.token_revoked', 'auth.token_revoked']);
  });

  it('that cannot be read lets nobody pass, and is asked for again by the next request', async () => {
    const good = await token();
    const met = trouble(throttled, { all: true });
    expect([await seen(good), await seen(good)]).toEqual(['auth.unavailable', 'auth.unavailable']);
    met.mockRestore();
    expect(await seen(good)).toBe('member');
  });

  it('is asked for no longer than the authorizer has: the gateway would make a 500 of it', async () => {
    const good = await token();
    const asked = { identitySource: [`Bearer ${good}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
    expect((await clients(asked, contextWith(500))).context).toEqual({ problem: 'auth.unavailable' });
    expect(await seen(good)).toBe('member');
  });

  it('that cannot be read for a fault of ours fails, so that the alarm of the authorizer hears of it', async () => {
    const good = await token();
    const met = trouble(() => new TypeError('injected'), { all: true });
    await expect(seen(good)).rejects.toThrow('injected');
    met.mockRestore();
  });

  it('that cannot be read is told to the caller as a 503 that says when the gateway asks again', async () => {
    const problem = 'auth.unavailable';
    const answer = await call(membersContract, 'me', { as: { problem } });
    expect(answer).toMatchObject({ status: 503, body: { code: problem } });
    expect(answer.headers['retry-after']).toBe('30');
  });

  it('that cannot be read is gone by for 30 seconds, and no longer', async () => {
    const good = await token();
    expect(await seen(good)).toBe('member');
    const met = trouble(throttled, { all: true });
    after(29_999);
    expect(await seen(good)).toBe('member');
    after(30_000);
    expect(await seen(good)).toBe('auth.unavailable');
    met.mockRestore();
  });

  it('is read again when the clock went back', async () => {
    const good = await token();
    after(60_000);
    expect(await seen(good)).toBe('member');
    after(1_000);
    const counted = countingQueries('REVOCATIONS');
    expect(await seen(good)).toBe('member');
    expect(counted.queries).toBe(1);
  });
});
