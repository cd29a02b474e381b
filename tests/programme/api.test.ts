import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { type Policy, programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asMember, asStaff, asTill, type CallOptions, call } from '../support/call.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';

openMall();

const staff = asStaff('programme.read', 'programme.write', 'programme.write_alone');
const read = () => call(programmeContract, 'read', { as: staff });
const replace = (body: object, options: CallOptions = {}) =>
  call(programmeContract, 'replace', { as: staff, body, ...options });
const [points, coins] = initialPolicy.currencies as [Policy['currencies'][0], Policy['currencies'][0]];
const withExpiry = (expiry: object) => ({ ...initialPolicy, currencies: [{ ...points, expiry }, coins] });
const versionNow = async () => (await read()).body.version as number;
const buy = () =>
  call(earningContract, 'report', {
    as: asTill(),
    body: { number: `P-${randomUUID()}`, amountFen: 10_000, member: { phone: somePhone() } },
  });

describe('GET /v1/programme', () => {
  it('200 says the rules, their version and the zone', async () => {
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(body).toMatchObject({ timeZone: ZONE, version: expect.any(Number) as number, shortage: 'DEBT' });
  });

  it.each([
    ['401 auth.token_missing', undefined],
    ['403 auth.forbidden', asStaff('catalog.write')],
    ['403 auth.forbidden', asTill('programme.write')],
    ['403 auth.forbidden', asMember('mem_1')],
  ])('%s, and PUT alike', async (title, as) => {
    for (const name of ['read', 'replace'] as const) {
      const { status, body } = await call(programmeContract, name, { as, body: initialPolicy });
      expect(`${status} ${body.code as string}`).toBe(title);
    }
  });
});

describe('PUT /v1/programme', () => {
  it('200 is the next version, and in force for the purchase after it', async () => {
    await replace(initialPolicy);
    expect((await buy()).body.lastDay).toBe('2026-12-31');
    const version = await versionNow();
    const { status, body } = await replace({ ...withExpiry({ policy: 'END_OF_NEXT_YEAR' }), version, timeZone: ZONE });
    expect([status, body.version]).toEqual([200, version + 1]);
    expect((await buy()).body.lastDay).toBe('2027-12-31');
    expect((await read()).body).toEqual(body);
  });

  it('200 for one and 409 programme.moved for the other of two at once', async () => {
    const version = await versionNow();
    const answers = await Promise.all(
      [1, 2].map((returnsUntilDays) => replace({ ...initialPolicy, returnsUntilDays, version })),
    );
    const told = answers.map(({ status, body }) => `${status} ${(body.code as string | undefined) ?? ''}`);
    expect(told.toSorted()).toEqual(['200 ', '409 programme.moved']);
    expect(await versionNow()).toBe(version + 1);
  });

  it.each([-1, 1, 100])('409 programme.moved when it was made from version %i off', async (off) => {
    const version = await versionNow();
    const { status, body } = await replace({
      ...initialPolicy,
      version: Math.max(version + off, version === 0 ? 7 : 0),
    });
    expect([status, body.code, body.version]).toEqual([409, 'programme.moved', version]);
  });

  it('409 programme.zone_fixed for another zone', async () => {
    const { status, body } = await replace({ ...initialPolicy, timeZone: 'Asia/Tokyo' });
    expect([status, body.code, body.timeZone]).toEqual([409, 'programme.zone_fixed', ZONE]);
  });

  const swap = { from: 'POINTS', to: 'COINS', take: 100, give: 1 };
  it.each<[string, object, string]>([
    ['too many last days', withExpiry({ policy: 'ROLLING_DAYS', days: 40 }), 'currencies.0.expiry'],
    [
      'a day that has passed',
      withExpiry({ policy: 'FIXED_DATE', lastDay: '2026-11-22' }),
      'currencies.0.expiry.lastDay',
    ],
    ['a currency twice', { ...initialPolicy, currencies: [points, coins, coins] }, 'currencies.2.code'],
    ['no POINTS', { ...initialPolicy, currencies: [coins], exchange: [] }, 'currencies'],
    ['a removed currency', { ...initialPolicy, currencies: [points], exchange: [] }, 'currencies'],
    ['an exchange for itself', { ...initialPolicy, exchange: [{ ...swap, to: 'POINTS' }] }, 'exchange.0'],
    ['an exchange from nowhere', { ...initialPolicy, exchange: [{ ...swap, from: 'RICE' }] }, 'exchange.0.from'],
    ['an exchange to nowhere', { ...initialPolicy, exchange: [{ ...swap, to: 'RICE' }] }, 'exchange.0.to'],
    ['an exchange twice', { ...initialPolicy, exchange: [swap, swap] }, 'exchange.1'],
  ])('400 programme.invalid for %s', async (_, wish, path) => {
    const version = await versionNow();
    const { status, body } = await replace(wish);
    expect([status, body.code]).toEqual([400, 'programme.invalid']);
    expect(body.errors).toContainEqual(expect.objectContaining({ path }));
    expect(await versionNow()).toBe(version);
  });

  it.each<[string, object]>([
    ['no currencies', { ...initialPolicy, currencies: [] }],
    ['an unknown policy', withExpiry({ policy: 'SOON' })],
    ['0 days', withExpiry({ policy: 'ROLLING_DAYS', days: 0 })],
    ['days of another policy', withExpiry({ policy: 'END_OF_YEAR', days: 1 })],
    ['30 February', withExpiry({ policy: 'FIXED_DATE', lastDay: '2027-02-30' })],
    ['a fraction of a rate', { ...initialPolicy, earning: { ...initialPolicy.earning, rateBps: 0.5 } }],
    ['a rate below 0', { ...initialPolicy, earning: { ...initialPolicy.earning, rateBps: -1 } }],
    ['a rate too high', { ...initialPolicy, earning: { ...initialPolicy.earning, rateBps: 1_000_001 } }],
    ['an exchange that takes nothing', { ...initialPolicy, exchange: [{ ...swap, take: 0 }] }],
    ['a policy of refunds without days', { ...initialPolicy, refund: { policy: 'ORIGINAL_LOT' } }],
    ['an unknown field', { ...initialPolicy, balance: 1 }],
    ['nothing at all', {}],
  ])('400 request.invalid for %s', async (_, wish) => {
    const { status, body } = await replace(wish);
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  });
});
