import { afterEach, describe, expect, it, vi } from 'vitest';
import { eraseSessions } from '../../shared/auth/auth.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { isJustRegistered, pushCounts, pushKnownUntil } from '../../shared/auth/rules.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { verdict } from '../audit/random-world.ts';
import { erase } from '../privacy/people.ts';
import { asStaff, type Called, call, type Who } from '../support/call.ts';
import { asNewlyIn, asSession, later, loggedIn, type Session, sessionIdOf } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeWrite, cancelled, forceOut, losingReplies, trouble } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const [SECOND, DAY] = [1_000, 86_400_000];
let tokens = 0;
/** A token that nobody has yet. */
const someToken = () => `push-token-${String((tokens += 1)).padStart(8, '0')}`;

const someone = () => loggedIn(somePhone());
const register = (session: Session, token: string, service = 'APNS') =>
  call(authContract, 'registerPushToken', { as: asSession(session), body: { service, token } });
const takeAway = (session: Session) => call(authContract, 'removePushToken', { as: asSession(session) });
const refresh = ({ refreshToken }: Session) => call(authContract, 'refresh', { body: { refreshToken } });

interface Listed {
  sessionId: string;
  push: string | null;
}
async function pushOf(session: Session): Promise<string | null | undefined> {
  const { body } = await call(authContract, 'sessions', { as: asSession(session) });
  return (body.items as Listed[]).find(({ sessionId }) => sessionId === sessionIdOf(session))?.push;
}

const holders = async () => (await allItems()).filter(({ type }) => type === 'push-token');
const itemOf = async (session: Session) =>
  (await allItems()).find(({ type, sessionId }) => type === 'session' && sessionId === sessionIdOf(session)) ?? {};
/** Of each session whether it has a push token, and that what says whose that is names it. */
async function standing(...sessions: Session[]): Promise<string[]> {
  const all = await holders();
  const items = await Promise.all(sessions.map(itemOf));
  return items.map(({ push, pushId, sessionId }: Record<string, unknown>) => {
    if (push === undefined) return 'none';
    return all.filter((one) => one['pushId'] === pushId && one['sessionId'] === sessionId).length === 1 ? 'one' : '?';
  });
}
/** How many items say that a push token is this session's, true or not. */
const saidOf = async (session: Session) =>
  (await holders()).filter(({ sessionId }) => sessionId === sessionIdOf(session)).length;
const clean = async () => expect((await verdict()).violations).toEqual([]);

describe('how long a push token counts 推送令牌', () => {
  const at = Date.parse(START);
  it.each([
    ['at once', 0, true, true],
    ['within a day', DAY - 1, true, true],
    ['after a day', DAY, true, false],
    ['for 90 days', 90 * DAY - 1, true, false],
    ['and no longer', 90 * DAY, false, false],
  ])('%s', (_, since, counts, isSame) => {
    expect([pushCounts(at, at + since), isJustRegistered(at, at + since)]).toEqual([counts, isSame]);
  });

  it('is less than it is known who has it', () => {
    expect(pushCounts(at, pushKnownUntil(at) - DAY)).toBe(false);
    expect(pushCounts(at, pushKnownUntil(at) - DAY - 1)).toBe(true);
  });
});

describe('PUT /v1/me/push-token', () => {
  it.each(['APNS', 'FCM', 'HUAWEI', 'HONOR', 'XIAOMI', 'OPPO', 'VIVO'])(
    '200 registers a token of %s',
    async (service) => {
      const session = await someone();
      expect(await pushOf(session)).toBeNull();
      const { status, body } = await register(session, someToken(), service);
      expect([status, body]).toEqual([200, { service, registeredAt: START }]);
      expect(await pushOf(session)).toBe(service);
      expect(await standing(session)).toEqual(['one']);
    },
  );

  it('200 the same again changes nothing within a day, and counts anew after it', async () => {
    const [session, token] = [await someone(), someToken()];
    await register(session, token);
    const before = await allItems();
    later(DAY - 1);
    expect((await register(session, token)).body.registeredAt).toBe(START);
    expect(await allItems()).toEqual(before);
    later(1);
    const registeredAt = '2026-11-24T04:00:00.000Z';
    expect((await register(session, token)).body).toEqual({ service: 'APNS', registeredAt });
    expect(await saidOf(session)).toBe(1);
    await clean();
  });

  it('200 puts a token in the place of another', async () => {
    const session = await someone();
    const [first, second] = [someToken(), someToken()];
    await register(session, first);
    const { body } = await register(session, second, 'FCM');
    expect(body.service).toBe('FCM');
    expect(await pushOf(session)).toBe('FCM');
    expect(await standing(session)).toEqual(['one']);
    expect((await register(session, first)).body.service).toBe('APNS');
    expect(await standing(session)).toEqual(['one']);
  });

  it('200 takes it off another member who had it, and off another session of one’s own', async () => {
    const [phone, token] = [somePhone(), someToken()];
    const before = await someone();
    await register(before, token);
    const after = await loggedIn(phone);
    expect((await register(after, token)).status).toBe(200);
    expect([await pushOf(before), await pushOf(after)]).toEqual([null, 'APNS']);
    expect(await standing(before, after)).toEqual(['none', 'one']);
    later();
    const third = await loggedIn(phone);
    await register(third, token);
    expect(await standing(before, after, third)).toEqual(['none', 'none', 'one']);
    // What was taken away says nothing of the one who has it now.
    expect((await takeAway(before)).status).toBe(204);
    expect(await pushOf(third)).toBe('APNS');
    await clean();
  });

  it('200 leaves a token alone that the one before has put another in the place of', async () => {
    const [token, other] = [someToken(), someToken()];
    const [one, two] = [await someone(), await someone()];
    await register(one, token);
    await register(one, other);
    await register(two, token);
    expect([await pushOf(one), await pushOf(two)]).toEqual(['APNS', 'APNS']);
    expect(await standing(one, two)).toEqual(['one', 'one']);
  });

  it('is renewed with the session, and counts for 90 days', async () => {
    const [session, token] = [await someone(), someToken()];
    await register(session, token);
    later(60 * DAY);
    const { status, body } = await refresh(session);
    expect([status, await pushOf(session)]).toEqual([200, 'APNS']);
    later(30 * DAY - SECOND);
    expect(await pushOf(session)).toBe('APNS');
    later(SECOND);
    expect(await pushOf(session)).toBeNull();
    // What counts no more is not kept either.
    expect((await refresh({ ...session, refreshToken: String(body.refreshToken) })).status).toBe(200);
    expect(await itemOf(session)).not.toHaveProperty('push');
    expect((await register(session, token)).status).toBe(200);
    expect(await pushOf(session)).toBe('APNS');
    await clean();
  });

  it.each<[string, object]>([
    ['token', { service: 'APNS' }],
    ['service', { token: 'x'.repeat(16) }],
    ['service', { service: 'SMS', token: 'x'.repeat(16) }],
    ['service', { service: 'apns', token: 'x'.repeat(16) }],
    ['token', { service: 'APNS', token: 'x'.repeat(15) }],
    ['token', { service: 'APNS', token: 'x'.repeat(4_097) }],
    ['token', { service: 'APNS', token: `${'x'.repeat(16)} y` }],
    ['token', { service: 'APNS', token: '令牌'.repeat(16) }],
    ['token', { service: 'APNS', token: `${'x'.repeat(16)}\n` }],
    ['sessionId', { service: 'APNS', token: 'x'.repeat(16), sessionId: 'ses_1' }],
  ])('400 request.invalid by %s, and nothing is registered', async (field, body) => {
    const session = await someone();
    const refused = await call(authContract, 'registerPushToken', { as: asSession(session), body });
    expect([told(refused), refused.body.errors]).toEqual([
      '400 request.invalid',
      [expect.objectContaining({ path: field })],
    ]);
    expect(await standing(session)).toEqual(['none']);
  });

  it('200 for the longest and the shortest', async () => {
    const session = await someone();
    for (const length of [16, 4_096]) expect((await register(session, '!~'.repeat(length / 2))).status).toBe(200);
  });

  it('leaves no token in clear in the table or the log', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line));
    const [session, token] = [await someone(), someToken()];
    await register(session, token);
    for (const text of [JSON.stringify(await allItems()), lines.join('\n')]) expect(text).not.toContain(token);
  });

  it('503 request.busy where the table is busy for good, and nothing is registered', async () => {
    const session = await someone();
    const spy = trouble(() => cancelled('TransactionConflict'));
    expect(told(await register(session, someToken()))).toBe('503 request.busy');
    spy.mockRestore();
    expect(await standing(session)).toEqual(['none']);
  });

  it('survives answers that are lost on the way', async () => {
    const [one, two, token] = [await someone(), await someone(), someToken()];
    await register(one, token);
    const spy = losingReplies();
    expect((await register(two, token)).status).toBe(200);
    expect((await takeAway(two)).status).toBe(204);
    spy.mockRestore();
    expect(await standing(one, two)).toEqual(['none', 'none']);
  });
});

describe('DELETE /v1/me/push-token', () => {
  it('204 takes the token away; again 204, and nothing is written', async () => {
    const session = await someone();
    await register(session, someToken());
    expect((await takeAway(session)).status).toBe(204);
    expect([await pushOf(session), ...(await standing(session))]).toEqual([null, 'none']);
    const before = await allItems();
    expect((await takeAway(session)).status).toBe(204);
    expect(await allItems()).toEqual(before);
  });

  it('204 leaves the other sessions of the member what they have', async () => {
    const phone = somePhone();
    const [one, two] = [await loggedIn(phone), (later(), await loggedIn(phone))];
    for (const session of [one, two]) await register(session, someToken());
    await takeAway(one);
    expect(await standing(one, two)).toEqual(['none', 'one']);
  });
});

describe('who was ended', () => {
  const ends: [string, (session: Session, by: Session) => Promise<Called>][] = [
    ['by logging out', (session) => call(authContract, 'logOut', { as: asSession(session) })],
    ['by another session', (session, by) => end(session, asSession(by))],
    ['with all others', (_, by) => call(authContract, 'endOtherSessions', { as: asSession(by) })],
  ];
  const end = (session: Session, as: Who) =>
    call(authContract, 'endSession', { as, params: { sessionId: sessionIdOf(session) } });

  it.each(ends)('%s has no token any more, and 401 auth.session_ended to both', async (_, ending) => {
    const [phone, token] = [somePhone(), someToken()];
    const [session, by] = [await loggedIn(phone), (later(), await loggedIn(phone))];
    await register(session, token);
    expect((await ending(session, by)).status).toBe(204);
    expect(await standing(session)).toEqual(['none']);
    expect(told(await register(session, someToken()))).toBe('401 auth.session_ended');
    expect(told(await takeAway(session))).toBe('401 auth.session_ended');
    expect(await standing(session)).toEqual(['none']);
    // Whoever has the phone now takes over what the item says.
    await register(by, token);
    expect(await standing(session, by)).toEqual(['none', 'one']);
    await clean();
  });

  it('401 auth.session_ended where the session ends between reading and writing', async () => {
    const session = await someone();
    const between = beforeWrite(async () => {
      expect((await call(authContract, 'logOut', { as: asSession(session) })).status).toBe(204);
    });
    expect(told(await register(session, someToken()))).toBe('401 auth.session_ended');
    between.mockRestore();
    expect(await standing(session)).toEqual(['none']);
  });

  it('401 auth.session_ended once it has run out, and for a session that never was', async () => {
    const session = await someone();
    expect(told(await register({ ...session, refreshToken: 'm.ses_TEST.x' }, someToken()))).toBe(
      '401 auth.session_ended',
    );
    later(90 * DAY);
    expect(told(await register(session, someToken()))).toBe('401 auth.session_ended');
  });
});

describe('who goes', () => {
  it('by an erasure leaves nothing of it, nor of what was ended of late', async () => {
    const phone = somePhone();
    const [one, two] = [await loggedIn(phone), (later(), await loggedIn(phone))];
    for (const session of [one, two]) await register(session, someToken());
    await call(authContract, 'logOut', { as: asSession(one) });
    expect([await saidOf(one), await saidOf(two)]).toEqual([1, 1]);
    expect((await erase(two.memberId)).status).toBe(200);
    expect([await saidOf(one), await saidOf(two)]).toEqual([0, 0]);
    expect(told(await register(two, someToken()))).toBe('401 auth.session_ended');
    await clean();
  });

  it('by a merge is sent nothing from then on, leaves nothing, and registers as the heir', async () => {
    const [old, heir, token] = [await someone(), await someone(), someToken()];
    await register(old, token);
    const body = { into: heir.memberId, reason: 'One person' };
    const options = { as: asStaff('members.merge'), params: { memberId: old.memberId }, body };
    expect((await call(ordersContract, 'merge', options)).status).toBe(200);
    expect(await standing(old)).toEqual(['none']);
    await merged(old.memberId);
    expect(await saidOf(old)).toBe(0);
    expect((await register(heir, token)).status).toBe(200);
    await clean();
  });

  it('with a token that was registered again once nobody knew of it leaves nothing either', async () => {
    const [phone, token] = [somePhone(), someToken()];
    const one = await loggedIn(phone);
    await register(one, token);
    later(60 * DAY);
    await refresh(one);
    later(32 * DAY);
    const known = (await holders()).filter(({ sessionId }) => sessionId === sessionIdOf(one));
    for (const item of known) await forceOut(item);
    const two = await loggedIn(phone);
    await register(two, token);
    expect([await pushOf(one), await pushOf(two)]).toEqual([null, 'APNS']);
    await clean();
    expect((await erase(two.memberId)).status).toBe(200);
    expect(await saidOf(two)).toBe(0);
    await clean();
  });

  it('while a token is registered leaves nothing of that either', async () => {
    const phone = somePhone();
    const [one] = [await loggedIn(phone), (later(), await loggedIn(phone))];
    const answers: Called[] = [];
    const between = beforeWrite(async () => void answers.push(await register(one, someToken())));
    await eraseSessions(one.memberId);
    between.mockRestore();
    expect(answers.map((answer) => told(answer))).toEqual(['200']);
    expect(await saidOf(one)).toBe(0);
  });

  it('with more sessions than go at once leaves nothing either', async () => {
    const { memberId } = await someone();
    for (let i = 0; i < 50; i += 1) {
      const body = { service: 'FCM', token: someToken() };
      const { status } = await call(authContract, 'registerPushToken', { as: await asNewlyIn(memberId), body });
      expect(status).toBe(200);
    }
    const left = async () => (await allItems()).filter((item) => item['memberId'] === memberId).map(({ type }) => type);
    expect((await left()).filter((type) => type === 'push-token')).toHaveLength(50);
    expect((await erase(memberId)).status).toBe(200);
    expect((await left()).filter((type) => ['push-token', 'session'].includes(type))).toEqual([]);
  });
});

describe('an export', () => {
  it('says by what each session is sent messages', async () => {
    const phone = somePhone();
    const [one, two, token] = [await loggedIn(phone), (later(), await loggedIn(phone)), someToken()];
    await register(one, token, 'HUAWEI');
    const { body } = await call(privacyContract, 'export', { as: asSession(two) });
    const all = (await (await fetch(String(body.json))).json()) as { sessions: object[] };
    const registeredAt = new Date(Date.now()).toISOString();
    expect(all.sessions).toMatchObject([
      { sessionId: sessionIdOf(two), push: null },
      { sessionId: sessionIdOf(one), push: { service: 'HUAWEI', token, registeredAt } },
    ]);
  });
});

describe('at once', () => {
  /** One of them has it, and the item says that one. */
  async function expectOne(sessions: readonly Session[]): Promise<void> {
    expect((await standing(...sessions)).toSorted()).toEqual([...sessions.slice(1).map(() => 'none'), 'one']);
    await clean();
  }

  it('two members who register one token: one has it', async () => {
    for (let i = 0; i < 4; i += 1) {
      const [one, two, token] = [await someone(), await someone(), someToken()];
      const answers = await Promise.all([register(one, token), register(two, token)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      await expectOne([one, two]);
    }
  });

  it('ten who register what an eleventh had: one has it', async () => {
    const [first, token] = [await someone(), someToken()];
    await register(first, token);
    const all = await Promise.all(Array.from({ length: 10 }, someone));
    const answers = await Promise.all(all.map((one) => register(one, token)));
    for (const answer of answers) expect(told(answer)).toMatch(/^200$|^503 request\.busy$/);
    await expectOne([first, ...all]);
  });

  it('one who takes it while the one before says it again: one has it', async () => {
    const [one, two, token] = [await someone(), await someone(), someToken()];
    await register(one, token);
    later(DAY);
    const between = beforeWrite(async () => void (await register(one, token)));
    expect((await register(two, token)).status).toBe(200);
    between.mockRestore();
    expect(await standing(one, two)).toEqual(['none', 'one']);
    await clean();
  });

  it('one who takes it while the one before puts another in its place: both have theirs', async () => {
    const [one, two, token] = [await someone(), await someone(), someToken()];
    await register(one, token);
    const between = beforeWrite(async () => void (await register(one, someToken(), 'VIVO')));
    expect((await register(two, token)).status).toBe(200);
    between.mockRestore();
    expect([await pushOf(one), await pushOf(two)]).toEqual(['VIVO', 'APNS']);
    await clean();
  });

  it('two tokens of one session: it has one', async () => {
    const session = await someone();
    const answers = await Promise.all([register(session, someToken()), register(session, someToken(), 'OPPO')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await standing(session)).toEqual(['one']);
    await clean();
  });

  it('a renewal: both are done', async () => {
    const session = await someone();
    const between = beforeWrite(async () => {
      expect((await refresh(session)).status).toBe(200);
    });
    expect((await register(session, someToken())).status).toBe(200);
    between.mockRestore();
    expect(await standing(session)).toEqual(['one']);
  });
});
