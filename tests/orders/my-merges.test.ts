import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { madeAt } from '../../shared/platform/ids.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { judged } from '../audit/random-world.ts';
import { erase } from '../privacy/people.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import {
  asNewlyIn,
  byWechat,
  changePhone,
  codeFor,
  loggedIn,
  logIn,
  type Session,
  vouch,
  wrong,
} from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { merged } from '../support/merged.ts';
import { availableOf, gift, somePhone } from '../support/people.ts';
import { buy } from '../support/purchases.ts';
import { told } from '../support/staff.ts';
import { allItems, beforeWrite, losingReplies, readingLate } from '../support/table.ts';

openMall();
afterEach(() => void vi.restoreAllMocks());

const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());
const points = async (memberId: string, yuan: number) =>
  void (await buy({ amountFen: yuan * 100, member: { memberId } }));

/** One who came by WeChat with so many points, and one who has a phone. */
async function two(own = 100, other = 30) {
  const [old, phone] = [await byWechat(randomUUID().slice(0, 8)), somePhone()];
  const heir = await loggedIn(phone);
  await points(old.memberId, own);
  await points(heir.memberId, other);
  pass(61);
  return { old, heir, phone };
}

/** A code that was sent to this phone, a minute after any other. */
async function codeOf(phone: string): Promise<string> {
  pass(61);
  return codeFor(phone);
}

const merge = (memberId: string, phone: string, code: string, key: string = randomUUID()): Promise<Called> => {
  return call(ordersContract, 'mergeMine', { as: asMember(memberId), key, body: { phone, code } });
};
const place = async (memberId: string) => {
  const body = { productId: await gift({ pricePoints: 10 }) };
  return (await call(ordersContract, 'place', { as: asMember(memberId), body })).body.orderId as string;
};
const cancel = (memberId: string, orderId: string) =>
  call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } });
const ordersOf = async (memberId: string) =>
  ((await call(ordersContract, 'mine', { as: asMember(memberId) })).body.items as { orderId: string }[]).map(
    ({ orderId }) => orderId,
  );
const isAlive = async ({ memberId, refreshToken }: Session) => {
  const sessionId = refreshToken.split('.')[1] ?? '';
  return !(await isRevoked({ subject: memberId, sessionId, issuedAt: madeAt(sessionId) }));
};
/** All is well, also once nothing is under way any more; no reaction keeps the lapse calendar here. */
const clean = async () => {
  const notes = (await allItems()).filter(({ type }) => type === 'merged-member');
  for (const { memberId } of notes as unknown as { memberId: string }[]) await merged(memberId);
  const { violations } = judged(await allItems(), Date.now() + 700_000);
  expect(violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
};

describe('POST /v1/me/merges', () => {
  it('201 makes all of it the heir’s, ends every login of the old member, and goes on as the heir', async () => {
    const { old, heir, phone } = await two();
    const other = await place(heir.memberId);
    const mine = await place(old.memberId);
    await cancel(old.memberId, mine);
    const { status, body } = await merge(old.memberId, phone, await codeOf(phone));
    expect([status, body]).toMatchObject([201, { memberId: old.memberId, into: heir.memberId }]);
    expect((body.accounts as unknown[])[0]).toEqual({ currency: 'POINTS', points: 100, pending: 0, debt: 0 });
    const session = body.session as Session;
    expect([session.memberId, session.firstVisit, await isAlive(session)]).toEqual([heir.memberId, false, true]);
    const refreshed = await call(authContract, 'refresh', { body: { refreshToken: session.refreshToken } });
    expect(refreshed.status).toBe(200);
    const dead = await call(authContract, 'refresh', { body: { refreshToken: old.refreshToken } });
    expect([told(dead), await isAlive(old)]).toEqual(['401 auth.session_ended', false]);
    expect(await isAlive(heir)).toBe(true);
    expect(await availableOf(heir.memberId)).toBe(120);
    await merged(old.memberId);
    expect((await ordersOf(heir.memberId)).toSorted()).toEqual([mine, other].toSorted());
    const { body: one } = await call(ordersContract, 'readMine', {
      as: asMember(heir.memberId),
      params: { orderId: mine },
    });
    expect(one.status).toBe('CANCELLED');
    expect(await ordersOf(old.memberId)).toEqual([]);
    const staff = asStaff('members.read', 'orders.read');
    const params = { memberId: old.memberId };
    expect((await call(membersContract, 'read', { as: staff, params })).body.mergedInto).toBe(heir.memberId);
    await clean();
  });

  it('201 again for the same request, although its code is used up, also once the heir was merged on', async () => {
    const { old, heir, phone } = await two();
    const [code, key] = [await codeOf(phone), randomUUID()];
    const first = await merge(old.memberId, phone, code, key);
    const again = await merge(old.memberId, phone, code, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    const { session: _, ...moved } = first.body;
    expect(again.body).toMatchObject(moved);
    expect((again.body.session as Session).memberId).toBe(heir.memberId);
    expect(told(await merge(old.memberId, phone, wrong(code), key))).toBe('422 request.key_reused');
    expect(told(await merge(old.memberId, phone, code))).toBe('409 members.merged');
    const next = somePhone();
    const last = await loggedIn(next);
    expect((await merge(heir.memberId, next, await codeOf(next))).status).toBe(201);
    expect(((await merge(old.memberId, phone, code, key)).body.session as Session).memberId).toBe(last.memberId);
    expect(await availableOf(last.memberId)).toBe(130);
    for (const { memberId } of [old, heir]) await merged(memberId);
    await clean();
  });

  it('201 when every reply is lost', async () => {
    const { old, heir, phone } = await two();
    const code = await codeOf(phone);
    losingReplies();
    expect((await merge(old.memberId, phone, code)).status).toBe(201);
    vi.restoreAllMocks();
    expect(await availableOf(heir.memberId)).toBe(130);
    await merged(old.memberId);
  });

  it('201 once for 10 at once under one key; under different keys one of them', async () => {
    for (const keyOf of [() => 'k', () => randomUUID()]) {
      const { old, heir, phone } = await two();
      const code = await codeOf(phone);
      const answers = await Promise.all(Array.from({ length: 10 }, () => merge(old.memberId, phone, code, keyOf())));
      const said = answers.map((answer) => told(answer));
      if (keyOf() === 'k') expect(said).toEqual(Array.from({ length: 10 }, () => '201'));
      else expect(said.filter((one) => one === '201')).toHaveLength(1);
      expect(said.filter((one) => !['201', '409 members.merged', '401 auth.code_invalid'].includes(one))).toEqual([]);
      expect(await availableOf(heir.memberId)).toBe(130);
      await merged(old.memberId);
    }
    await clean();
  });

  it('201 for one of two opposite ones at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [one, other] = [somePhone(), somePhone()];
      const [a, b] = [await loggedIn(one), await loggedIn(other)];
      await points(a.memberId, 10);
      await points(b.memberId, 5);
      const codes = [await codeOf(other), await codeOf(one)] as const;
      const answers = await Promise.all([merge(a.memberId, other, codes[0]), merge(b.memberId, one, codes[1])]);
      const said = answers.map((answer) => told(answer)).toSorted();
      expect(said[0]).toBe('201');
      expect(['409 members.merged', '409 members.same_member']).toContain(said[1]);
      const closed = answers[0]?.status === 201 ? a : b;
      await merged(closed.memberId);
      const heir = closed === a ? b : a;
      expect(await availableOf(heir.memberId)).toBe(15);
      pass(61);
      for (const phone of [one, other]) expect((await loggedIn(phone)).memberId).toBe(heir.memberId);
    }
    await clean();
  });

  it('logs in the heir, and nobody new, by WeChat, also before the event has come', async () => {
    const person = randomUUID().slice(0, 8);
    const [old, phone] = [await byWechat(person), somePhone()];
    const heir = await loggedIn(phone);
    expect((await merge(old.memberId, phone, await codeOf(phone))).status).toBe(201);
    expect(await byWechat(person)).toMatchObject({ memberId: heir.memberId, firstVisit: false });
    await merged(old.memberId);
    expect(await byWechat(person)).toMatchObject({ memberId: heir.memberId, firstVisit: false });
    pass(61);
    expect((await loggedIn(phone)).memberId).toBe(heir.memberId);
    const shown = await call(identitiesContract, 'bound', { as: asMember(heir.memberId) });
    expect(shown.body.items).toMatchObject([{ provider: 'WECHAT' }]);
    await clean();
  });

  it('logs in the heir where the merge comes between finding the member and opening the session', async () => {
    const person = randomUUID().slice(0, 8);
    const [old, phone] = [await byWechat(person), somePhone()];
    const heir = await loggedIn(phone);
    const code = await codeOf(phone);
    beforeWrite(async () => void (await merge(old.memberId, phone, code)));
    expect((await byWechat(person)).memberId).toBe(heir.memberId);
  });
});

describe('a merge by a phone that its member has put another in the place of', () => {
  /** The heir goes on by WeChat, which they bound long ago, and can change the phone at any moment. */
  async function threatened() {
    const [person, phone, fresh] = [randomUUID().slice(0, 8), somePhone(), somePhone()];
    const first = await loggedIn(phone);
    await call(identitiesContract, 'bind', {
      as: asMember(first.memberId),
      body: { provider: 'WECHAT', code: vouch(person) },
    });
    pass(2 * 86_400);
    const [heir, thief] = [await byWechat(person), await byWechat(randomUUID().slice(0, 8))];
    const stepUp = { provider: 'WECHAT', code: vouch(person) };
    const wish = { phone: fresh, code: await codeFor(fresh), stepUp };
    const change = async () => expect((await changePhone(heir, wish)).status).toBe(200);
    return { heir, thief, phone, change, code: await codeFor(phone) };
  }
  const openOf = async ({ memberId }: Session) =>
    (await allItems()).filter((item) => {
      return item.type === 'session' && item['memberId'] === memberId && Number(item['expiresAt']) > Date.now();
    });

  it('409 members.phone_free where that is done between reading and writing', async () => {
    const { heir, thief, phone, code, change } = await threatened();
    beforeWrite(change);
    expect(told(await merge(thief.memberId, phone, code))).toBe('409 members.phone_free');
    vi.restoreAllMocks();
    expect(await openOf(heir)).toHaveLength(1);
    await clean();
  });

  it('409 members.phone_free however late the table’s copies are', async () => {
    const { thief, phone, change } = await threatened();
    const before = (await allItems()).filter(({ type }) => type === 'identity');
    await change();
    const code = await codeOf(phone);
    readingLate(before);
    expect(told(await merge(thief.memberId, phone, code))).toBe('409 members.phone_free');
  });

  it('401 auth.session_ended for the same request again: it opens no session of the heir any more', async () => {
    const { heir, thief, phone, code, change } = await threatened();
    const key = randomUUID();
    expect((await merge(thief.memberId, phone, code, key)).status).toBe(201);
    pass(10);
    await change();
    pass(10);
    expect(told(await merge(thief.memberId, phone, code, key))).toBe('401 auth.session_ended');
    expect(await openOf(heir)).toHaveLength(1);
  });
});

describe('POST /v1/me/merges is refused', () => {
  it('401 auth.code_invalid, which costs one try, and nothing moves', async () => {
    const { old, heir, phone } = await two();
    const code = await codeOf(phone);
    for (let tries = 0; tries < 4; tries += 1)
      expect(told(await merge(old.memberId, phone, wrong(code)))).toBe('401 auth.code_invalid');
    expect([await availableOf(old.memberId), await availableOf(heir.memberId)]).toEqual([100, 30]);
    expect((await merge(old.memberId, phone, code)).status).toBe(201);
  });

  it('409 members.phone_free for a phone without an account: its code still binds it', async () => {
    const [old, phone] = [await byWechat(randomUUID().slice(0, 8)), somePhone()];
    const code = await codeOf(phone);
    expect(told(await merge(old.memberId, phone, code))).toBe('409 members.phone_free');
    const bound = await call(identitiesContract, 'phone', { as: asMember(old.memberId), body: { phone, code } });
    expect(bound.status).toBe(200);
    expect(told(await merge(old.memberId, phone, await codeOf(phone)))).toBe('409 members.same_member');
  });

  it('409 orders.open_orders and points.hold_open, which name what is under way, and the code stays good', async () => {
    const { old, phone } = await two();
    const orderId = await place(old.memberId);
    const code = await codeOf(phone);
    const refused = await merge(old.memberId, phone, code);
    expect([told(refused), refused.body.orderIds]).toEqual(['409 orders.open_orders', [orderId]]);
    await cancel(old.memberId, orderId);
    const shop = asTill('holds:write');
    const body = { member: { memberId: old.memberId }, points: 1 };
    const { holdId } = (await call(holdsContract, 'make', { as: shop, body })).body as { holdId: string };
    const held = await merge(old.memberId, phone, code);
    expect([told(held), held.body.holdIds]).toEqual(['409 points.hold_open', [holdId]]);
    await call(holdsContract, 'release', { as: shop, params: { holdId }, body: {} });
    expect((await merge(old.memberId, phone, code)).status).toBe(201);
  });

  it('403 auth.login_too_old for who has not logged in within ten minutes, and 401 auth.session_ended for a login that ended', async () => {
    const { old, phone } = await two();
    pass(540);
    const code = await codeOf(phone);
    const late = await merge(old.memberId, phone, code);
    expect([told(late), late.body.maxAgeSeconds]).toEqual(['403 auth.login_too_old', 600]);
    const as = await asNewlyIn(old.memberId);
    expect((await call(authContract, 'logOut', { as })).status).toBe(204);
    expect(told(await merge(old.memberId, phone, code))).toBe('401 auth.session_ended');
    await asNewlyIn(old.memberId);
    expect((await merge(old.memberId, phone, code)).status).toBe(201);
  });

  it('409 members.spending_held for a day after an identity was unbound', async () => {
    const { old, phone } = await two();
    await call(identitiesContract, 'bind', {
      as: asMember(old.memberId),
      body: { provider: 'QQ', code: vouch(randomUUID().slice(0, 8)) },
    });
    await call(identitiesContract, 'unbind', { as: asMember(old.memberId), params: { provider: 'QQ' } });
    expect(told(await merge(old.memberId, phone, await codeOf(phone)))).toBe('409 members.spending_held');
  });

  it('409 points.frozen', async () => {
    const { old, phone } = await two();
    const staff = asStaff('points.freeze');
    await call(pointsStaffContract, 'freeze', { as: staff, params: { memberId: old.memberId }, body: { reason: 'x' } });
    expect(told(await merge(old.memberId, phone, await codeOf(phone)))).toBe('409 points.frozen');
  });

  it('410 members.erased and 404 members.not_found', async () => {
    const { old, phone } = await two();
    expect((await erase(old.memberId)).status).toBe(200);
    const code = await codeOf(phone);
    expect(told(await merge(old.memberId, phone, code))).toBe('410 members.erased');
    expect(told(await merge(`mem_${'0'.repeat(26)}`, phone, code))).toBe('404 members.not_found');
  });

  it('409 members.merged for whatever the old member would still write of themself', async () => {
    const { old, phone } = await two();
    await merge(old.memberId, phone, await codeOf(phone));
    const as = asMember(old.memberId);
    const address = { recipient: '王五', phone, address: '杭州市 1 号' };
    const refused = [
      await call(profilesContract, 'change', { as, body: { nickname: '还在' } }),
      await call(profilesContract, 'addAddress', { as, body: address }),
      await call(profilesContract, 'consent', { as, body: { purpose: 'LOCATION', version: '1', granted: true } }),
      await erase(old.memberId),
      await call(identitiesContract, 'bind', {
        as,
        body: { provider: 'QQ', code: vouch(randomUUID().slice(0, 8)) },
      }),
      await call(identitiesContract, 'phone', {
        as,
        body: { phone: '13711110000', code: await codeOf('13711110000') },
      }),
    ];
    expect(refused.map((one) => told(one))).toEqual(refused.map(() => '409 members.merged'));
  });

  it('400 request.invalid for no code; a login code for another phone does not count', async () => {
    const { old, phone } = await two();
    expect(told(await merge(old.memberId, phone, '12'))).toBe('400 request.invalid');
    const other = await codeOf(somePhone());
    expect(told(await merge(old.memberId, phone, other))).toBe('401 auth.code_invalid');
    expect((await logIn(phone, await codeOf(phone))).status).toBe(201);
  });
});
