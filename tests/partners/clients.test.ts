import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { partnersContract } from '../../shared/partners/contract.ts';
import { createClient } from '../../shared/partners/partners.ts';
import { asStaff, type Called, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { recordsHold, recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, losingReplies, readingLate } from '../support/table.ts';

openMall();

const WISH = { kind: 'partner', name: 'Corner shop', grants: ['purchases:write', 'holds:write'] };
const manager = asStaff('partners.manage', 'catalog.write');
type Name = keyof typeof partnersContract.rows;
interface Made {
  clientId: string;
  clientSecret: string;
  secretId: string;
}

const ask = (name: Name, params: Record<string, string>, body?: object, key?: string, as = manager) =>
  call(partnersContract, name, { as, params, ...(body && { body }), ...(key && { key }) });
const make = (more: object = {}, key: string = randomUUID(), as = manager) =>
  call(partnersContract, 'makeClient', { as, body: { ...WISH, ...more }, key });
const made = async (more: object = {}) => (await make(more)).body as unknown as Made;
const addSecret = (clientId: string, key?: string) => ask('addSecret', { clientId }, undefined, key);
const removeSecret = (clientId: string, secretId: string) => ask('removeSecret', { clientId, secretId });
const patch = (clientId: string, body: object, as = manager) => ask('changeClient', { clientId }, body, undefined, as);

async function tokenOf(id: unknown, secret: unknown): Promise<Called> {
  const fields = { grant_type: 'client_credentials', client_id: String(id), client_secret: String(secret) };
  return call(partnersContract, 'token', {
    rawBody: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

const actsOn = async (clientId: string) => (await recordsOf(clientId)).map(({ act }) => act);

describe('POST /v1/clients', () => {
  it('201 makes a client that gets a token, with one record and no secret in the table', async () => {
    const { status, body } = await make({ requestsPerMinute: 60 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...WISH, status: 'ENABLED', requestsPerMinute: 60 });
    expect(body.secrets).toEqual([{ secretId: body.secretId, createdAt: body.createdAt }]);
    const token = await tokenOf(body.clientId, body.clientSecret);
    expect([token.status, token.body.scope]).toEqual([200, 'purchases:write holds:write']);
    expect(await actsOn(body.clientId as string)).toEqual(['partners.makeClient']);
    expect(JSON.stringify(await allItems())).not.toContain(body.clientSecret);
  });

  it('201 gives the same client again under the same key, and 422 request.key_reused for another wish', async () => {
    const key = randomUUID();
    const first = await make({}, key);
    const again = await make({}, key);
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', first.body]);
    expect(told(await make({ name: 'x' }, key))).toBe('422 request.key_reused');
    expect((await make()).body.clientSecret).not.toBe(first.body.clientSecret);
  });

  it('201 once when replies are lost', async () => {
    const lost = losingReplies();
    const { status, body } = await make();
    lost.mockRestore();
    expect(status).toBe(201);
    expect(await actsOn(body.clientId as string)).toEqual(['partners.makeClient']);
  });

  it.each([
    ['partner', ['catalog.write']],
    ['staff', ['purchases:write', 'catalog.write']],
    ['staff', ['no.such']],
  ])('400 partners.grants_unknown for a %s with %j', async (kind, grants) => {
    expect(told(await make({ kind, grants }))).toBe('400 partners.grants_unknown');
  });

  it('403 for a permission that the caller does not have: nobody hands out more than they may', async () => {
    const answer = await make({ kind: 'staff', grants: ['catalog.write', 'programme.write'] });
    expect([told(answer), answer.body.needs]).toEqual(['403 auth.forbidden', 'programme.write']);
    expect((await make({ kind: 'staff', grants: ['catalog.write'] })).status).toBe(201);
  });

  it.each(strangers('partners.manage'))('%s for others, on every route', async (code, as) => {
    const params = { clientId: 'x', secretId: 'csc_8R1T3V5X7Z9B1D3F5H7K9M1P3R' };
    for (const name of Object.keys(partnersContract.rows) as Name[]) {
      if (name === 'token') continue;
      const answer = await call(partnersContract, name, { as, params, body: WISH });
      expect(told(answer), name).toBe(code);
    }
  });
});

describe('GET /v1/clients', () => {
  it('200 lists all, the newest first, page by page, without a secret', async () => {
    const { clientId, clientSecret } = await made();
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await call(partnersContract, 'listClients', {
        as: manager,
        query: { limit: '2', ...(cursor && { cursor }) },
      });
      seen.push(...(body.items as object[]));
      cursor = (body.nextCursor as string | null) ?? undefined;
    } while (cursor);
    expect(seen.length).toBe((await allItems()).filter(({ type }) => type === 'client').length);
    expect(JSON.stringify(seen)).toContain(clientId);
    expect(JSON.stringify(seen)).not.toContain(clientSecret);
  });

  it('400 request.cursor_invalid', async () => {
    const answer = await call(partnersContract, 'listClients', { as: manager, query: { cursor: 'x' } });
    expect(told(answer)).toBe('400 request.cursor_invalid');
  });

  it('200 reads one, and 404 partners.client_not_found for one that never was', async () => {
    const { clientId } = await made();
    const { status, body } = await ask('readClient', { clientId });
    expect([status, body.clientId, body.requestsPerMinute]).toEqual([200, clientId, 600]);
    expect(told(await ask('readClient', { clientId: 'nobody' }))).toBe('404 partners.client_not_found');
    expect(told(await patch('nobody', { name: 'x' }))).toBe('404 partners.client_not_found');
    expect(told(await addSecret('nobody'))).toBe('404 partners.client_not_found');
  });
});

describe('PATCH /v1/clients/{clientId}', () => {
  it('200 disables: no token from then on, with either secret; and enables again', async () => {
    const { clientId, clientSecret } = await made();
    const second = (await addSecret(clientId)).body.clientSecret;
    expect((await patch(clientId, { status: 'DISABLED' })).body.status).toBe('DISABLED');
    for (const secret of [clientSecret, second]) {
      const { status, body } = await tokenOf(clientId, secret);
      expect([status, body]).toEqual([401, { error: 'invalid_client' }]);
    }
    await patch(clientId, { status: 'ENABLED' });
    expect((await tokenOf(clientId, clientSecret)).status).toBe(200);
    await recordsHold();
  });

  it('200 changes what is said, and records nothing where nothing changes', async () => {
    const { clientId, clientSecret } = await made();
    const change = { name: 'Kiosk', grants: ['holds:write'], requestsPerMinute: 40 };
    for (let i = 0; i < 2; i += 1) expect((await patch(clientId, change)).body).toMatchObject(change);
    expect(await actsOn(clientId)).toEqual(['partners.changeClient', 'partners.makeClient']);
    expect((await tokenOf(clientId, clientSecret)).body.scope).toBe('holds:write');
  });

  it('200 disables one that was enabled a moment ago, however late the table’s copies are', async () => {
    const { clientId } = await made();
    await patch(clientId, { status: 'DISABLED' });
    const before = (await allItems()).filter((item) => item['clientId'] === clientId && item['status'] === 'DISABLED');
    expect(before).toHaveLength(1);
    await patch(clientId, { status: 'ENABLED' });
    const spy = readingLate(before);
    expect((await patch(clientId, { status: 'DISABLED' })).status).toBe(200);
    spy.mockRestore();
    expect((await ask('readClient', { clientId })).body.status).toBe('DISABLED');
  });

  it('200 for each of many changes at once, one after the other', async () => {
    const { clientId } = await made();
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => patch(clientId, { name })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await actsOn(clientId)).length).toBe(5);
  });

  it('400 for nothing, for grants of another kind and for limits that are none', async () => {
    const { clientId } = await made();
    for (const body of [
      {},
      { kind: 'staff' },
      { requestsPerMinute: 19 },
      { requestsPerMinute: 20.5 },
      { grants: [] },
    ]) {
      expect(told(await patch(clientId, body)), JSON.stringify(body)).toBe('400 request.invalid');
    }
    expect(told(await patch(clientId, { grants: ['catalog.write'] }))).toBe('400 partners.grants_unknown');
  });

  it('403 for who would open a client that may more than they do; to close it anybody of them may', async () => {
    const { clientId } = await made({ kind: 'staff', grants: ['catalog.write'] });
    const lesser = asStaff('partners.manage');
    expect(told(await patch(clientId, { grants: ['catalog.write'] }, lesser))).toBe('403 auth.forbidden');
    const second = await ask('addSecret', { clientId }, undefined, undefined, lesser);
    expect(told(second)).toBe('403 auth.forbidden');
    expect(told(await patch(clientId, { status: 'DISABLED' }, lesser))).toBe('200');
    expect(told(await patch(clientId, { status: 'ENABLED' }, lesser))).toBe('403 auth.forbidden');
  });
});

describe('the secrets of a client', () => {
  it('are two for a rotation: both open, then the new one alone', async () => {
    const { clientId, clientSecret, secretId } = await made();
    const next = await addSecret(clientId);
    expect(next.status).toBe(201);
    for (const secret of [clientSecret, next.body.clientSecret])
      expect((await tokenOf(clientId, secret)).status).toBe(200);
    expect((await removeSecret(clientId, secretId)).status).toBe(204);
    expect((await tokenOf(clientId, clientSecret)).status).toBe(401);
    expect((await tokenOf(clientId, next.body.clientSecret)).status).toBe(200);
    expect(await actsOn(clientId)).toEqual(['partners.removeSecret', 'partners.addSecret', 'partners.makeClient']);
  });

  it('409 partners.secrets_full for a third, however many ask at once', async () => {
    const { clientId } = await made();
    const answers = await Promise.all(Array.from({ length: 6 }, () => addSecret(clientId)));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual([
      '201',
      ...Array.from({ length: 5 }, () => '409 partners.secrets_full'),
    ]);
  });

  it('201 again under the same key, and never once it was removed', async () => {
    const { clientId } = await made();
    const key = randomUUID();
    const first = await addSecret(clientId, key);
    const again = await addSecret(clientId, key);
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', first.body]);
    const secretId = first.body.secretId as string;
    for (let i = 0; i < 2; i += 1) expect((await removeSecret(clientId, secretId)).status).toBe(204);
    expect(told(await addSecret(clientId, key))).toBe('404 partners.secret_not_found');
    expect((await tokenOf(clientId, first.body.clientSecret)).status).toBe(401);
    expect(await actsOn(clientId)).toEqual(['partners.removeSecret', 'partners.addSecret', 'partners.makeClient']);
  });

  it('409 partners.secret_last for the last one of a client that is enabled, and for enabling one without', async () => {
    const { clientId, secretId } = await made();
    expect(told(await removeSecret(clientId, secretId))).toBe('409 partners.secret_last');
    await patch(clientId, { status: 'DISABLED' });
    expect(told(await removeSecret(clientId, secretId))).toBe('204');
    expect(told(await patch(clientId, { status: 'ENABLED' }))).toBe('409 partners.secret_last');
    const next = await addSecret(clientId);
    await patch(clientId, { status: 'ENABLED' });
    expect((await tokenOf(clientId, next.body.clientSecret)).status).toBe(200);
  });

  it('leaves one when both are removed at once', async () => {
    const { clientId, secretId } = await made();
    const other = (await addSecret(clientId)).body.secretId as string;
    const answers = await Promise.all([secretId, other].map((one) => removeSecret(clientId, one)));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual(['204', '409 partners.secret_last']);
  });

  it('404 partners.secret_not_found for one of another client', async () => {
    const one = await made();
    const other = await made();
    expect(told(await removeSecret(one.clientId, other.secretId))).toBe('404 partners.secret_not_found');
  });

  it('are never an empty text', async () => {
    const { clientId, secretId } = await made();
    expect((await tokenOf(clientId, '')).status).toBe(401);
    await patch(clientId, { status: 'DISABLED' });
    await removeSecret(clientId, secretId);
    expect((await tokenOf(clientId, '')).status).toBe(401);
  });
});

describe('a client that was made with the table', () => {
  it('is managed like any other', async () => {
    const clientId = `till-${randomUUID()}`;
    await createClient({ clientId, kind: 'partner', name: 'Till', grants: ['holds:write'] });
    expect((await addSecret(clientId)).status).toBe(201);
    expect((await patch(clientId, { status: 'DISABLED' })).status).toBe(200);
  });
});
