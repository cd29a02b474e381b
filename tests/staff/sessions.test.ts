import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { handler as authorizer } from '../../functions/authorizer/staff.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/logger.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { permissionsOf } from '../../shared/staff/rules.ts';
import { asPerson, asStaff, call, contextWith } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { type Enrolled, manager, nextCode, PASSWORD, person, session, someName } from '../support/persons.ts';
import { recordsOf, told } from '../support/staff.ts';
import { allItems, losingReplies, stillInProgress } from '../support/table.ts';

const START = Date.parse('2026-11-23T04:00:00.000Z');
openMall({ at: new Date(START).toISOString() });

/** Lets so many seconds pass; every test begins where the one before ended. */
const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());
const logIn = ({ userName, totpSecret }: Enrolled, more: object = {}) =>
  session('logIn', { userName, password: PASSWORD, code: nextCode(totpSecret), ...more });
const refreshed = (refreshToken: unknown) => session('refresh', { refreshToken });

async function loggedIn(one: Enrolled) {
  pass(60);
  const { status, body } = await logIn(one);
  expect(status).toBe(201);
  const [, sessionId = ''] = (body.refreshToken as string).split('.');
  return {
    refreshToken: body.refreshToken as string,
    accessToken: body.accessToken as string,
    sessionId,
    as: { ...asPerson(one.staffId, 'staff.self'), sessionId },
  };
}

describe('POST /v1/staff/sessions', () => {
  it('201 grants what the roles add up to, for a quarter of an hour', async () => {
    const one = await person('support', 'merchandiser');
    const { status, body } = await logIn(one);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      staffId: one.staffId,
      tokenType: 'Bearer',
      expiresInSeconds: 900,
      permissions: permissionsOf(['support', 'merchandiser']),
    });
    const claims = JSON.parse(
      Buffer.from((body.accessToken as string).split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as Record<string, unknown>;
    expect(claims).toMatchObject({
      aud: 'staff',
      sub: one.staffId,
      scope: permissionsOf(['support', 'merchandiser']).join(' '),
    });
    expect((await recordsOf(one.staffId))[0]).toMatchObject({
      act: 'staff-sessions.logIn',
      clientId: `person:${one.staffId}`,
    });
  });

  it('401 staff.login_failed, word for word alike, whatever is wrong and whether there is anybody', async () => {
    const one = await person('support');
    const invitedOnly = someName();
    await call(staffContract, 'invite', { as: manager(), body: { userName: invitedOnly } });
    const wrongs = [
      { password: `${PASSWORD}!` },
      { code: '000000' },
      { code: 'AAAA-AAAA-AAAA-AAAA' },
      { userName: someName() },
      { userName: invitedOnly },
    ];
    const bodies: unknown[] = [];
    for (const wrong of wrongs) {
      const answer = await logIn(one, wrong);
      expect(told(answer)).toBe('401 staff.login_failed');
      bodies.push({ ...answer.body, instance: '' });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('401 says in the log, once for each try, whose name it was, and of nobody’s name a digest', async () => {
    const one = await person('support');
    const said = vi.spyOn(logger, 'info');
    const stranger = someName();
    await logIn(one, { password: `${PASSWORD}!` });
    await logIn(one, { code: '000000' });
    await logIn(one, { userName: stranger });
    const lines = said.mock.calls.filter(([message]) => message === 'login refused');
    expect(lines.map(([, facts]) => facts)).toEqual([
      { who: `person:${one.staffId}` },
      { who: `person:${one.staffId}` },
      { who: await lookup('STAFF', stranger) },
    ]);
    said.mockRestore();
  });

  it('401 staff.login_failed for a code that was used, and for one before it', async () => {
    const one = await person();
    pass(60);
    const early = nextCode(one.totpSecret);
    pass(30);
    expect((await logIn(one)).status).toBe(201);
    expect(told(await logIn(one))).toBe('401 staff.login_failed');
    expect(told(await logIn(one, { code: early }))).toBe('401 staff.login_failed');
    pass(30);
    expect((await logIn(one)).status).toBe(201);
  });

  it('201 once of many who send the same code at once', async () => {
    const one = await person();
    pass(60);
    const answers = await Promise.all(Array.from({ length: 4 }, () => logIn(one)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('201 once for each recovery code', async () => {
    const one = await person();
    const [first, second] = one.recoveryCodes;
    expect((await logIn(one, { code: first })).status).toBe(201);
    expect(told(await logIn(one, { code: first }))).toBe('401 staff.login_failed');
    expect((await logIn(one, { code: second })).status).toBe(201);
  });

  it('429 staff.locked after five wrong tries, longer each time, for nobody’s name too', async () => {
    const one = await person();
    for (const userName of [one.userName, someName()]) {
      const wrong = () => logIn(one, { userName, password: 'not this password' });
      for (let i = 0; i < 5; i += 1) expect(told(await wrong())).toBe('401 staff.login_failed');
      const locked = await wrong();
      expect([told(locked), locked.body.waitSeconds, locked.headers['retry-after']]).toEqual([
        '429 staff.locked',
        30,
        '30',
      ]);
      pass(30);
      expect(told(await wrong())).toBe('401 staff.login_failed');
      expect((await wrong()).body.waitSeconds).toBe(60);
      pass(59);
      expect(told(await logIn(one, { userName }))).toBe('429 staff.locked');
      pass(1);
    }
    pass(30);
    expect((await logIn(one)).status).toBe(201);
    expect(told(await logIn(one, { password: 'not this password' }))).toBe('401 staff.login_failed');
  });

  it('looks at no more than five of a crowd of guesses', async () => {
    const one = await person();
    const guesses = Array.from({ length: 12 }, (_, i) => logIn(one, { password: `guess number ${i}` }));
    const answers = (await Promise.all(guesses)).map((answer) => told(answer));
    expect(answers.filter((answer) => answer === '401 staff.login_failed').length).toBeLessThanOrEqual(5);
    expect(new Set(answers)).not.toContain('201');
  });

  it('leaves no password, code, name or token in clear in the table', async () => {
    const one = await person('owner');
    const { refreshToken } = await loggedIn(one);
    const table = JSON.stringify(await allItems());
    const secrets = [PASSWORD, one.userName, one.totpSecret, ...one.recoveryCodes, refreshToken.split('.')[2] ?? ''];
    for (const secret of secrets) expect(table).not.toContain(secret);
  });

  it('201 once when replies are lost', async () => {
    const one = await person();
    pass(60);
    const spy = losingReplies();
    expect((await logIn(one)).status).toBe(201);
    spy.mockRestore();
    expect((await recordsOf(one.staffId)).filter(({ act }) => act === 'staff-sessions.logIn')).toHaveLength(1);
  });

  it('201 also where the table says that it is still being opened', async () => {
    const one = await person();
    pass(60);
    const spy = stillInProgress();
    const answer = await logIn(one);
    spy.mockRestore();
    expect(told(answer)).toBe('201');
    expect((await recordsOf(one.staffId)).filter(({ act }) => act === 'staff-sessions.logIn')).toHaveLength(1);
  });

  it.each([
    ['a name in capitals', { userName: 'Li.Wei' }],
    ['a code of five digits', { code: '12345' }],
    ['half a recovery code', { code: 'AAAA-AAAA' }],
    ['no password', { password: '' }],
    ['a role', { roles: ['owner'] }],
  ])('400 request.invalid for %s', async (_, wrong) => {
    const body = { userName: 'li.wei', password: PASSWORD, code: '123456', ...wrong };
    expect(told(await session('logIn', body))).toBe('400 request.invalid');
  });
});

describe('POST /v1/staff/sessions/refresh', () => {
  it('200 with the rights that the person has now', async () => {
    const one = await person('auditor');
    const { refreshToken } = await loggedIn(one);
    const body = { roles: ['auditor', 'support'], reason: 'Helps out' };
    await call(staffContract, 'changeRoles', { as: manager(), params: { staffId: one.staffId }, body });
    const { status, body: next } = await refreshed(refreshToken);
    expect([status, next.permissions]).toEqual([200, permissionsOf(['auditor', 'support'])]);
  });

  it('200 with one and the same successor for two tabs, or ten, that come at once, and it counts', async () => {
    const { refreshToken } = await loggedIn(await person());
    const answers = await Promise.all(Array.from({ length: 10 }, () => refreshed(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const [successor, ...others] = new Set(answers.map(({ body }) => body.refreshToken));
    expect(others).toEqual([]);
    pass(9);
    expect((await refreshed(refreshToken)).body.refreshToken).toBe(successor);
    expect((await refreshed(successor)).status).toBe(200);
  });

  it('401 staff.session_ended for the token that was used last after ten seconds, and then for the session', async () => {
    const { refreshToken } = await loggedIn(await person());
    const { body } = await refreshed(refreshToken);
    pass(10);
    expect(told(await refreshed(refreshToken))).toBe('401 staff.session_ended');
    expect(told(await refreshed(body.refreshToken))).toBe('401 staff.session_ended');
  });

  it('401 staff.session_ended at once for a token before the last, and then for the session', async () => {
    const { refreshToken } = await loggedIn(await person());
    const { body: second } = await refreshed(refreshToken);
    const { body: third } = await refreshed(second.refreshToken);
    expect(told(await refreshed(refreshToken))).toBe('401 staff.session_ended');
    expect(told(await refreshed(third.refreshToken))).toBe('401 staff.session_ended');
  });

  it('401 staff.session_ended for a text that was never given, and the session goes on', async () => {
    const { refreshToken } = await loggedIn(await person());
    expect(told(await refreshed(refreshToken.replace(/[^.]+$/, 'A'.repeat(64))))).toBe('401 staff.session_ended');
    expect((await refreshed(refreshToken)).status).toBe(200);
  });

  it('401 staff.session_ended after an hour in which nobody came', async () => {
    const one = await person();
    const [kept, left] = [await loggedIn(one), await loggedIn(one)];
    pass(3_000);
    const { body } = await refreshed(kept.refreshToken);
    pass(600);
    expect(told(await refreshed(left.refreshToken))).toBe('401 staff.session_ended');
    expect((await refreshed(body.refreshToken)).status).toBe(200);
  });

  it('401 staff.session_ended after twelve hours, and no access token lives longer', async () => {
    let { refreshToken } = (await loggedIn(await person())) as { refreshToken: unknown };
    for (let minutes = 50; minutes < 720; minutes += 50) {
      pass(3_000);
      const { status, body } = await refreshed(refreshToken);
      expect([status, body.expiresInSeconds]).toEqual([200, Math.min(900, (720 - minutes) * 60)]);
      refreshToken = body.refreshToken;
    }
    pass(1_200);
    expect(told(await refreshed(refreshToken))).toBe('401 staff.session_ended');
  });

  it.each(['x', 'a.b.c', '..', 'stf_1.ses_1.x.y'])('401 staff.session_ended for %s', async (token) => {
    expect(told(await refreshed(token))).toBe('401 staff.session_ended');
  });
});

/** What the authorizer of staff says of an access token. */
async function saidOf(accessToken: string) {
  const event = { identitySource: [`Bearer ${accessToken}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
  return (await authorizer(event, contextWith())).context;
}

describe('DELETE /v1/staff/sessions', () => {
  it('204 ends within half a minute what the access token opens: of this session, and of all', async () => {
    const one = await person();
    const [first, second, third] = [await loggedIn(one), await loggedIn(one), await loggedIn(one)];
    expect(await saidOf(first.accessToken)).toMatchObject({ kind: 'staff', id: one.staffId });
    await session('logOut', undefined, first.as);
    pass(30);
    expect(await saidOf(first.accessToken)).toEqual({ problem: 'auth.token_revoked' });
    expect(await saidOf(second.accessToken)).toMatchObject({ kind: 'staff' });
    await session('logOutEverywhere', undefined, second.as);
    pass(30);
    for (const { accessToken } of [second, third])
      expect(await saidOf(accessToken)).toEqual({ problem: 'auth.token_revoked' });
    expect(await saidOf((await loggedIn(one)).accessToken)).toMatchObject({ kind: 'staff' });
  });

  it('204 ends this session and no other, once on the record', async () => {
    const one = await person();
    const [first, second] = [await loggedIn(one), await loggedIn(one)];
    for (let i = 0; i < 2; i += 1) expect((await session('logOut', undefined, first.as)).status).toBe(204);
    expect(told(await refreshed(first.refreshToken))).toBe('401 staff.session_ended');
    expect((await refreshed(second.refreshToken)).status).toBe(200);
    expect((await recordsOf(one.staffId)).filter(({ act }) => act === 'staff-sessions.logOut')).toHaveLength(1);
  });

  it('204 ends all of one’s own, and a manager those of others', async () => {
    const one = await person();
    const [first, second] = [await loggedIn(one), await loggedIn(one)];
    expect((await session('logOutEverywhere', undefined, first.as)).status).toBe(204);
    for (const { refreshToken } of [first, second])
      expect(told(await refreshed(refreshToken))).toBe('401 staff.session_ended');
    const third = await loggedIn(one);
    const params = { staffId: one.staffId };
    expect((await call(staffContract, 'endSessions', { as: manager(), params })).status).toBe(204);
    expect(told(await refreshed(third.refreshToken))).toBe('401 staff.session_ended');
  });

  it('403 auth.forbidden for a client, which has no session', async () => {
    expect(told(await session('logOut', undefined, asStaff('staff.self')))).toBe('403 auth.forbidden');
    expect(told(await session('logOutEverywhere', undefined, asStaff('staff.self')))).toBe('403 auth.forbidden');
  });
});
