import { randomUUID } from 'node:crypto';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as authorizer } from '../../functions/authorizer/staff.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/logger.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { nameDigestOf } from '../../shared/staff/people.ts';
import { staffSessionsContract } from '../../shared/staff/sessions-contract.ts';
import { findTries } from '../../shared/staff/tries/store.ts';
import { asPerson, call, contextWith, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { codeAt, type Enrolled, manager, nextCode, PASSWORD, person, session } from '../support/persons.ts';
import { recordsOf, strangers, told } from '../support/staff.ts';
import { addressIn } from '../support/stuffing.ts';
import { allItems, counts, losingReplies, stillInProgress } from '../support/table.ts';

openMall({ at: '2026-11-23T04:00:00.000Z' });
afterEach(() => void vi.restoreAllMocks());

const ANOTHER = 'a quiet harbour in the evening';
/** Lets so many seconds pass; every test begins where the one before ended. */
const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());

type Somebody = Enrolled & { as: Who; refreshToken: string; accessToken: string };

/** Logs in by what the authenticator shows now, and lets it show another code. */
async function loggedIn(one: Enrolled, password = PASSWORD): Promise<Somebody> {
  pass(60);
  const body = { userName: one.userName, password, code: codeAt(one.totpSecret) };
  const { status, body: granted } = await session('logIn', body);
  expect(status).toBe(201);
  pass(30);
  const { refreshToken, accessToken } = granted as unknown as Somebody;
  const [, sessionId = ''] = refreshToken.split('.');
  return { ...one, as: { ...asPerson(one.staffId, 'staff.self'), sessionId }, refreshToken, accessToken };
}
const somebody = async () => loggedIn(await person());

const logIn = ({ userName, totpSecret }: Enrolled, more: object = {}) =>
  session('logIn', { userName, password: PASSWORD, code: codeAt(totpSecret), ...more });
const refreshed = async ({ refreshToken }: Somebody) => told(await session('refresh', { refreshToken }));
const actsOf = async ({ staffId }: Enrolled, act: string) =>
  (await recordsOf(staffId)).filter((one) => one.act === `staff-sessions.${act}`);
/** How many tries in a row were wrong by this name. */
const failuresOf = async ({ userName }: Enrolled) =>
  (await findTries(await nameDigestOf(userName), 'consistent'))?.failures;
/** How many tries of today count: of the programme, or of a network. */
const spent = async (budget: string) => (await counts()).find((one) => one['budget'] === budget)?.['tries'];
const networkOf = async (address: string) => `NETWORK#${await lookup('NETWORK', address.replace(/\.\d+$/, '.0/24'))}`;

interface Asked {
  body?: object;
  key?: string;
  address?: string;
  as?: Who;
}
const codesFor = (one: Somebody, { body, ...more }: Asked = {}) =>
  call(staffSessionsContract, 'renewRecoveryCodes', {
    as: one.as,
    body: { password: PASSWORD, code: codeAt(one.totpSecret), ...body },
    ...more,
  });
const changed = (one: Somebody, { body, ...more }: Asked = {}) =>
  call(staffSessionsContract, 'changePassword', {
    as: one.as,
    body: { password: PASSWORD, code: codeAt(one.totpSecret), newPassword: ANOTHER, ...body },
    ...more,
  });
const recoveryOf = (body: Record<string, unknown>) => body.recoveryCodes as string[];

/** What the authorizer of staff says of an access token, as soon as it knows. */
async function saidOf({ accessToken }: Somebody) {
  pass(30);
  const event = { identitySource: [`Bearer ${accessToken}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
  return (await authorizer(event, contextWith())).context;
}

/** Both take the same proof and refuse alike. */
const ROUTES = [
  ['POST /v1/staff/me/recovery-codes', 'renewRecoveryCodes', codesFor, 201],
  ['PUT /v1/staff/me/password', 'changePassword', changed, 204],
] as const;

describe.each(ROUTES)('%s', (_, name, ask, done) => {
  it('401 staff.login_failed, word for word alike, for a wrong password, a wrong code and one that was used', async () => {
    const one = await somebody();
    const used = codeAt(one.totpSecret, Date.now() - 30_000);
    const bodies: unknown[] = [];
    const said = vi.spyOn(logger, 'info');
    for (const body of [{ password: `${PASSWORD}!` }, { code: '000000' }, { code: used }]) {
      const answer = await ask(one, { body });
      expect(told(answer)).toBe('401 staff.login_failed');
      bodies.push({ ...answer.body, instance: '' });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    const lines = said.mock.calls.filter(([line]) => line === 'login refused').map(([, facts]) => facts);
    expect(lines).toEqual(Array.from({ length: 3 }, () => ({ who: `person:${one.staffId}` })));
    expect(await actsOf(one, name)).toEqual([]);
    expect((await logIn(one, { code: one.recoveryCodes[0] })).status).toBe(201);
    expect(await refreshed(one)).toBe('200');
  });

  it('uses its code up: it opens nothing at the log-in, nor does that of a log-in anything here', async () => {
    const one = await somebody();
    expect((await logIn(one)).status).toBe(201);
    expect(told(await ask(one))).toBe('401 staff.login_failed');
    pass(30);
    expect(told(await ask(one))).toBe(`${done}`);
    for (const password of [PASSWORD, ANOTHER])
      expect(told(await logIn(one, { password }))).toBe('401 staff.login_failed');
  });

  it('429 staff.locked after five wrong tries, of which some were log-ins; and the log-in is locked by it', async () => {
    const one = await somebody();
    const wrong = { password: 'not this password' };
    for (let i = 0; i < 2; i += 1) expect(told(await logIn(one, wrong))).toBe('401 staff.login_failed');
    for (let i = 0; i < 3; i += 1) expect(told(await ask(one, { body: wrong }))).toBe('401 staff.login_failed');
    const locked = await ask(one);
    expect([told(locked), locked.body.waitSeconds, locked.headers['retry-after']]).toEqual([
      '429 staff.locked',
      30,
      '30',
    ]);
    expect(told(await logIn(one))).toBe('429 staff.locked');
    pass(30);
    expect(told(await ask(one))).toBe(`${done}`);
  });

  it('forgets the tries before what was right, and counts what was wrong for its network and for all', async () => {
    const [one, address] = [await somebody(), addressIn(name.length)];
    const before = Number((await spent('PROGRAMME')) ?? 0);
    expect(told(await ask(one, { body: { code: '000000' }, address }))).toBe('401 staff.login_failed');
    const counted = async () => [
      await failuresOf(one),
      await spent(await networkOf(address)),
      Number(await spent('PROGRAMME')) - before,
    ];
    expect(await counted()).toEqual([1, 1, 1]);
    expect(told(await ask(one, { address }))).toBe(`${done}`);
    expect(await counted()).toEqual([0, 1, 1]);
  });

  it('looks at no more than five of a crowd of guesses', async () => {
    const one = await somebody();
    const guesses = Array.from({ length: 8 }, (__, i) => ask(one, { body: { password: `guess number ${i}` } }));
    const answers = (await Promise.all(guesses)).map((answer) => told(answer));
    expect(answers.filter((answer) => answer === '401 staff.login_failed').length).toBeLessThanOrEqual(5);
    expect(answers).not.toContain(`${done}`);
    pass(60);
  });

  it('401 staff.session_ended for who was ended, and no try is counted', async () => {
    const one = await somebody();
    const sessionId = 'ses_00000000000000000000000000';
    expect(told(await ask(one, { as: { ...one.as, sessionId } }))).toBe('401 staff.session_ended');
    await session('logOut', undefined, one.as);
    expect(told(await ask(one))).toBe('401 staff.session_ended');
    const other = await loggedIn(one);
    await call(staffContract, 'endSessions', { as: manager(), params: { staffId: one.staffId } });
    expect(told(await ask(other))).toBe('401 staff.session_ended');
    const invitation = { params: { staffId: one.staffId }, body: { reason: 'Lost the phone' } };
    expect((await call(staffContract, 'inviteAgain', { as: manager(), ...invitation })).status).toBe(201);
    expect(told(await ask(other))).toBe('401 staff.session_ended');
    expect(await failuresOf(one)).toBe(0);
    expect(await actsOf(one, name)).toEqual([]);
  });

  it('404 staff.not_found for nobody, 403 auth.forbidden for a client and for strangers', async () => {
    const one = await somebody();
    expect(told(await ask(one, { as: asPerson('stf_NOBODY', 'staff.self') }))).toBe('404 staff.not_found');
    expect(told(await ask(one, { as: { ...one.as, sessionId: '' } }))).toBe('403 auth.forbidden');
    for (const [refusal, as] of strangers('staff.self'))
      expect(told(await call(staffSessionsContract, name, { as, body: {} }))).toBe(refusal);
  });

  it.each([
    ['a recovery code', { code: 'AAAA-AAAA-AAAA-AAAA' }],
    ['no password', { password: '' }],
    ['a user name', { userName: 'li.wei' }],
  ])('400 request.invalid for %s', async (__, body) => {
    const one = { as: asPerson('stf_NOBODY', 'staff.self'), totpSecret: 'JBSWY3DPEHPK3PXP' } as unknown as Somebody;
    expect(told(await ask(one, { body }))).toBe('400 request.invalid');
  });

  it('once when replies are lost, and where the table says that it is still at it', async () => {
    for (const troubled of [losingReplies, stillInProgress]) {
      const one = await somebody();
      const spy = troubled();
      const answer = await ask(one);
      spy.mockRestore();
      expect(told(answer)).toBe(`${done}`);
      expect(await actsOf(one, name)).toHaveLength(1);
      expect(await refreshed(one)).toBe('200');
    }
  });
});

describe('POST /v1/staff/me/recovery-codes', () => {
  it('201 ten others: each opens one session, and those before are void', async () => {
    const one = await somebody();
    const { status, body } = await codesFor(one);
    expect([status, body.staffId]).toEqual([201, one.staffId]);
    const codes = recoveryOf(body);
    expect(new Set([...codes, ...one.recoveryCodes]).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(told(await logIn(one, { code: one.recoveryCodes[0] }))).toBe('401 staff.login_failed');
    expect((await logIn(one, { code: codes[0] })).status).toBe(201);
    expect(told(await logIn(one, { code: codes[0] }))).toBe('401 staff.login_failed');
    expect((await logIn(one, { code: codes[9] })).status).toBe(201);
    expect(await refreshed(one)).toBe('200');
    const records = await actsOf(one, 'renewRecoveryCodes');
    expect(records).toMatchObject([{ clientId: `person:${one.staffId}`, subject: one.staffId }]);
    const kept = JSON.stringify([await allItems(), records]);
    for (const secret of [...codes, PASSWORD]) expect(kept).not.toContain(secret);
  });

  it('201 the same ten for the same request, while its code counts, once on the record', async () => {
    const [one, key] = [await somebody(), randomUUID()];
    const code = codeAt(one.totpSecret);
    const ask = (given = code) => codesFor(one, { key, body: { code: given } });
    const first = await ask();
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    for (let i = 0; i < 6; i += 1) {
      const again = await ask();
      expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    }
    expect(told(await codesFor(one, { key, body: { code, password: `${PASSWORD}!` } }))).toBe('401 staff.login_failed');
    expect(await actsOf(one, 'renewRecoveryCodes')).toHaveLength(1);
    expect((await logIn(one, { code: recoveryOf(first.body)[3] })).status).toBe(201);
    pass(60);
    expect(told(await ask())).toBe('401 staff.login_failed');
  });

  it('201 ten others for another code, under the same key, too; those of the lost answer are void', async () => {
    const [one, key] = [await somebody(), randomUUID()];
    const { body: lost } = await codesFor(one, { key });
    pass(30);
    const seen = await codesFor(one, { key });
    expect([seen.status, seen.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect(new Set([...recoveryOf(lost), ...recoveryOf(seen.body)]).size).toBe(20);
    expect(told(await logIn(one, { code: recoveryOf(lost)[0] }))).toBe('401 staff.login_failed');
    expect((await logIn(one, { code: recoveryOf(seen.body)[0] })).status).toBe(201);
    expect(await actsOf(one, 'renewRecoveryCodes')).toHaveLength(2);
  });

  it('401 staff.login_failed for a request that comes again after others were made: void codes do not come back', async () => {
    const [one, key] = [await somebody(), randomUUID()];
    const code = codeAt(one.totpSecret);
    await codesFor(one, { key, body: { code } });
    const { status, body } = await codesFor(one, { body: { code: nextCode(one.totpSecret) } });
    expect(status).toBe(201);
    expect(told(await codesFor(one, { key, body: { code } }))).toBe('401 staff.login_failed');
    expect((await logIn(one, { code: recoveryOf(body)[0] })).status).toBe(201);
  });

  it('201 the same ten for the same request twice at once, and once of two requests with one code', async () => {
    const [one, key] = [await somebody(), randomUUID()];
    const [first, second] = await Promise.all([codesFor(one, { key }), codesFor(one, { key })]);
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(await actsOf(one, 'renewRecoveryCodes')).toHaveLength(1);
    pass(30);
    const both = await Promise.all([codesFor(one), codesFor(one)]);
    expect(both.map((answer) => told(answer)).toSorted()).toEqual(['201', '401 staff.login_failed']);
    const seen = both.find(({ status }) => status === 201)?.body ?? expect.fail();
    expect((await logIn(one, { code: recoveryOf(seen)[0] })).status).toBe(201);
  });

  it('400 request.key_missing', async () => {
    const { as } = await somebody();
    const body = { password: PASSWORD, code: '123456' };
    const answer = await call(staffSessionsContract, 'renewRecoveryCodes', { as, body, key: null });
    expect(told(answer)).toBe('400 request.key_missing');
  });

  it('201 shows none of before to who was invited again, under the same key', async () => {
    const [one, key] = [await somebody(), randomUUID()];
    await codesFor(one, { key });
    const params = { staffId: one.staffId };
    await call(staffContract, 'inviteAgain', { as: manager(), params, body: { reason: 'Lost the phone' } });
    const item = (await allItems()).find(({ type, staffId }) => type === 'staff' && staffId === one.staffId);
    expect(item).toMatchObject({ recovery: [] });
    for (const name of ['renewal', 'passwordStep', 'password', 'totp']) expect(item).not.toHaveProperty(name);
  });
});

describe('PUT /v1/staff/me/password', () => {
  it('204 takes the place of the old one, which opens nothing any more, on the record without either', async () => {
    const one = await somebody();
    expect((await changed(one)).status).toBe(204);
    pass(30);
    expect(told(await logIn(one))).toBe('401 staff.login_failed');
    expect((await logIn(one, { password: ANOTHER })).status).toBe(201);
    expect((await logIn(one, { password: ANOTHER, code: one.recoveryCodes[0] })).status).toBe(201);
    const records = await actsOf(one, 'changePassword');
    expect(records).toMatchObject([{ clientId: `person:${one.staffId}`, subject: one.staffId, why: null }]);
    const kept = JSON.stringify([await allItems(), records]);
    for (const secret of [PASSWORD, ANOTHER]) expect(kept).not.toContain(secret);
  });

  it('204 ends all other sessions, their access tokens within half a minute, and the one that asks goes on', async () => {
    const other = await somebody();
    const one = await loggedIn(other);
    expect((await changed(one)).status).toBe(204);
    expect(await refreshed(other)).toBe('401 staff.session_ended');
    expect(await saidOf(other)).toEqual({ problem: 'auth.token_revoked' });
    expect(await saidOf(one)).toMatchObject({ kind: 'staff', id: one.staffId });
    expect(await refreshed(one)).toBe('200');
    expect(await saidOf(await loggedIn(one, ANOTHER))).toMatchObject({ kind: 'staff' });
    expect((await session('logOutEverywhere', undefined, one.as)).status).toBe(204);
    expect(await refreshed(one)).toBe('401 staff.session_ended');
  });

  it('204 again for the same request, which changes nothing, while its code counts', async () => {
    const one = await somebody();
    const code = codeAt(one.totpSecret);
    for (let i = 0; i < 7; i += 1) expect((await changed(one, { body: { code } })).status).toBe(204);
    expect(await actsOf(one, 'changePassword')).toHaveLength(1);
    for (const newPassword of [PASSWORD, `${ANOTHER}!`])
      expect(told(await changed(one, { body: { code, newPassword } }))).toBe('401 staff.login_failed');
    pass(60);
    expect(told(await changed(one, { body: { code } }))).toBe('401 staff.login_failed');
  });

  it('204 for who comes later with another code: the new one is in force and proved', async () => {
    const one = await somebody();
    expect((await changed(one)).status).toBe(204);
    pass(30);
    expect((await changed(one)).status).toBe(204);
    expect(told(await logIn(one, { password: ANOTHER }))).toBe('401 staff.login_failed');
    pass(30);
    expect((await logIn(one, { password: ANOTHER })).status).toBe(201);
    expect(await refreshed(one)).toBe('200');
  });

  it('204 twice for the same request twice at once, and once of two that say another', async () => {
    const one = await somebody();
    const same = await Promise.all([changed(one), changed(one)]);
    expect(same.map(({ status }) => status)).toEqual([204, 204]);
    expect(await actsOf(one, 'changePassword')).toHaveLength(1);
    pass(30);
    const [password, wishes] = [ANOTHER, ['many small green lanterns', 'seven slow river barges']];
    const both = await Promise.all(wishes.map((newPassword) => changed(one, { body: { password, newPassword } })));
    expect(both.map((answer) => told(answer)).toSorted()).toEqual(['204', '401 staff.login_failed']);
    pass(30);
    const inForce = wishes[both.findIndex(({ status }) => status === 204)];
    expect((await logIn(one, { password: inForce })).status).toBe(201);
  });

  it('204 in one of two sessions at once: it ends the other', async () => {
    const other = await somebody();
    const one = await loggedIn(other);
    const both = await Promise.all([
      changed(one, { body: { newPassword: 'many small green lanterns' } }),
      changed(other, { body: { newPassword: 'seven slow river barges' } }),
    ]);
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
    const after = [await refreshed(one), await refreshed(other)];
    expect(after).toEqual(both.map(({ status }) => (status === 204 ? '200' : '401 staff.session_ended')));
  });

  it('409 staff.password_common, and 400 request.invalid for a short one: no try is counted', async () => {
    const one = await somebody();
    for (const newPassword of ['Password2026!', `my name is ${one.userName}`])
      expect(told(await changed(one, { body: { newPassword, password: 'wrong' } }))).toBe('409 staff.password_common');
    expect(told(await changed(one, { body: { newPassword: 'too short' } }))).toBe('400 request.invalid');
    expect(await failuresOf(one)).toBe(0);
    expect((await changed(one)).status).toBe(204);
  });
});
