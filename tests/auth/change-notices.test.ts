import { beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as follow } from '../../functions/auth/on-member-identity-changed.ts';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { ENDED_WITH } from '../../shared/auth/rules.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, call } from '../support/call.ts';
import { asNewlyIn, changedPhone, later, loggedIn, type Session } from '../support/logins.ts';
import { bus, inbox, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { asFunction } from '../support/permitted.ts';
import { allItems, recordOf } from '../support/table.ts';

openMall();

const handler = (event: never) => asFunction('auth/on-member-identity-changed', () => follow(event));

let [old, fresh] = ['', ''];
let session: Session;
const sent = () => inbox.filter(({ template, to }) => template === 'change' && to === `+86${old}`);
const changes = async () =>
  (await allItems()).filter((item) => item.type === 'identity-change' && item['memberId'] === session.memberId);

/** What the stream makes of the changes of this member: the events, as the reaction gets them. */
async function events(): Promise<{ detail: Record<string, string> }[]> {
  bus.events.length = 0;
  await announcer({ Records: (await changes()).map((item, i) => recordOf(String(i), item)) });
  return bus.events.map(({ DetailType, Detail }) => ({
    'detail-type': DetailType,
    detail: JSON.parse(Detail) as Record<string, string>,
  }));
}
const react = async () => {
  for (const event of await events()) await handler(event as never);
};
const bind = (provider: string, person: string) => {
  const body = { provider, code: providerCode(person, Date.now()) };
  return call(identitiesContract, 'bind', { as: asMember(session.memberId), body });
};

beforeEach(async () => {
  [old, fresh] = [somePhone(), somePhone()];
  session = await loggedIn(old);
  vi.stubEnv('SMS_SECRET', 'sms');
});

describe('member.identity_changed', () => {
  it('says ids and what was changed, and nothing personal', async () => {
    await changedPhone(session, old, fresh);
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ 'detail-type': 'member.identity_changed', detail: { change: 'PHONE' } });
    expect(Object.keys(event?.detail ?? {}).toSorted()).toEqual(['at', 'change', 'changeId', 'eventId', 'memberId']);
  });

  it('tells the phone that the member had, when that was in the programme’s zone, and forgets it', async () => {
    await changedPhone(session, old, fresh);
    await react();
    const shanghai = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    expect(sent()).toMatchObject([{ params: [shanghai], text: expect.stringContaining('如非本人操作') as string }]);
    expect(sent()[0]?.text).toContain('If it was not you');
    const [change] = await changes();
    expect(change).toMatchObject({ toldAt: Date.now() });
    expect(change).not.toHaveProperty('to');
  });

  it('tells once, however often it comes, and at once', async () => {
    await changedPhone(session, old, fresh);
    const [event] = await events();
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => handler(event as never)));
    expect(all.some(({ status }) => status === 'fulfilled')).toBe(true);
    await handler(event as never);
    later(3_600_000);
    await handler(event as never);
    expect(sent()).toHaveLength(1);
  });

  it('fails while the provider does, and tells when it comes again', async () => {
    await changedPhone(session, old, fresh);
    vi.stubEnv('SMS_SECRET', 'revoked-sms');
    await expect(react()).rejects.toThrow('auth.code_not_sent');
    vi.stubEnv('SMS_SECRET', 'sms');
    await expect(react()).rejects.toThrow('Somebody else is telling');
    later(30_000);
    await react();
    expect(sent()).toHaveLength(1);
  });

  it('tells the phone of what is bound and unbound, but not more than five times an hour', async () => {
    const params = { provider: 'QQ' };
    for (let i = 0; i < 4; i += 1) {
      expect((await bind('QQ', `often${i}`)).status).toBe(200);
      const unbound = await call(identitiesContract, 'unbind', { as: asMember(session.memberId), params });
      expect(unbound.status).toBe(204);
    }
    await react();
    expect(sent()).toHaveLength(5);
    const all = await changes();
    expect(all.filter(({ to }) => to !== undefined)).toEqual([]);
    expect(all.filter(({ toldAt }) => toldAt !== undefined)).toHaveLength(5);
  });

  it('tells nobody of one who was erased meanwhile', async () => {
    await changedPhone(session, old, fresh);
    const [event] = await events();
    later(86_400_000);
    const as = await asNewlyIn(session.memberId);
    expect((await call(privacyContract, 'erase', { as, body: { confirm: 'ERASE' } })).status).toBe(200);
    expect(await changes()).toEqual([]);
    await handler(event as never);
    expect(sent()).toEqual([]);
  });

  it.each([undefined, {}, { memberId: 'mem_X' }, { memberId: 'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E' }])(
    'fails loudly when it says %j',
    async (detail) => {
      const event = { 'detail-type': 'member.identity_changed', detail } as never;
      await expect(handler(event)).rejects.toThrow('does not say a');
    },
  );
});

it('ends the sessions that had no room in the transaction, and none that was opened later', async () => {
  await bind('WECHAT', 'xenia');
  const sessions: Session[] = [];
  for (let i = 0; i < ENDED_WITH + 3; i += 1) {
    const body = { code: providerCode('xenia', Date.now()) };
    sessions.push((await call(identitiesContract, 'wechat', { body })).body as unknown as Session);
  }
  await changedPhone(session, old, fresh);
  later();
  const next = await loggedIn(fresh);
  const open = async () => {
    const items = (await allItems()).filter((item) => item.type === 'session' && item['memberId'] === session.memberId);
    return items.filter(({ refreshDigest }) => refreshDigest !== '').length;
  };
  expect(await open()).toBe(2 + 3);
  await react();
  expect(await open()).toBe(2);
  const refresh = ({ refreshToken }: Session) => call(authContract, 'refresh', { body: { refreshToken } });
  const answers = await Promise.all([next, session, ...sessions.slice(0, 1)].map(refresh));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
});
