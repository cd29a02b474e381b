import { createServer, type Server } from 'node:http';
import * as net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isPublic, post, wrongWith } from '../../shared/providers/outbound.ts';

const names = vi.hoisted(() => ({ hosts: {} as Record<string, string[][]>, asked: [] as string[] }));
vi.mock('node:dns/promises', () => ({
  lookup: async (host: string) => {
    names.asked.push(host);
    const answers = names.hosts[host] ?? [];
    const now = answers.length > 1 ? answers.shift() : answers[0];
    return (now ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
}));

describe('an address', () => {
  it.each([
    ['8.8.8.8', true],
    ['2001:4860:4860::8888', true],
    ['::ffff:8.8.8.8', true],
    ['10.1.2.3', false],
    ['172.31.255.255', false],
    ['192.168.0.1', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['100.127.255.255', false],
    ['0.0.0.0', false],
    ['192.0.0.8', false],
    ['192.0.2.1', false],
    ['198.19.0.1', false],
    ['203.0.113.9', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['fe80::1', false],
    ['fc00::1', false],
    ['fdff::1', false],
    ['ff02::1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['64:ff9b::10.0.0.1', false],
    ['2002:7f00:1::', false],
    ['2001:db8::1', false],
    ['no address', false],
  ])('%s is public: %s', (address, is) => {
    expect(isPublic(address)).toBe(is);
  });

  it.each([
    [[['93.184.215.14']], undefined],
    [[['93.184.215.14', '10.0.0.1']], 'leads to where not all the world comes'],
    [[['10.0.0.1', '93.184.215.14']], 'leads to where not all the world comes'],
    [[['93.184.215.14', '::1']], 'leads to where not all the world comes'],
    [[[]], 'has no host that is known'],
  ])('whose host is at %j: %s', async (answers, wrong) => {
    names.hosts['shop.example'] = answers;
    expect(await wrongWith('https://shop.example/hook')).toBe(wrong);
  });
});

type Lookup = (host: string, options: { all: true }, found: (error: null, all: unknown) => void) => void;

describe('a post', () => {
  let server: Server;
  let port = 0;
  let arrived = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      arrived += 1;
      response.end('ok');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    port = (server.address() as net.AddressInfo).port;
  });
  afterAll(() => void server.close());

  it('calls what it judged: a name that turns to this machine once it was judged leads there no more', async () => {
    const connected = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket) {
      queueMicrotask(() => this.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })));
      return this;
    });
    names.hosts['turning.example'] = [['93.184.215.14'], ['127.0.0.1']];
    names.asked.length = 0;
    expect(await post(`https://turning.example:${port}/`, { headers: {}, body: '' })).toBe('ECONNREFUSED');
    const [options] = [connected.mock.calls[0]?.[0]].flat() as unknown as [{ lookup: Lookup; host: string }];
    connected.mockRestore();
    const found = await new Promise((called) => {
      options.lookup(options.host, { all: true }, (_, all) => called(all));
    });
    expect([names.asked, found]).toEqual([['turning.example'], [{ address: '93.184.215.14', family: 4 }]]);
    expect(await post(`https://turning.example:${port}/`, { headers: {}, body: '' })).toMatch(/not all the world/);
    expect(arrived).toBe(0);
  });
});
