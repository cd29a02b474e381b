import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import * as objects from '../../shared/providers/objects.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, type CallOptions, call } from '../support/call.ts';
import { canary } from '../support/canaries.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { gift, somePhone } from '../support/people.ts';
import { allItems, cancelled, trouble } from '../support/table.ts';
import { erase, type Person, person, told } from './people.ts';

const NOW = '2026-11-23T04:00:00.000Z';
openMall({ at: NOW });

let one: Person;
beforeAll(async () => void (one = await person(await gift({ pricePoints: 1, stock: 1_000 }))));

const exporting = (memberId: string, options: CallOptions = {}) =>
  call(privacyContract, 'export', { as: asMember(memberId), ...options });
const fileOf = async (url: unknown) => {
  const answer = await fetch(String(url));
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
const someone = async () => (await loggedIn(somePhone())).memberId;

describe('POST /v1/me/exports', () => {
  it('gives all that is held on a member, in clear, as JSON', async () => {
    const { status, body } = await exporting(one.memberId);
    expect([status, body.madeAt, body.expiresAt]).toEqual([201, NOW, '2026-11-23T04:15:00.000Z']);
    const { text, type } = await fileOf(body.json);
    expect(type).toBe('application/json; charset=utf-8');
    for (const word of one.words) expect(text).toContain(word);
    const all = JSON.parse(text) as Record<string, unknown[]>;
    expect(all).toMatchObject({
      madeAt: NOW,
      atMost: { statementLines: 10_000 },
      member: { memberId: one.memberId, phone: `+86${one.phone}` },
      profile: {
        birthday: canary.birthday(),
        region: canary.region(),
        picture: expect.stringContaining('http') as string,
      },
      preferences: { interests: ['tea'] },
      consents: [{ purpose: 'PROFILE', granted: true }],
      sessions: [{ sessionId: one.refreshToken.split('.')[1] }],
      orders: [{ orderId: one.orderId, status: 'CANCELLED' }],
      holds: [{ holdId: one.holdId, status: 'RELEASED' }],
    });
    expect(all['statement']).toHaveLength(5);
  });

  it('401 auth.session_ended for a token that outlives its session', async () => {
    const { memberId, refreshToken } = await loggedIn(somePhone());
    const as = { ...asMember(memberId), sessionId: refreshToken.split('.')[1] ?? '' };
    expect((await call(authContract, 'logOut', { as })).status).toBe(204);
    expect(told(await exporting(memberId, { as }))).toBe('401 auth.session_ended');
  });

  it('and as rows, in which nothing begins a formula', async () => {
    const { body } = await exporting(one.memberId);
    const { text, type } = await fileOf(body.csv);
    expect(type).toBe('text/csv; charset=utf-8');
    const rows = parse(text, { bom: true });
    expect(rows[0]).toEqual(['section', 'number', 'field', 'value']);
    expect(rows).toContainEqual(['member', '1', 'memberId', one.memberId]);
    expect(rows).toContainEqual(['member', '1', 'phone', `'+86${one.phone}`]);
    expect(rows.filter(([, , , value = '']) => /^[=+@\t\r]/.test(value))).toEqual([]);
    for (const word of one.words) expect(text).toContain(word);
  });

  it('is one by its key, with new links; nothing personal stands in a link or the table', async () => {
    const memberId = await someone();
    const [first, second] = [await exporting(memberId, { key: 'k' }), await exporting(memberId, { key: 'k' })];
    expect(second.body.exportId).toBe(first.body.exportId);
    expect(new URL(String(first.body.json)).pathname).toContain(
      `/exports/${memberId}/${String(first.body.exportId)}.json`,
    );
    const items = (await allItems()).filter(({ type }) => type === 'exports');
    expect(items.find((item) => item['memberId'] === memberId)).toMatchObject({ made: [{ ready: true }] });
  });

  it('429 privacy.exports_too_many after three in a day, and again a day later', async () => {
    const memberId = await someone();
    for (let i = 0; i < 3; i += 1) expect((await exporting(memberId, { key: `k${i}` })).status).toBe(201);
    const refused = await exporting(memberId);
    expect([told(refused), refused.headers['retry-after']]).toEqual(['429 privacy.exports_too_many', '86400']);
    expect((await exporting(memberId, { key: 'k1' })).status).toBe(201);
    clock('2026-11-24T04:00:00.000Z');
    expect((await exporting(memberId)).status).toBe(201);
    clock(NOW);
  });

  it('is made anew by the same key once its files are gone: no link leads nowhere', async () => {
    const memberId = await someone();
    const first = await exporting(memberId, { key: 'k' });
    clock('2026-11-25T05:00:00.000Z');
    const { status, body } = await exporting(memberId, { key: 'k' });
    expect([status, body.exportId, body.madeAt]).toEqual([201, first.body.exportId, '2026-11-25T05:00:00.000Z']);
    const { status: found, text } = await fileOf(body.json);
    expect([found, JSON.parse(text)]).toEqual([200, expect.objectContaining({ madeAt: '2026-11-25T05:00:00.000Z' })]);
    clock(NOW);
  });

  it('is made by the same key when it broke half way', async () => {
    const memberId = await someone();
    const spy = vi.spyOn(objects, 'writeObject').mockRejectedValueOnce(new Error('gone'));
    expect((await exporting(memberId, { key: 'k' })).status).toBe(500);
    spy.mockRestore();
    const { status, body } = await exporting(memberId, { key: 'k' });
    expect([status, (await fileOf(body.json)).status]).toEqual([201, 200]);
  });

  it('503 request.busy where the table is busy for good, and 404 for nobody', async () => {
    const memberId = await someone();
    const spy = trouble(() => cancelled('TransactionConflict'));
    expect(told(await exporting(memberId))).toBe('503 request.busy');
    spy.mockRestore();
    expect(told(await exporting('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'))).toBe('404 members.not_found');
  });
});

describe('who is erased', () => {
  it('leaves no file behind, and gets none', async () => {
    const memberId = await someone();
    const { body } = await exporting(memberId);
    expect((await fileOf(body.csv)).status).toBe(200);
    expect((await erase(memberId)).status).toBe(200);
    for (const url of [body.json, body.csv]) expect((await fileOf(url)).status).toBe(404);
    expect(told(await exporting(memberId))).toBe('410 members.erased');
  });

  it('leaves none that was being made meanwhile', async () => {
    const memberId = await someone();
    const real = objects.writeObject;
    const written: string[] = [];
    const spy = vi.spyOn(objects, 'writeObject').mockImplementation(async (key, bytes, type) => {
      if (written.length === 0) await erase(memberId);
      written.push(key);
      return real(key, bytes, type);
    });
    expect(told(await exporting(memberId))).toBe('410 members.erased');
    spy.mockRestore();
    expect(written).toHaveLength(2);
    for (const key of written) expect(await objects.readObject(key)).toBeUndefined();
    expect((await verdict()).violations.filter(({ invariant }) => invariant !== 'INV-22')).toEqual([]);
  });
});
