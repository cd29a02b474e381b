import { afterEach, describe, expect, it, vi } from 'vitest';
import { authContract, loginCodesContract } from '../../shared/auth/contract.ts';
import { openSession } from '../../shared/auth/store.ts';
import { secretDigest } from '../../shared/platform/digest.ts';
import { newId } from '../../shared/platform/ids.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, type Called, call } from '../support/call.ts';
import { codeFor, loggedIn, logIn, type Session, wrong } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { conflicting, trouble } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const after = (ms: number) => clock(new Date(Date.parse(START) + ms).toISOString());
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const refresh = (refreshToken: string) => call(authContract, 'refresh', { body: { refreshToken } });
const logOut = (memberId: string, sessionId: string) =>
  call(authContract, 'logOut', { as: { ...asMember(memberId), sessionId } });
const sessionIdOf = ({ refreshToken }: Session) => refreshToken.split('.')[1] ?? '';
const told = ({ status, body }: Called) => `${status} ${body.code as string}`;

describe('POST /v1/auth/sessions/refresh', () => {
  const next = async (refreshToken: string) => {
    const { status, body } = await refresh(refreshToken);
    expect(status).toBe(200);
    return body.refreshToken as string;
  };

  it('200 renews, and gives another token', async () => {
    const { memberId, refreshToken } = await loggedIn(somePhone());
    const { status, body } = await refresh(refreshToken);
    expect([status, body.memberId]).toEqual([200, memberId]);
    expect(body.refreshToken).not.toBe(refreshToken);
    expect(await next(body.refreshToken as string)).not.toBe(body.refreshToken);
  });

  it('200 with one and the same successor for the token that was used last, within ten seconds', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const successor = await next(refreshToken);
    after(9_999);
    expect(await next(refreshToken)).toBe(successor);
    expect(await next(successor)).not.toBe(successor);
  });

  it('401 auth.session_ended ten seconds later, and the session is over for whoever holds its newest token', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const successor = await next(refreshToken);
    after(10_000);
    expect(told(await refresh(refreshToken))).toBe('401 auth.session_ended');
    expect(told(await refresh(successor))).toBe('401 auth.session_ended');
    expect(told(await refresh(refreshToken))).toBe('401 auth.session_ended');
  });

  it('401 auth.session_ended at once for a token before the last, and the session is over', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const third = await next(await next(refreshToken));
    expect(told(await refresh(refreshToken))).toBe('401 auth.session_ended');
    expect(told(await refresh(third))).toBe('401 auth.session_ended');
  });

  it('leaves the member’s other sessions alone when one ends so', async () => {
    const phone = somePhone();
    const one = await loggedIn(phone);
    after(60_000);
    const other = await loggedIn(phone);
    await next(await next(one.refreshToken));
    expect(told(await refresh(one.refreshToken))).toBe('401 auth.session_ended');
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  it('200 for 20 at once with one token: all are given the same successor, and it counts', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const [successor, ...others] = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(others).toEqual([]);
    after(10_000);
    expect((await refresh(successor ?? '')).status).toBe(200);
  });

  it('is over after 20 at once with a token that was used long ago', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const successor = await next(refreshToken);
    after(60_000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(new Set(answers.map((answer) => told(answer)))).toEqual(new Set(['401 auth.session_ended']));
    expect(told(await refresh(successor))).toBe('401 auth.session_ended');
  });

  it('never ends well for both when owner and thief refresh at once, then again', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    const [owner, thief] = await Promise.all([next(refreshToken), next(refreshToken)]);
    expect(owner).toBe(thief);
    after(60_000);
    const owners = await next(owner);
    after(120_000);
    expect(told(await refresh(thief))).toBe('401 auth.session_ended');
    expect(told(await refresh(owners))).toBe('401 auth.session_ended');
  });

  it('200 for a token from before tokens were marked; used twice it ends the session, too', async () => {
    const { memberId } = await loggedIn(somePhone());
    const opened = {
      memberId,
      sessionId: newId('ses'),
      refreshDigest: secretDigest('old'),
      expiresAt: Date.now() + 9e7,
    };
    await exchange(async () => ({ writes: [openSession(opened)], answer: null }));
    const old = `${memberId}.${opened.sessionId}.old`;
    const successor = await next(old);
    expect(await next(old)).toBe(successor);
    after(10_000);
    expect(told(await refresh(old))).toBe('401 auth.session_ended');
    expect(told(await refresh(successor))).toBe('401 auth.session_ended');
  });

  it('200 until the ninetieth day, counted from the last time', async () => {
    const { refreshToken } = await loggedIn(somePhone());
    after(90 * 86_400_000 - 1);
    const { body } = await refresh(refreshToken);
    after(180 * 86_400_000 - 1);
    expect(told(await refresh(body.refreshToken as string))).toBe('401 auth.session_ended');
  });

  it('401 auth.session_ended for tokens that were never given', async () => {
    const mine = await loggedIn(somePhone());
    const theirs = await loggedIn(somePhone());
    const [memberId, sessionId, secret] = mine.refreshToken.split('.');
    const forged = [
      'x',
      '..',
      '...',
      `${memberId}.${sessionId}.`,
      `${memberId}.${sessionId}.x`,
      `${theirs.memberId}.${sessionId}.${secret}`,
      `${memberId}.${sessionIdOf(theirs)}.${secret}`,
      `${theirs.memberId}.${sessionIdOf(theirs)}.${secret}`,
      `${mine.refreshToken}=`,
      `${mine.refreshToken}.x`,
      `${memberId}.${sessionId}.${'A'.repeat(64)}`,
      '\u0000.\ufdd0.😀',
    ];
    for (const token of forged) expect(told(await refresh(token)), token).toBe('401 auth.session_ended');
    expect(told(await refresh('\u0000.\ud800.😀')), 'half a letter').toBe('400 request.invalid');
    expect((await refresh(mine.refreshToken)).status).toBe(200);
    expect((await refresh(theirs.refreshToken)).status).toBe(200);
  });
});

describe('DELETE /v1/auth/sessions/current', () => {
  it('204 ends the session: 401 auth.session_ended for its refresh token; again 204', async () => {
    const session = await loggedIn(somePhone());
    after(60_000);
    expect((await logOut(session.memberId, sessionIdOf(session))).status).toBe(204);
    expect(told(await refresh(session.refreshToken))).toBe('401 auth.session_ended');
    expect((await logOut(session.memberId, sessionIdOf(session))).status).toBe(204);
    expect((await logOut(session.memberId, 'ses_NEVER')).status).toBe(204);
  });

  it('204 leaves the member’s other sessions alone', async () => {
    const phone = somePhone();
    const one = await loggedIn(phone);
    after(60_000);
    const other = await loggedIn(phone);
    await logOut(one.memberId, sessionIdOf(one));
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });
});

describe('where other transactions are on the same items', () => {
  /** What becomes of a login, a renewal and a code that is asked for, each met by this. */
  async function all(meets: (call: number) => Error | undefined) {
    const [phone, other] = [somePhone(), somePhone()];
    const { refreshToken } = await loggedIn(phone);
    const code = await codeFor(other);
    const each = async (ask: () => Promise<Called>) => {
      const met = trouble(meets);
      const { status, headers, body } = await ask();
      met.mockRestore();
      return [status, body.code, headers['retry-after']];
    };
    const sent = () => call(loginCodesContract, 'send', { body: { phone: somePhone() } });
    return [
      await each(() => refresh(refreshToken)),
      await each(() => logIn(other, wrong(code))),
      await each(() => logIn(other, code)),
      await each(sent),
    ];
  }

  it('503 request.busy that says when to come back, when they do not go away', async () => {
    expect(await all(conflicting)).toEqual(Array.from({ length: 4 }, () => [503, 'request.busy', '1']));
  });

  it('200 as if nothing had been, when they do', async () => {
    const says = await all((number) => (number === 1 ? conflicting() : undefined));
    expect(says.map(([status]) => status)).toEqual([200, 401, 201, 202]);
  });
});
