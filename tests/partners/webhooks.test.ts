import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventBridgeEvent } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as tell } from '../../functions/webhooks/on-every-event.ts';
import { handler as retry } from '../../functions/webhooks/on-webhook-retries.ts';
import type { EventName } from '../../shared/events.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { createClient } from '../../shared/partners/partners.ts';
import { webhooksContract } from '../../shared/partners/webhooks/contract.ts';
import { addDelivery, endTry } from '../../shared/partners/webhooks/store.ts';
import { announce } from '../../shared/partners/webhooks/webhooks.ts';
import { send } from '../../shared/table/commit.ts';
import { asStaff, asTill, type Called, call, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { recordsOf, strangers, told } from '../support/staff.ts';
import { allItems } from '../support/table.ts';

const NOON = Date.parse('2026-11-23T04:00:00.000Z');
const at = (minutes: number) => clock(new Date(NOON + minutes * 60_000).toISOString());

openMall();

/** What arrived, and how the partner's server answers. */
const arrived: { path: string; headers: Record<string, string>; body: string }[] = [];
let answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string } | 'hang';
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      arrived.push({
        path,
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      });
      const said = answer(path);
      if (said === 'hang') return;
      response.writeHead(said.status, said.headers).end(said.body ?? 'ok');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('WEBHOOK_TRUSTED_HOST', '127.0.0.1');
});
afterAll(() => void server.close());
beforeEach(() => {
  at(0);
  arrived.length = 0;
  answer = () => ({ status: 204 });
});

async function partner(): Promise<Who> {
  const clientId = `till-${randomUUID()}`;
  await createClient({
    clientId,
    kind: 'partner',
    name: 'Till',
    grants: ['webhooks:manage'],
    requestsPerMinute: 600_000,
  });
  return { ...asTill('webhooks:manage'), id: clientId };
}

const wish = (more: object = {}) => ({ url: `${base}/hook`, events: ['points.earned'], ...more });
const add = (as: Who, more: object = {}, key: string = randomUUID()) =>
  call(webhooksContract, 'add', { as, body: wish(more), key });
async function added(more: object = {}) {
  const as = await partner();
  const { status, body } = await add(as, { url: `${base}/${randomUUID()}`, ...more });
  expect(status).toBe(201);
  return {
    as,
    webhookId: body.webhookId as string,
    secret: body.secret as string,
    path: new URL(String(body.url)).pathname,
  };
}
type Made = Awaited<ReturnType<typeof added>>;

interface Logged {
  eventId: string;
  status: string;
  tries: number;
  nextAt: string | null;
  outcome: string | null;
}

async function logOf({ as, webhookId }: Pick<Made, 'as' | 'webhookId'>): Promise<Logged[]> {
  const { body } = await call(webhooksContract, 'deliveries', { as, params: { webhookId }, query: { limit: '100' } });
  return body.items as Logged[];
}

async function happens(event: EventName = 'points.earned', eventId: string = randomUUID()): Promise<string> {
  const detail = { eventId, at: new Date(Date.now()).toISOString(), memberId: 'mem_1', points: 5 };
  await tell({ 'detail-type': event, detail } as unknown as EventBridgeEvent<EventName, typeof detail>);
  return eventId;
}

const redelivered = ({ as, webhookId }: Pick<Made, 'as' | 'webhookId'>, since = '2026-11-23T12:00:00+08:00') =>
  call(webhooksContract, 'redeliver', { as, params: { webhookId }, body: { since } });
const remove = ({ as, webhookId }: Pick<Made, 'as' | 'webhookId'>): Promise<Called> =>
  call(webhooksContract, 'remove', { as, params: { webhookId } });
const listed = async (as: Who) =>
  (await call(webhooksContract, 'list', { as })).body.items as Record<string, unknown>[];
const at_ = (path: string) => arrived.filter((one) => one.path === path);

describe('POST /v1/webhooks', () => {
  it('201 shows the secret this once, which lies sealed, and the same under the same key', async () => {
    const as = await partner();
    const key = randomUUID();
    const first = await add(as, {}, key);
    expect([first.status, first.body.status, first.body.clientId]).toEqual([201, 'ENABLED', as['id']]);
    expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await add(as, {}, key);
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', first.body]);
    expect(told(await add(as, { url: `${base}/other` }, key))).toBe('422 request.key_reused');
    expect(JSON.stringify(await allItems())).not.toContain(first.body.secret);
    expect(JSON.stringify(await listed(as))).not.toContain('whsec_');
  });

  it('409 webhooks.too_many for a sixth, however many ask at once', async () => {
    const as = await partner();
    for (let i = 0; i < 4; i += 1) expect((await add(as)).status).toBe(201);
    const answers = (await Promise.all([add(as), add(as), add(as)])).map((one) => told(one));
    expect(answers.toSorted()).toEqual(['201', '409 webhooks.too_many', '409 webhooks.too_many']);
    const [one] = await listed(as);
    expect((await remove({ as, webhookId: String(one?.['webhookId']) })).status).toBe(204);
    expect((await add(as)).status).toBe(201);
  });

  it('400 webhooks.events_unknown', async () => {
    const answer = await add(await partner(), { events: ['points.earned', 'points.forged'] });
    expect([told(answer), answer.body.unknown]).toEqual(['400 webhooks.events_unknown', ['points.forged']]);
  });

  it.each([
    'http://example.com/x',
    'ftp://example.com/x',
    'not an address',
    Object.assign(new URL('https://example.com/'), { username: 'till', password: 'secret' }).href,
    'https://example.com/#x',
    'https://10.0.0.1/',
    'https://172.16.9.1/',
    'https://192.168.1.1/',
    'https://127.0.0.2/',
    'https://0x7f.2/',
    'https://2130706434/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:a00:1::]/',
    'https://localhost/',
    'https://no-such-host.invalid/',
  ])('400 webhooks.address_refused for %s', async (url) => {
    expect(told(await add(await partner(), { url }))).toBe('400 webhooks.address_refused');
  });

  it('400 webhooks.address_refused for this machine too, where nothing says that it may be trusted', async () => {
    vi.stubEnv('WEBHOOK_TRUSTED_HOST', '');
    const as = await partner();
    expect(told(await add(as))).toBe('400 webhooks.address_refused');
    expect(told(await add(as, { url: base.replace('http', 'https') }))).toBe('400 webhooks.address_refused');
    vi.stubEnv('WEBHOOK_TRUSTED_HOST', '127.0.0.1');
  });
});

describe('whose webhook it is', () => {
  it('404 webhooks.not_found for another partner’s, alike for one that never was', async () => {
    const made = await added();
    const other = await partner();
    for (const webhookId of [made.webhookId, 'whk_00000000000000000000000000']) {
      expect(told(await remove({ as: other, webhookId }))).toBe('404 webhooks.not_found');
      const log = await call(webhooksContract, 'deliveries', { as: other, params: { webhookId } });
      expect(told(log)).toBe('404 webhooks.not_found');
    }
    expect(await listed(other)).toEqual([]);
    expect(await listed(made.as)).toHaveLength(1);
  });

  it('is staff’s to manage too, each act with its record', async () => {
    const as = asStaff('partners.manage');
    const clientId = String((await partner())['id']);
    const params = { clientId };
    const made = await call(webhooksContract, 'addFor', { as, params, body: wish() });
    expect([made.status, made.body.clientId]).toEqual([201, clientId]);
    const webhookId = String(made.body.webhookId);
    const list = await call(webhooksContract, 'listOf', { as, params });
    expect((list.body.items as object[]).length).toBe(1);
    const log = await call(webhooksContract, 'deliveriesOf', { as, params: { clientId, webhookId } });
    expect(log.body).toEqual({ items: [], nextCursor: null });
    for (let i = 0; i < 2; i += 1) {
      expect((await call(webhooksContract, 'removeOf', { as, params: { clientId, webhookId } })).status).toBe(204);
    }
    const acts = (await recordsOf(clientId)).map(({ act }) => act);
    expect(acts).toEqual(['webhooks.removeOf', 'webhooks.addFor']);
    const nobody = await call(webhooksContract, 'addFor', { as, params: { clientId: 'nobody' }, body: wish() });
    expect(told(nobody)).toBe('404 partners.client_not_found');
  });

  it.each(strangers('partners.manage'))('%s for others on the routes of staff', async (code, as) => {
    const params = { clientId: 'x', webhookId: 'whk_00000000000000000000000000' };
    for (const name of ['addFor', 'listOf', 'removeOf', 'deliveriesOf'] as const) {
      expect(told(await call(webhooksContract, name, { as, params, body: wish() })), name).toBe(code);
    }
  });
});

describe('an event', () => {
  it('arrives signed as Standard Webhooks says, at who asked for it and nobody else', async () => {
    const made = await added();
    const other = await added({ events: ['order.shipped'] });
    const eventId = await happens();
    const [got, ...more] = at_(made.path);
    expect([more, at_(other.path)]).toEqual([[], []]);
    const payload = new Webhook(made.secret).verify(got?.body ?? '', got?.headers ?? {});
    expect(payload).toEqual({
      type: 'points.earned',
      timestamp: new Date(NOON).toISOString(),
      data: { memberId: 'mem_1', points: 5 },
    });
    expect(got?.headers['webhook-id']).toBe(eventId);
    expect(() => new Webhook(other.secret).verify(got?.body ?? '', got?.headers ?? {})).toThrow(
      'No matching signature',
    );
    expect(await logOf(made)).toMatchObject([{ eventId, status: 'DELIVERED', tries: 1, outcome: '204', nextAt: null }]);
  });

  it('arrives once when the bus brings it twice', async () => {
    const made = await added();
    const eventId = await happens();
    await happens('points.earned', eventId);
    expect(at_(made.path)).toHaveLength(1);
  });

  it('is tried eight times within a day under the same id, and then lies dead', async () => {
    const made = await added();
    answer = () => ({ status: 500 });
    const eventId = await happens();
    let minutes = 0;
    for (const wait of [5, 15, 30, 60, 180, 360, 780]) {
      at(minutes + wait - 0.1);
      await retry();
      const before = at_(made.path).length;
      minutes += wait;
      at(minutes + 0.1);
      minutes += 0.1;
      await retry();
      expect(at_(made.path)).toHaveLength(before + 1);
    }
    at(3 * 1_440);
    await retry();
    const got = at_(made.path);
    expect(got).toHaveLength(8);
    expect(new Set(got.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1);
    expect(new Set(got.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(8);
    expect(await logOf(made)).toMatchObject([{ eventId, status: 'DEAD', tries: 8, outcome: '500', nextAt: null }]);
  });

  it('is sent again under the same id when its partner asks, once for all who ask at once, and eight times more', async () => {
    const made = await added();
    answer = () => ({ status: 500 });
    const eventId = await happens();
    const dead = async (from: number) => {
      let minutes = from;
      for (const wait of [5, 15, 30, 60, 180, 360, 780, 780]) {
        minutes += wait + 0.1;
        at(minutes);
        await retry();
      }
      expect(await logOf(made)).toMatchObject([{ eventId, status: 'DEAD', tries: 8 }]);
      return minutes;
    };
    const minutes = await dead(0);
    expect((await redelivered(made, '2026-11-23T04:00:00.001Z')).body).toEqual({ queued: 0, goesOnFrom: null });
    const asked = await Promise.all(Array.from({ length: 5 }, () => redelivered(made)));
    const answers = asked.map(({ status, body }) => `${status}: ${String(body.queued)}`);
    expect(answers.toSorted()).toEqual(['200: 0', '200: 0', '200: 0', '200: 0', '200: 1']);
    const before = at_(made.path).length;
    at(minutes + 0.1);
    await retry();
    expect(at_(made.path)).toHaveLength(before + 1);
    expect(at_(made.path).at(-1)?.headers['webhook-id']).toBe(eventId);
    answer = () => ({ status: 204 });
    at(minutes + 16);
    await retry();
    expect(await logOf(made)).toMatchObject([{ status: 'DELIVERED', tries: 3, outcome: '204' }]);
    expect((await redelivered(made)).body).toEqual({ queued: 0, goesOnFrom: null });
  });

  it('is sent again in parts where there is much of it, and staff do it too, on the record', async () => {
    const made = await added();
    const { clientId, all } = { clientId: String(made.as['id']), all: 200 };
    const dead = (i: number) => ({
      webhookId: made.webhookId,
      clientId,
      eventId: `e-${i}`,
      event: 'points.earned',
      body: '{}',
      at: NOON + i,
      status: 'PENDING' as const,
      tries: 8,
      triedAt: NOON + i,
      nextAt: NOON + i,
    });
    for (let i = 0; i < all; i += 1) {
      await send([addDelivery(dead(i))]);
      await send([endTry(dead(i), 'DEAD', '500')]);
    }
    const params = { clientId, webhookId: made.webhookId };
    let since: string | null = '2026-11-23T04:00:00Z';
    const parts: number[] = [];
    while (since) {
      const { status, body } = await call(webhooksContract, 'redeliverOf', {
        as: asStaff('partners.manage'),
        params,
        body: { since },
      });
      expect(status).toBe(200);
      parts.push(body.queued as number);
      since = body.goesOnFrom as string | null;
    }
    expect(parts).toEqual([90, 90, 20]);
    expect((await recordsOf(clientId)).filter(({ act }) => act === 'webhooks.redeliverOf')).toHaveLength(3);
    expect(new Set((await logOf(made)).map(({ status }) => status))).toEqual(new Set(['PENDING']));
    await remove(made);
    at(1);
    await retry();
    expect(new Set((await logOf(made)).map(({ status }) => status))).toEqual(new Set(['DEAD']));
  });

  it('409 webhooks.closed for one that is told no more, 404 webhooks.not_found for another partner’s', async () => {
    const made = await added();
    const stranger = await partner();
    expect(told(await redelivered({ ...made, as: stranger }))).toBe('404 webhooks.not_found');
    await remove(made);
    expect(told(await redelivered(made))).toBe('409 webhooks.closed');
  });

  it('arrives at the next try when the first failed, once, however many try at once', async () => {
    const made = await added();
    answer = () => ({ status: 503 });
    await happens();
    const [pending] = await logOf(made);
    expect([pending?.status, pending?.nextAt]).toEqual(['PENDING', '2026-11-23T04:05:00.000Z']);
    answer = () => ({ status: 200 });
    at(6);
    await Promise.all([retry(), retry(), retry()]);
    expect(at_(made.path)).toHaveLength(2);
    expect(await logOf(made)).toMatchObject([{ status: 'DELIVERED', tries: 2, outcome: '200' }]);
    expect((await listed(made.as))[0]).toMatchObject({ failingSince: null });
  });

  it('does not follow a redirect, and reads no answer without end', async () => {
    const [moved, endless] = [await added(), await added()];
    const trap = `/trap-${randomUUID()}`;
    answer = (path) =>
      path === moved.path
        ? { status: 307, headers: { location: `${base}${trap}` } }
        : { status: 200, body: 'x'.repeat(200_000) };
    await happens();
    expect((await logOf(moved)).map(({ status, outcome }) => [status, outcome])).toEqual([['PENDING', '307']]);
    expect((await logOf(endless))[0]?.status).toBe('PENDING');
    expect(at_(trap)).toEqual([]);
  });

  it('is not held up by an address that hangs, which is left after five seconds', async () => {
    const [slow, quick] = [await added(), await added()];
    answer = (path) => (path === slow.path ? 'hang' : { status: 204 });
    await happens();
    expect((await logOf(quick))[0]?.status).toBe('DELIVERED');
    expect((await logOf(slow))[0]).toMatchObject({ status: 'PENDING', outcome: 'no answer in time' });
  }, 20_000);

  it('is not sent to an address that has become one of ours since', async () => {
    const made = await added();
    vi.stubEnv('WEBHOOK_TRUSTED_HOST', '');
    await happens();
    vi.stubEnv('WEBHOOK_TRUSTED_HOST', '127.0.0.1');
    expect(at_(made.path)).toEqual([]);
    expect((await logOf(made))[0]).toMatchObject({ status: 'PENDING', outcome: 'is not https' });
  });

  it('is told no more to one that was removed, not even what was under way', async () => {
    const made = await added();
    answer = () => ({ status: 500 });
    await happens();
    await remove(made);
    expect((await remove(made)).status).toBe(204);
    at(6);
    await happens();
    await retry();
    expect(at_(made.path)).toHaveLength(1);
    expect((await logOf(made)).map(({ status, tries }) => [status, tries])).toEqual([['DEAD', 1]]);
  });

  it.each([{ status: 'DISABLED' }, { grants: ['purchases:write'] }])(
    'is told no more to a partner of whom staff say %j, not even what was under way, and again after it was taken back',
    async (change) => {
      const made = await added();
      const as = asStaff('partners.manage', 'purchases:write', 'webhooks:manage');
      const say = async (body: object) => {
        const { status } = await call(partnersContract, 'changeClient', {
          as,
          params: { clientId: String(made.as.id) },
          body,
        });
        expect(status).toBe(200);
      };
      answer = () => ({ status: 500 });
      const first = await happens();
      await say(change);
      answer = () => ({ status: 204 });
      at(6);
      await happens();
      await retry();
      expect(at_(made.path)).toHaveLength(1);
      await say({ status: 'ENABLED', grants: ['webhooks:manage'] });
      expect((await logOf(made)).map(({ eventId, status, outcome }) => [eventId, status, outcome])).toEqual([
        [first, 'DEAD', 'the partner may not be told'],
      ]);
      const last = await happens();
      expect((await logOf(made))[0]).toMatchObject({ eventId: last, status: 'DELIVERED' });
    },
  );

  it('fails where it does not say which it is', async () => {
    for (const detail of [undefined, {}, { eventId: 'x' }, { eventId: 5, at: '2026-11-23T04:00:00Z' }]) {
      await expect(tell({ 'detail-type': 'points.earned', detail } as never)).rejects.toThrow('does not say');
    }
  });
});

describe('a webhook to which nothing comes through', () => {
  it('is closed after five days, and says so on the bus', async () => {
    const made = await added();
    answer = () => ({ status: 500 });
    for (const day of [0, 1, 2, 3, 4]) {
      at(day * 1_440);
      await happens();
    }
    expect((await listed(made.as))[0]).toMatchObject({ status: 'ENABLED', failingSince: new Date(NOON).toISOString() });
    at(5 * 1_440 + 1);
    await happens();
    expect((await listed(made.as))[0]).toMatchObject({ status: 'DISABLED' });
    const count = at_(made.path).length;
    await happens();
    expect(at_(made.path)).toHaveLength(count);
    const closed = (await allItems()).find((item) => item.type === 'webhook' && item['webhookId'] === made.webhookId);
    const detail = { webhookId: made.webhookId, clientId: made.as['id'] };
    expect(announce(closed, { ...closed, status: 'ENABLED' })).toMatchObject([{ name: 'webhook.disabled', detail }]);
    expect(announce(closed, closed)).toEqual([]);
  });

  it('stays where something did in between', async () => {
    const made = await added();
    for (const day of [0, 1, 2, 3, 4, 5, 6]) {
      at(day * 1_440);
      answer = () => ({ status: day === 3 ? 200 : 500 });
      await happens();
    }
    expect((await listed(made.as))[0]).toMatchObject({ status: 'ENABLED' });
  });
});

it('400 request.cursor_invalid for a cursor of another webhook', async () => {
  const made = await added();
  const answered = await call(webhooksContract, 'deliveries', {
    as: made.as,
    params: { webhookId: made.webhookId },
    query: { cursor: 'x' },
  });
  expect(told(answered)).toBe('400 request.cursor_invalid');
});
