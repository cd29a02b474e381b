import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { handler as staff } from '../../functions/authorizer/staff.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { createClient, type NewClient } from '../../shared/partners/partners.ts';
import { call, contextWith } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall();

async function client(more: Partial<NewClient> = {}) {
  const grants = ['purchases:write'] as const;
  const wish: NewClient = { clientId: `till-${randomUUID()}`, kind: 'partner', name: 'Till', grants, ...more };
  return { clientId: wish.clientId, ...(await createClient(wish)) };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ask = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  call(partnersContract, 'token', {
    rawBody: new URLSearchParams(fields).toString(),
    headers: { ...FORM, ...headers },
  });

const GRANT = { grant_type: 'client_credentials' };
const inBody = (id: string, secret: string) => ({ ...GRANT, client_id: id, client_secret: secret });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const authorize = (authorizer: typeof clients, token: unknown) =>
  authorizer(
    { identitySource: [`Bearer ${String(token)}`] } as unknown as Parameters<typeof clients>[0],
    contextWith(),
  );

describe('POST /v1/auth/token', () => {
  it('200 by credentials in the body, with a token that opens the door', async () => {
    const { clientId, clientSecret } = await client();
    const { status, headers, body } = await ask(inBody(clientId, clientSecret));
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'purchases:write',
    });
    expect(headers['cache-control']).toBe('no-store');
    const { context } = await authorize(clients, body.access_token);
    expect(context).toMatchObject({ kind: 'partner', id: clientId, grants: 'purchases:write' });
    expect((await authorize(staff, body.access_token)).context).toEqual({ problem: 'auth.forbidden' });
  });

  it('200 by HTTP Basic, whatever its letters', async () => {
    const { clientId, clientSecret } = await client({ clientId: `t ${randomUUID()}&=+:%店` });
    const { status, body } = await ask(GRANT, basic(clientId, clientSecret));
    expect(status).toBe(200);
    expect((await authorize(clients, body.access_token)).context).toMatchObject({ id: clientId });
  });

  it('200 for staff opens the door of staff alone', async () => {
    const { clientId, clientSecret } = await client({ kind: 'staff', grants: ['catalog.write'] });
    const { body } = await ask(inBody(clientId, clientSecret));
    expect((await authorize(staff, body.access_token)).context).toMatchObject({
      kind: 'staff',
      grants: 'catalog.write',
    });
    expect((await authorize(clients, body.access_token)).context).toEqual({ problem: 'auth.forbidden' });
  });

  it('200 grants no more than was asked', async () => {
    const grants = ['catalog.write', 'orders.read', 'orders.ship'] as const;
    const { clientId, clientSecret } = await client({ kind: 'staff', grants });
    const { body } = await ask({ ...inBody(clientId, clientSecret), scope: 'orders.ship catalog.write' });
    expect(body.scope).toBe('orders.ship catalog.write');
    const { context } = await authorize(staff, body.access_token);
    expect(context).toMatchObject({ grants: 'orders.ship catalog.write' });
  });

  it('200 with parameters that it does not know', async () => {
    const { clientId, clientSecret } = await client();
    const { status } = await ask({ ...inBody(clientId, clientSecret), audience: 'x', ['__proto__']: 'y' });
    expect(status).toBe(200);
  });

  it('400 invalid_scope for more than the client has', async () => {
    const { clientId, clientSecret } = await client();
    for (const scope of ['programme.write', 'purchases:write catalog.write', 'purchases:*']) {
      const { status, body } = await ask({ ...inBody(clientId, clientSecret), scope });
      expect([status, body]).toEqual([400, { error: 'invalid_scope' }]);
    }
  });

  it.each(['authorization_code', 'password', 'refresh_token', 'CLIENT_CREDENTIALS', '__proto__'])(
    '400 unsupported_grant_type for %s',
    async (grant_type) => {
      const { clientId, clientSecret } = await client();
      const { status, body } = await ask({ ...inBody(clientId, clientSecret), grant_type });
      expect([status, body]).toEqual([400, { error: 'unsupported_grant_type' }]);
    },
  );

  it('400 invalid_request without a grant type', async () => {
    const { clientId, clientSecret } = await client();
    const { status, body } = await ask({ client_id: clientId, client_secret: clientSecret });
    expect([status, body]).toEqual([400, { error: 'invalid_request' }]);
  });

  it('400 invalid_request for an empty body', async () => {
    const { clientId, clientSecret } = await client();
    const { status, body } = await ask({}, basic(clientId, clientSecret));
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('401 invalid_client for a client id of 10 kB', async () => {
    const { status, body } = await ask(inBody('x'.repeat(10_000), 'x'));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('401 invalid_client alike for an unknown client and a wrong secret', async () => {
    const { clientId, clientSecret } = await client();
    const tries = [
      await ask(inBody(clientId, 'wrong')),
      await ask(inBody(clientId, '')),
      await ask(inBody(clientId, `${clientSecret}x`)),
      await ask(inBody(clientId, clientSecret.toUpperCase())),
      await ask(inBody('nobody', clientSecret)),
      await ask(inBody('', '')),
      await ask(GRANT),
      await ask(GRANT, basic(clientId, 'wrong')),
      await ask(GRANT, basic('nobody', 'wrong')),
      await ask(GRANT, { authorization: 'Basic' }),
      await ask(GRANT, { authorization: 'Basic !!!' }),
      await ask(GRANT, { authorization: `Basic ${Buffer.from('%%%:%').toString('base64')}` }),
      await ask(GRANT, { authorization: `Bearer ${clientSecret}` }),
    ];
    for (const { status, headers, body } of tries) {
      expect([status, body]).toEqual([401, { error: 'invalid_client' }]);
      expect(headers['www-authenticate']).toMatch(/^Basic realm="/);
    }
  });

  it('415 request.media_type for JSON', async () => {
    const { status, body } = await call(partnersContract, 'token', { body: GRANT });
    expect([status, body.code]).toEqual([415, 'request.media_type']);
  });
});

describe('a client', () => {
  it('keeps its secret when another is made under its id', async () => {
    const { clientId, clientSecret } = await client();
    const another = createClient({ clientId, kind: 'staff', name: 'x', grants: ['programme.write'] });
    await expect(another).rejects.toMatchObject({ code: 'partners.client_exists' });
    expect((await ask(inBody(clientId, clientSecret))).status).toBe(200);
  });

  it('has no secret in the table', async () => {
    const { clientId, clientSecret } = await client();
    const text = JSON.stringify(await allItems());
    expect(text).toContain(clientId);
    expect(text).not.toContain(clientSecret);
  });
});
