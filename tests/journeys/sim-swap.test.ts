import { describe, expect, it } from 'vitest';
import { type Answered, runMall } from '../support/running.ts';

const held = runMall();
const [OWNER, THIEF, FRIEND] = ['13900139500', '13900139600', '13900139700'];
/** The clock does not go back behind what the seed wrote, so the story plays next year. */
const START = Date.UTC(new Date().getUTCFullYear() + 1, 0, 10, 4);
const DAY = 86_400;

/** The steps tell one story, each going on from the one before. */
describe('a phone number is stolen with its SIM', { shuffle: false }, () => {
  let seconds = 0;
  let [owner, thief] = [
    { token: '', refreshToken: '', memberId: '' },
    { token: '', refreshToken: '', memberId: '' },
  ];
  let [productId, friendId] = ['', ''];

  const now = () => START + seconds * 1_000;
  const later = async (more: number) => {
    seconds += more;
    await held.mall.clock(new Date(now()).toISOString());
  };
  const told = ({ status, body }: Answered) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
  const send = (method: string, path: string, token: string, body?: object) =>
    held.mall.send(method, path, { token, ...(body && { body }) });
  const inbox = async (phone: string) => {
    const all = (await (await fetch(`${held.mall.api}/local/inbox`)).json()) as { to: string; text: string }[];
    return all.filter(({ to }) => to === `+86${phone}`).map(({ text }) => text);
  };
  /** The code that was sent last to this phone. */
  const codeAt = async (phone: string) => /\d{6}/.exec((await inbox(phone)).at(0) ?? '')?.[0] ?? '';
  const loginCode = async (phone: string) => {
    expect((await held.mall.send('POST', '/v1/auth/codes', { body: { phone } })).status).toBe(202);
    return codeAt(phone);
  };
  const vouch = async () => (await held.mall.send('POST', '/local/provider-codes?person=owner')).body.code as string;
  const byWechat = async () => {
    const { status, body } = await held.mall.send('POST', '/v1/auth/sessions/wechat', {
      body: { code: await vouch() },
    });
    expect(status).toBe(201);
    const { accessToken, refreshToken, memberId } = body as Record<string, string>;
    return { token: accessToken ?? '', refreshToken: refreshToken ?? '', memberId: memberId ?? '' };
  };
  const me = async (token: string) => told(await send('GET', '/v1/me', token));
  const refresh = ({ refreshToken }: { refreshToken: string }) =>
    held.mall.send('POST', '/v1/auth/sessions/refresh', { body: { refreshToken } });
  const renewed = async (one: typeof owner) => {
    const { status, body } = await refresh(one);
    expect(status).toBe(200);
    return { ...one, token: body.accessToken as string, refreshToken: body.refreshToken as string };
  };
  const give = (token: string) => send('POST', '/v1/me/transfers', token, { to: { memberId: friendId }, points: 10 });
  const order = (token: string) => send('POST', '/v1/orders', token, { productId });
  const heldUntil = async (token: string) => (await send('GET', '/v1/me', token)).body.heldUntil;

  it('1. the owner has points, and had bound WeChat long before', async () => {
    await later(0);
    owner = await held.mall.logIn(OWNER);
    friendId = (await held.mall.logIn(FRIEND)).memberId;
    const till = await held.mall.tokenOf(held.mall.demo.till);
    const member = { memberId: owner.memberId };
    const purchase = { number: 'SIM-1', amountFen: 100_000, member };
    expect((await send('POST', '/v1/purchases', till, purchase)).status).toBe(201);
    const bound = await send('POST', '/v1/me/identities', owner.token, { provider: 'WECHAT', code: await vouch() });
    expect(bound.status).toBe(200);
    const shelf = (await held.mall.send('GET', '/v1/products')).body.items as {
      productId: string;
      pricePoints: number;
    }[];
    productId = shelf.find(({ pricePoints }) => pricePoints <= 100)?.productId ?? '';
    await later(2 * DAY);
    owner = await byWechat();
    expect((await give(owner.token)).status).toBe(201);
    expect(await heldUntil(owner.token)).toBeNull();
  });

  it('2. the thief logs in by the SIM and puts a phone of their own in its place', async () => {
    thief = await held.mall.logIn(OWNER);
    expect(thief.memberId).toBe(owner.memberId);
    await later(60);
    const asked = await send('POST', '/v1/me/step-up/codes', thief.token);
    expect([asked.status, asked.body.phone]).toEqual([202, '+86139****9500']);
    const stepUp = { code: await codeAt(OWNER) };
    const body = { phone: THIEF, code: await loginCode(THIEF), stepUp };
    const answer = await send('PUT', '/v1/me/phone', thief.token, body);
    expect([answer.status, answer.body]).toEqual([200, { phone: '+86139****9600' }]);
  });

  it('3. the old number is told, once', async () => {
    await held.mall.drain();
    const notices = (await inbox(OWNER)).filter((text) => text.includes('如非本人操作'));
    // Of this change, and two days ago of the one that was the owner's own.
    expect(notices).toEqual([
      expect.stringMatching(/-01-12 12:01.+If it was not you/),
      expect.stringMatching(/-01-10 12:00.+If it was not you/),
    ]);
    const [event] = await held.mall.events('member.identity_changed');
    expect(JSON.stringify(await held.mall.events('member.identity_changed'))).not.toMatch(/139\d{8}/);
    expect(event?.detail).toMatchObject({ memberId: owner.memberId });
  });

  it('4. nothing leaves the account for a day, and the answer says until when', async () => {
    const until = new Date(now() + DAY * 1_000).toISOString();
    for (const answer of [await give(thief.token), await order(thief.token)])
      expect([told(answer), answer.body.until]).toEqual(['409 members.spending_held', until]);
    expect(await heldUntil(thief.token)).toBe(until);
  });

  it('5. the owner is thrown out, and comes back by WeChat', async () => {
    expect(told(await refresh(owner))).toBe('401 auth.session_ended');
    await later(60);
    expect(await me(owner.token)).toBe('401 auth.token_revoked');
    const { memberId } = owner;
    owner = await byWechat();
    expect(owner.memberId).toBe(memberId);
    expect((await send('GET', '/v1/me', owner.token)).body.phone).toBe('+86139****9600');
  });

  it('6. and, with a new SIM, takes the number back by a step-up through WeChat', async () => {
    await later(3_600);
    [owner, thief] = [await renewed(owner), await renewed(thief)];
    const stepUp = { provider: 'WECHAT', code: await vouch() };
    const body = { phone: OWNER, code: await loginCode(OWNER), stepUp };
    const answer = await send('PUT', '/v1/me/phone', owner.token, body);
    expect([answer.status, answer.body]).toEqual([200, { phone: '+86139****9500' }]);
    await held.mall.drain();
    expect((await inbox(THIEF)).filter((text) => text.includes('如非本人操作'))).toHaveLength(1);
  });

  it('7. the thief is out within a minute, and their phone is a stranger’s', async () => {
    await later(60);
    expect(await me(thief.token)).toBe('401 auth.token_revoked');
    expect(told(await refresh(thief))).toBe('401 auth.session_ended');
    expect((await held.mall.logIn(THIEF)).memberId).not.toBe(owner.memberId);
  });

  it('8. a day later the owner gives and redeems again: not a point is gone', async () => {
    expect(told(await give(owner.token))).toBe('409 members.spending_held');
    await later(DAY);
    owner = await byWechat();
    expect((await send('GET', '/v1/me/points', owner.token)).body.available).toBe(1_000 - 10);
    expect([(await give(owner.token)).status, (await order(owner.token)).status]).toEqual([201, 201]);
    expect(await heldUntil(owner.token)).toBeNull();
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
