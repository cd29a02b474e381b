import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { apiClient } from '../../bin/tools/api-client.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

/** An API that gives out tokens and answers each further request with the next of these statuses. */
async function api(statuses: number[], tokens = 200) {
  const seen: string[] = [];
  let given = 0;
  server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`.replace(/Basic .*/, 'Basic'));
    const isToken = request.url === '/v1/auth/token';
    const status = isToken ? tokens : (statuses.shift() ?? 200);
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
    given += isToken ? 1 : 0;
    response.end(
      JSON.stringify(
        isToken && status === 200
          ? { access_token: `t${given}`, expires_in: 3_600 }
          : { error: 'invalid_client', status },
      ),
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, client: apiClient({ api: `http://127.0.0.1:${port}`, clientId: 'c', clientSecret: 's' }) };
}

const ask = { method: 'POST', path: '/v1/x', body: 'a' };

describe('the client of the tools', () => {
  it('asks for a token once, and uses it', async () => {
    const { client, seen } = await api([200, 404]);
    expect((await client.send(ask)).status).toBe(200);
    expect((await client.send(ask)).status).toBe(404);
    expect(seen).toEqual(['/v1/auth/token Basic', '/v1/x Bearer t1', '/v1/x Bearer t1']);
  });

  it('asks again while the API is busy, and takes a new token once when the old one has died', async () => {
    const { client, seen } = await api([503, 429, 401, 200]);
    expect((await client.send(ask)).status).toBe(200);
    expect(seen.at(-1)).toBe('/v1/x Bearer t2');
    expect(seen).toHaveLength(6);
  });

  it('gives the refusal out when a new token does not help, and says so when there is none', async () => {
    const refused = await api([401, 401]);
    expect((await refused.client.send(ask)).status).toBe(401);
    const { client } = await api([], 401);
    await expect(client.send(ask)).rejects.toThrow(/c gets no token from http.*: invalid_client/);
  });
});
