import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMall } from '../support/running.ts';

const held = runMall();

interface Partner {
  clientId: string;
  clientSecret: string;
  secretId: string;
}

/** What a partner's server was told. */
const arrived: { headers: Record<string, string>; body: string }[] = [];
let down = false;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (!down)
      arrived.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
    response.writeHead(down ? 503 : 204).end();
  });
});

describe('a partner whose secret is replaced while its tills are busy', { shuffle: false }, () => {
  const send: (typeof held.mall)['send'] = (...request) => held.mall.send(...request);
  let staff = '';
  let partner: Partner;
  let webhook: { webhookId: string; secret: string };
  let hook = '';
  const purchases: string[] = [];
  const refused: string[] = [];

  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/points`;
    staff = await held.mall.tokenOf(held.mall.demo.staff);
  });
  afterAll(() => void server.close());

  const tokenBy = (clientSecret: string) => held.mall.tokenOf({ ...partner, clientSecret, scope: '' });
  const path = (more = '') => `/v1/clients/${partner.clientId}${more}`;

  /** A till: logs in anew for every other purchase, by the secret that it was told last, until it is told to stop. */
  function openTill(name: string) {
    const till = { secret: partner.clientSecret, closed: false, sold: 0 };
    async function sell(): Promise<void> {
      let token = '';
      while (!till.closed) {
        if (till.sold % 2 === 0) token = await tokenBy(till.secret);
        const number = `${name}-${till.sold}`;
        const body = { number, amountFen: 1_000, member: { externalId: `guest-${till.sold % 3}-${name}` } };
        const { status, body: said } = await send('POST', '/v1/purchases', { token, body });
        if (status === 201) purchases.push(String(said['purchaseId']));
        else refused.push(`${number}: ${status} ${JSON.stringify(said)}`);
        till.sold += 1;
      }
    }
    return { till, ended: sell() };
  }

  /** Waits until a till has sold so many more. */
  async function sells({ till }: ReturnType<typeof openTill>, more: number): Promise<void> {
    const until = till.sold + more;
    while (till.sold < until) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('is made by staff, and wants to be told of its purchases', async () => {
    const body = {
      kind: 'partner',
      name: 'Corner shops',
      grants: ['purchases:write', 'webhooks:manage'],
      requestsPerMinute: 60_000,
    };
    const made = await send('POST', '/v1/clients', { token: staff, body });
    expect(made.status).toBe(201);
    partner = made.body as unknown as Partner;
    const token = await tokenBy(partner.clientSecret);
    const wish = { url: hook, events: ['purchase.reported'] };
    const added = await send('POST', '/v1/webhooks', { token, body: wish });
    expect([added.status, added.body.url]).toEqual([201, hook]);
    webhook = added.body as unknown as typeof webhook;
  });

  it('gets its next secret, tells its tills one after the other, and gives the old one up: no purchase is refused', async () => {
    const tills = ['A', 'B'].map((name) => openTill(name));
    const [first, second] = tills as [ReturnType<typeof openTill>, ReturnType<typeof openTill>];
    await sells(first, 4);
    const next = await send('POST', path('/secrets'), { token: staff });
    expect(next.status).toBe(201);
    const secret = String(next.body.clientSecret);
    await sells(second, 4);
    first.till.secret = secret;
    await sells(first, 4);
    second.till.secret = secret;
    await Promise.all([sells(first, 3), sells(second, 3)]);
    const gone = await send('DELETE', path(`/secrets/${partner.secretId}`), { token: staff });
    expect(gone.status).toBe(204);
    await Promise.all([sells(first, 4), sells(second, 4)]);
    for (const { till } of tills) till.closed = true;
    await Promise.all(tills.map(({ ended }) => ended));
    expect(refused).toEqual([]);
    expect(await tokenBy(partner.clientSecret)).toBeUndefined();
    expect(await tokenBy(secret)).toEqual(expect.any(String));
    partner = { ...partner, clientSecret: secret };
  }, 120_000);

  it('was told of each purchase once, signed so that it can tell that it was us', async () => {
    await held.mall.drain();
    const verifier = new Webhook(webhook.secret);
    const told = arrived.map(({ body, headers }) => {
      const { type, data } = verifier.verify(body, headers) as { type: string; data: Record<string, unknown> };
      return { type, purchase: data['purchaseId'] };
    });
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['purchase.reported']));
    expect(told.map(({ purchase }) => String(purchase)).toSorted()).toEqual(purchases.toSorted());
  });

  it('is told again of what it missed, and sees so in the log', async () => {
    down = true;
    const token = await tokenBy(partner.clientSecret);
    const { token: member, memberId } = await held.mall.logIn('13900139002');
    const { body: shown } = await send('GET', '/v1/me/code', { token: member });
    const body = { number: 'C-1', amountFen: 2_000, member: { code: shown.code } };
    const bought = await send('POST', '/v1/purchases', { token, body });
    expect([bought.status, bought.body.memberId]).toEqual([201, memberId]);
    const twice = await send('POST', '/v1/purchases', { token, body: { ...body, number: 'C-2' } });
    expect([twice.status, twice.body.code]).toEqual([409, 'members.code_invalid']);
    await held.mall.drain();
    const log = async () => {
      const answer = await send('GET', `/v1/webhooks/${webhook.webhookId}/deliveries?limit=1`, { token });
      return (answer.body.items as Record<string, unknown>[])[0];
    };
    const missed = await log();
    expect(missed).toMatchObject({ status: 'PENDING', tries: 1, outcome: '503' });
    down = false;
    const before = arrived.length;
    await held.mall.clock(new Date(Date.parse(String(missed?.['nextAt'])) + 301_000).toISOString());
    await held.mall.drain();
    expect(arrived.slice(before).map(({ headers }) => headers['webhook-id'])).toEqual([missed?.['eventId']]);
    expect(await log()).toMatchObject({ status: 'DELIVERED', tries: 2, outcome: '204' });
  });

  it('is out when staff disable it: no token, and within a minute none that it has', async () => {
    const token = await tokenBy(partner.clientSecret);
    const read = () => send('GET', '/v1/purchases/C-1', { token });
    expect((await read()).status).toBe(200);
    const manager = await held.mall.tokenOf(held.mall.demo.staff);
    const off = await send('PATCH', path(), { token: manager, body: { status: 'DISABLED' } });
    expect(off.status).toBe(200);
    expect(await tokenBy(partner.clientSecret)).toBeUndefined();
    const { body } = await send('GET', '/local/clock');
    await held.mall.clock(new Date(Date.parse(String(body.now)) + 60_000).toISOString());
    expect((await read()).status).toBe(401);
  });

  it('leaves books in which the auditor finds nothing', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
