import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { handler as staffDoor } from '../../functions/authorizer/staff.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { call, contextWith, type Who } from '../support/call.ts';
import { openMall, SECRETS } from '../support/mall.ts';
import { recordsHold, recordsOf, told } from '../support/staff.ts';
import { allItems } from '../support/table.ts';

openMall();

const WISH = { kind: 'staff', name: 'Head office', grants: ['catalog.write', 'partners.manage'] };
const make = (more: object, key: string, as: Who) =>
  call(partnersContract, 'makeClient', { as, body: { ...WISH, ...more }, key });

async function tokenOf(id: string, secret: string) {
  const fields = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  const { status, body } = await call(partnersContract, 'token', {
    rawBody: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return { status, token: body.access_token as string, scope: body.scope, error: body.error };
}

/** Puts a new value into the deployment's one-time secret. */
function newFirstSecret(): string {
  const clientSecret = randomUUID() + randomUUID();
  SECRETS['first-staff'] = JSON.stringify({ clientId: 'first-staff', clientSecret });
  return clientSecret;
}

/** What the gateway would say of whoever has this token. */
async function callerOf(token: string) {
  const event = { identitySource: [`Bearer ${token}`] } as unknown as Parameters<typeof staffDoor>[0];
  return (await staffDoor(event, contextWith())).context as Record<string, string>;
}

/** A minute passes, after which a secret that does not fit is read again. */
let later = 0;
const start = performance.now();
vi.spyOn(performance, 'now').mockImplementation(() => start + later);
const aMinute = () => (later += 61_000);

describe('the first staff client', () => {
  it('makes one client, and is dead: no token, and none that it had is worth anything', async () => {
    const secret = newFirstSecret();
    aMinute();
    const { status, token, scope } = await tokenOf('first-staff', secret);
    expect([status, scope]).toEqual([200, 'partners.manage']);
    const as = await callerOf(token);
    expect(as).toMatchObject({ kind: 'staff', id: 'first-staff', grants: 'partners.manage' });
    const key = randomUUID();
    const first = await make({}, key, as);
    expect(first.status).toBe(201);
    expect(await tokenOf('first-staff', secret)).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(told(await make({}, randomUUID(), as))).toBe('401 auth.token_invalid');
    expect((await make({}, key, as)).body).toEqual(first.body);
    const own = await tokenOf(first.body.clientId as string, first.body.clientSecret as string);
    expect((await make({}, randomUUID(), await callerOf(own.token))).status).toBe(201);
  });

  it('lets exactly one of many through who use it at once', async () => {
    const secret = newFirstSecret();
    aMinute();
    const { token } = await tokenOf('first-staff', secret);
    const as = await callerOf(token);
    const before = (await recordsOf('first-staff')).length;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => make({ name: `Try ${i}` }, randomUUID(), as)),
    );
    const codes = answers.map((answer) => told(answer));
    expect(codes.filter((code) => code === '201')).toHaveLength(1);
    expect(codes.filter((code) => code === '401 auth.token_invalid')).toHaveLength(11);
    const names = (await allItems()).filter(({ type }) => type === 'client').map((item) => String(item['name']));
    expect(names.filter((name) => name.startsWith('Try '))).toHaveLength(1);
    expect((await recordsOf('first-staff')).length).toBe(before);
    await recordsHold();
  });

  it('gets no token for another secret, and lives again with a new value, whose forerunner stays dead', async () => {
    const old = newFirstSecret();
    aMinute();
    expect((await tokenOf('first-staff', 'guess')).status).toBe(401);
    expect((await tokenOf('first-staff', old)).status).toBe(200);
    const fresh = newFirstSecret();
    expect((await tokenOf('first-staff', old)).status).toBe(401);
    expect((await tokenOf('first-staff', fresh)).status).toBe(200);
  });
});
