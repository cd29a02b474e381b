import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { openSession } from '../../shared/auth/store.ts';
import { newId } from '../../shared/platform/ids.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, type CallOptions, call, type Who } from '../support/call.ts';
import { codeFor, loggedIn, type Session } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeWrite } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const after = (ms: number) => clock(new Date(Date.parse(START) + ms).toISOString());
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const MINUTE = 60_000;
const sessionIdOf = ({ refreshToken }: Session) => refreshToken.split('.')[1] ?? '';
const as = (session: Session): Who => ({ ...asMember(session.memberId), sessionId: sessionIdOf(session) });
const mine = (who: Who, query: Record<string, string> = {}) => call(authContract, 'sessions', { as: who, query });
const idsOf = async (who: Who) =>
  ((await mine(who)).body.items as { sessionId: string }[]).map(({ sessionId }) => sessionId);
const refresh = ({ refreshToken }: Session) => call(authContract, 'refresh', { body: { refreshToken } });
const end = (who: Who, sessionId: string) => call(authContract, 'endSession', { as: who, params: { sessionId } });
const endOthers = (who: Who) => call(authContract, 'endOtherSessions', { as: who });
const revocations = async (memberId: string) =>
  (await allItems()).filter(({ type, subject }) => type === 'revocation' && subject === memberId);

/** So many sessions of one member, a minute between each two. */
async function several(count: number): Promise<Session[]> {
  const phone = somePhone();
  const all: Session[] = [];
  for (let i = 0; i < count; i += 1) {
    after(i * MINUTE);
    all.push(await loggedIn(phone));
  }
  return all;
}

async function logInWith(options: CallOptions & { body?: object }): Promise<Session> {
  const phone = somePhone();
  const body = { phone, code: await codeFor(phone), ...options.body };
  const { status, body: session } = await call(authContract, 'logIn', { ...options, body });
  expect(status).toBe(201);
  return session as unknown as Session;
}

describe('GET /v1/me/sessions', () => {
  it('200 shows each with device and place, the newest first, and which of them asks', async () => {
    const phone = somePhone();
    const old = await loggedIn(phone);
    after(MINUTE);
    const { body } = await call(authContract, 'logIn', {
      body: { phone, code: await codeFor(phone), device: { name: ' 小王的手机 ', platform: 'MINI_PROGRAM' } },
      headers: { 'user-agent': 'Mozilla/5.0 (iPhone) AppleWebKit/605 MicroMessenger/8.0.50 NetType/WIFI' },
      address: '198.51.100.7',
    });
    const session = body as unknown as Session;
    after(2 * MINUTE);
    await refresh(session);
    const listed = await mine(as(session));
    expect([listed.status, listed.body]).toEqual([
      200,
      {
        items: [
          {
            sessionId: sessionIdOf(session),
            current: true,
            deviceName: '小王的手机',
            platform: 'MINI_PROGRAM',
            app: 'WECHAT',
            network: '198.51.*.*',
            createdAt: '2026-11-23T04:01:00.000Z',
            lastUsedAt: '2026-11-23T04:02:00.000Z',
            push: null,
          },
          {
            sessionId: sessionIdOf(old),
            current: false,
            deviceName: null,
            platform: null,
            app: 'OTHER',
            network: '203.0.*.*',
            createdAt: START,
            lastUsedAt: START,
            push: null,
          },
        ],
        nextCursor: null,
      },
    ]);
  });

  it('200 without those that were ended or have run out, and without a stranger’s', async () => {
    const [one, two, three] = (await several(3)) as [Session, Session, Session];
    await loggedIn(somePhone());
    await call(authContract, 'logOut', { as: as(two) });
    expect(await idsOf(as(three))).toEqual([sessionIdOf(three), sessionIdOf(one)]);
    after(90 * 86_400_000);
    expect(await idsOf(as(three))).toEqual([sessionIdOf(three)]);
  });

  it('200 in pages; 400 request.cursor_invalid for a cursor of somebody else', async () => {
    const all = await several(5);
    const [newest] = all.slice(-1) as [Session];
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await mine(as(newest), { limit: '2', ...(cursor !== undefined && { cursor }) });
      found.push(...(body.items as { sessionId: string }[]).map(({ sessionId }) => sessionId));
      expect((body.items as object[]).length).toBeLessThanOrEqual(2);
      cursor = (body.nextCursor as string | null) ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(all.map((session) => sessionIdOf(session)).toReversed());
    const { body } = await mine(as(newest), { limit: '2' });
    const foreign = await mine(asMember(newId('mem')), { cursor: body.nextCursor as string });
    expect(told(foreign)).toBe('400 request.cursor_invalid');
  });

  it('200 knows nothing of the device of a session from before it was kept', async () => {
    const { memberId } = await loggedIn(somePhone());
    const old = { memberId, sessionId: newId('ses'), refreshDigest: 'x', expiresAt: Date.now() + 1_000 };
    await exchange(async () => ({ writes: [openSession(old)], answer: null }));
    const items = (await mine(asMember(memberId))).body.items as Record<string, unknown>[];
    expect(items.find(({ sessionId }) => sessionId === old.sessionId)).toMatchObject({
      deviceName: null,
      platform: null,
      app: null,
      network: null,
      createdAt: START,
    });
  });

  it('leaves no name of a device and no address in clear in the table or the log', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line));
    const name = `张三的 ${randomUUID()}`;
    const session = await logInWith({ body: { device: { name } }, address: '192.0.2.55' });
    expect(((await mine(as(session))).body.items as object[])[0]).toMatchObject({ deviceName: name });
    for (const text of [JSON.stringify(await allItems()), lines.join('\n')]) {
      for (const clear of [name, '张三的', '192.0.2.55', '192.0.*']) expect(text).not.toContain(clear);
    }
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(41) }, 'name'],
    [{ name: 'a\u202eb' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ platform: 'SYMBIAN' }, 'platform'],
    [{ imei: '1' }, 'imei'],
  ])('400 request.invalid for the device %j at the login, and the code still counts', async (device, field) => {
    const phone = somePhone();
    const code = await codeFor(phone);
    const refused = await call(authContract, 'logIn', { body: { phone, code, device } });
    expect(told(refused)).toBe('400 request.invalid');
    expect(refused.body.errors).toMatchObject([{ path: `device.${field}` }]);
    expect((await call(authContract, 'logIn', { body: { phone, code } })).status).toBe(201);
  });
});

describe('DELETE /v1/me/sessions/{sessionId}', () => {
  it('204 ends that session and no other; again 204', async () => {
    const [one, two] = (await several(2)) as [Session, Session];
    for (let i = 0; i < 2; i += 1) expect((await end(as(two), sessionIdOf(one))).status).toBe(204);
    expect(told(await refresh(one))).toBe('401 auth.session_ended');
    expect((await refresh(two)).status).toBe(200);
    expect(await idsOf(as(two))).toEqual([sessionIdOf(two)]);
    expect(await revocations(sessionIdOf(one))).toHaveLength(1);
  });

  it('204 for the one that asks', async () => {
    const session = await loggedIn(somePhone());
    expect((await end(as(session), sessionIdOf(session))).status).toBe(204);
    expect(told(await refresh(session))).toBe('401 auth.session_ended');
  });

  it('404 auth.session_not_found alike for one that never was and for a stranger’s, which goes on', async () => {
    const [session, stranger] = [await loggedIn(somePhone()), await loggedIn(somePhone())];
    const [absent, foreign] = [await end(as(session), newId('ses')), await end(as(session), sessionIdOf(stranger))];
    expect([told(absent), told(foreign)]).toEqual(['404 auth.session_not_found', '404 auth.session_not_found']);
    expect({ ...foreign.body, instance: absent.body.instance }).toEqual(absent.body);
    expect((await refresh(stranger)).status).toBe(200);
    expect(await revocations(sessionIdOf(stranger))).toEqual([]);
  });

  it('401 auth.session_ended for who was ended and still has a token: it ends no others', async () => {
    const [one, two] = (await several(2)) as [Session, Session];
    await end(as(two), sessionIdOf(one));
    expect(told(await end(as(one), sessionIdOf(two)))).toBe('401 auth.session_ended');
    expect(told(await endOthers(as(one)))).toBe('401 auth.session_ended');
    expect((await refresh(two)).status).toBe(200);
  });

  it('400 request.invalid for what is no id of a session', async () => {
    const session = await loggedIn(somePhone());
    for (const id of ['x', session.memberId, 'ses_1', `${sessionIdOf(session)}0`]) {
      expect(told(await end(as(session), id)), id).toBe('400 request.invalid');
    }
  });

  it('204 for ten at once, and one item on the list', async () => {
    const [one, two] = (await several(2)) as [Session, Session];
    const answers = await Promise.all(Array.from({ length: 10 }, () => end(as(two), sessionIdOf(one))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await revocations(sessionIdOf(one))).toHaveLength(1);
  });

  it('204 when the session was renewed in between, and it is over', async () => {
    const [one, two] = (await several(2)) as [Session, Session];
    const between = beforeWrite(async () => {
      expect((await refresh(one)).status).toBe(200);
    });
    expect((await end(as(two), sessionIdOf(one))).status).toBe(204);
    between.mockRestore();
    expect(await idsOf(as(two))).toEqual([sessionIdOf(two)]);
  });
});

describe('DELETE /v1/me/sessions', () => {
  it('204 ends all but the one that asks, with one item on the list; again 204, and nothing more is written', async () => {
    const all = await several(4);
    const kept = all[1] as Session;
    const stranger = await loggedIn(somePhone());
    for (let i = 0; i < 2; i += 1) expect((await endOthers(as(kept))).status).toBe(204);
    expect(await idsOf(as(kept))).toEqual([sessionIdOf(kept)]);
    for (const session of all) expect((await refresh(session)).status).toBe(session === kept ? 200 : 401);
    expect((await refresh(stranger)).status).toBe(200);
    expect(await revocations(kept.memberId)).toMatchObject([{ keep: sessionIdOf(kept) }]);
  });

  it('204 for a member who has no other', async () => {
    const session = await loggedIn(somePhone());
    expect((await endOthers(as(session))).status).toBe(204);
    expect(await revocations(session.memberId)).toEqual([]);
  });

  it('204 ends more than one transaction takes', async () => {
    const session = await loggedIn(somePhone());
    const { memberId } = session;
    for (let i = 0; i < 200; i += 1) {
      const opened = { memberId, sessionId: newId('ses'), refreshDigest: `d-${i}`, expiresAt: Date.now() + 60_000 };
      await exchange(async () => ({ writes: [openSession(opened)], answer: null }));
    }
    expect((await endOthers(as(session))).status).toBe(204);
    expect(await idsOf(as(session))).toEqual([sessionIdOf(session)]);
  });

  it('leaves one of two who end each other, or none: who is told 204 has ended the other', async () => {
    const [one, two] = (await several(2)) as [Session, Session];
    const answers = await Promise.all([endOthers(as(one)), endOthers(as(two))]);
    const says = answers.map((answer) => told(answer));
    for (const one of says) expect(one).toMatch(/^(204|401 auth\.session_ended)$/);
    expect(await idsOf(as(one))).toHaveLength(2 - says.filter((one) => one === '204').length);
  });
});
