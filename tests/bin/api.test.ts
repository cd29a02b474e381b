import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openApi } from '../../bin/tools/api.ts';
import { Stop } from '../../bin/tools/stop.ts';

interface Said {
  status: number;
  headers?: Record<string, string>;
  body?: object;
}

let server: Server | undefined;
afterEach(() => server?.close());

/** An API that gives tokens 1, 2, 3 … and answers everything else by what `says` says of the token and the try. */
async function answering(says: (token: string, asked: number) => Said) {
  const seen = { tokens: 0, asked: 0, waits: [] as number[], types: [] as unknown[] };
  server = createServer((request, response) => {
    request.resume();
    const reply = ({ status, headers = {}, body = {} }: Said) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (request.url === '/v1/auth/token') {
      seen.tokens += 1;
      return void reply({ status: 200, body: { access_token: String(seen.tokens) } });
    }
    seen.asked += 1;
    seen.types.push(request.headers['content-type']);
    return void reply(says(request.headers.authorization?.split(' ')[1] ?? '', seen.asked));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const wait = async (ms: number) => void seen.waits.push(ms);
  const { port } = server.address() as AddressInfo;
  const api = openApi({ api: `http://127.0.0.1:${port}`, clientId: 'c', clientSecret: 's', wait });
  return { seen, api, post: () => api.call('POST', '/v1/purchases', { key: 'k', body: {} }) };
}

describe('an API that is called as a till calls it', () => {
  it('is asked again when it says "later", after the time that it says', async () => {
    const headers = { 'retry-after': '7' };
    const { seen, post } = await answering((_, asked) =>
      asked < 3 ? { status: [429, 503][asked - 1] ?? 0, headers } : { status: 201 },
    );
    expect((await post()).status).toBe(201);
    expect(seen.waits).toEqual([7_000, 7_000]);
  });

  it('is asked eight times and no more, and then the import stops with a sentence', async () => {
    const { seen, post } = await answering(() => ({ status: 503, headers: { 'retry-after': '86400' } }));
    await expect(post()).rejects.toThrow(/did not serve 8 tries \(503 .*start again when it does\.$/);
    expect([seen.asked, seen.waits]).toEqual([8, Array(7).fill(60_000)]);
  });

  it('has three tries where it fails by itself; then that is its answer', async () => {
    const { seen, post } = await answering(() => ({ status: 500, body: { code: 'request.failed' } }));
    expect([(await post()).body.code, seen.asked]).toEqual(['request.failed', 3]);
  });

  it('that nobody serves stops the import', async () => {
    const api = openApi({ api: 'http://127.0.0.1:9', clientId: 'c', clientSecret: 's', wait: async () => undefined });
    await expect(api.call('GET', '/v1/purchases/1')).rejects.toBeInstanceOf(Stop);
  });

  it('gives one new token for all when the old one has run out', async () => {
    const { seen, post } = await answering((token) => ({ status: token === '1' ? 401 : 201 }));
    const answers = await Promise.all(Array.from({ length: 6 }, () => post()));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(seen.tokens).toBe(2);
  });

  it.each([401, 403])('that lets nobody in (%i) stops the import', async (status) => {
    const { post } = await answering(() => ({ status }));
    await expect(post()).rejects.toThrow(/does not let c in/);
  });

  it('is sent an object as JSON, and a text as CSV', async () => {
    const { seen, api } = await answering(() => ({ status: 200 }));
    await api.call('POST', '/v1/grants', { key: 'a', body: 'phone,points' });
    await api.call('POST', '/v1/purchases', { key: 'b', body: {} });
    await api.call('GET', '/v1/purchases/1');
    expect(seen.types).toEqual(['text/csv', 'application/json', undefined]);
  });

  it('says whether it has known it before', async () => {
    const { post } = await answering(() => ({ status: 201, headers: { 'idempotency-replayed': 'true' } }));
    expect((await post()).replayed).toBe(true);
  });
});
