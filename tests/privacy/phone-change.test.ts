import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as onIdentityChanged } from '../../functions/auth/on-member-identity-changed.ts';
import { logger } from '../../shared/platform/logger.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import type { Item } from '../../shared/table/client.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, type Called, call } from '../support/call.ts';
import {
  asNewlyIn,
  changedPhone,
  changePhone,
  codeFor,
  later,
  loggedIn,
  type Session,
  stepUpCodeFor,
  wrong,
} from '../support/logins.ts';
import { bus, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems, recordOf } from '../support/table.ts';
import { erase, told } from './people.ts';

openMall();

const [old, fresh, other] = [somePhone(), somePhone(), somePhone()];
const lines: string[] = [];
const answers: Called[] = [];
const spies: { mockRestore(): void }[] = [];
let session: Session;

const formsOf = (phone: string) => [phone, Buffer.from(phone).toString('base64'), Buffer.from(phone).toString('hex')];
const found = (text: string) => [old, fresh, other].flatMap(formsOf).filter((one) => text.includes(one));
const ofMember = async (): Promise<Item[]> =>
  (await allItems()).filter((item) => JSON.stringify(item).includes(session.memberId));
const exported = async () => {
  const { body } = await call(privacyContract, 'export', { as: asMember(session.memberId) });
  return (await (await fetch(String(body.json))).json()) as Record<string, unknown>;
};

/** What the stream makes of it; the provider fails, and later does not. */
async function react(): Promise<void> {
  bus.events.length = 0;
  await announcer({ Records: (await ofMember()).map((item, i) => recordOf(String(i), item)) });
  for (const { DetailType, Detail } of bus.events) {
    const event = { 'detail-type': DetailType, detail: JSON.parse(Detail) as object };
    if (DetailType === 'member.identity_changed') await onIdentityChanged(event as never);
  }
}

beforeAll(async () => {
  logger.setLogLevel('DEBUG');
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    spies.push(
      vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(' '))),
    );
  session = await loggedIn(old);
  await loggedIn(other);
  vi.setSystemTime(Date.now() + 61_000);
  const stepUp = { code: await stepUpCodeFor(session, old) };
  const code = await codeFor(fresh);
  answers.push(
    await changePhone(session, { phone: fresh, code: wrong(code), stepUp }),
    await changePhone(session, { phone: fresh, code, stepUp: { code: wrong(stepUp.code) } }),
    await changePhone(session, { phone: other, code: await codeFor(other), stepUp }),
  );
  await changedPhone(session, old, fresh);
  vi.stubEnv('SMS_SECRET', 'revoked-sms');
  await expect(react()).rejects.toThrow('auth.code_not_sent');
  vi.stubEnv('SMS_SECRET', 'sms');
}, 60_000);
afterAll(() => {
  for (const spy of spies) spy.mockRestore();
});

describe('of a change of the phone', { shuffle: false }, () => {
  it('nothing stands in clear in items, lines that are logged, events or refusals', async () => {
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 409]);
    expect(lines.join('\n')).toContain('sms failed');
    const all = [await allItems(), lines, bus.events, answers.map(({ body }) => body)];
    expect(found(JSON.stringify(all))).toEqual([]);
  });

  it('an export says that it was, who is still to be told, and how long spending is held', async () => {
    const all = await exported();
    const at = expect.any(String) as string;
    expect(all['identityChanges']).toEqual([{ change: 'PHONE', at, toldAt: null, tells: `+86${old}` }]);
    expect(all['member']).toMatchObject({ phone: `+86${fresh}`, heldUntil: at });
    vi.setSystemTime(Date.now() + 60_000);
    await react();
    expect((await exported())['identityChanges']).toEqual([{ change: 'PHONE', at, toldAt: at, tells: null }]);
  });

  it('an erasure leaves nothing, and nobody to be told', async () => {
    await changedPhone(session, fresh, old);
    expect(told(await erase(session.memberId))).toBe('409 members.spending_held');
    expect(await exported()).toMatchObject({ member: { memberId: session.memberId } });
    later(86_400_000);
    await asNewlyIn(session.memberId);
    expect((await erase(session.memberId)).status).toBe(200);
    const left = await ofMember();
    expect(left.filter(({ type }) => type === 'identity-change')).toEqual([]);
    expect(JSON.stringify(left)).not.toContain('"s2.');
    expect(left.find(({ type }) => type === 'member')).not.toHaveProperty('heldUntil');
    expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  });
});
