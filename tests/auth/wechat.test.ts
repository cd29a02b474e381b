import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { providerCode } from '../../infra/local/provider-codes.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { logger } from '../../shared/platform/logger.ts';
import { call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { allItems, cancelled, trouble } from '../support/table.ts';

openMall();

const codeOf = (person: string, at = Date.now()) => providerCode(person, at);
const wechat = (code: string) =>
  call(identitiesContract, 'wechat', { body: { code, device: { platform: 'MINI_PROGRAM' } } });
const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${(body.code as string | undefined) ?? ''}`.trim();
const conflicts = () => cancelled('TransactionConflict');
const endpoint = () => process.env.WECHAT_ENDPOINT ?? '';

let doubles = '';
afterEach(() => {
  if (doubles) vi.stubEnv('WECHAT_ENDPOINT', doubles);
  vi.stubEnv('WECHAT_APP_ID', 'wx-test');
  vi.stubEnv('PROVIDERS_SECRET', 'providers');
});

describe('POST /v1/auth/sessions/wechat', () => {
  it('201 makes a member in one tap, without a phone, and knows them again', async () => {
    const first = await wechat(codeOf('anna'));
    const second = await wechat(codeOf('anna'));
    expect([first.status, first.body.firstVisit, second.status, second.body.firstVisit]).toEqual([
      201,
      true,
      201,
      false,
    ]);
    expect(second.body.memberId).toBe(first.body.memberId);
    expect(first.body.refreshToken).toMatch(/^mem_/);
  });

  it('201 for somebody without a unionid, who gets it bound when WeChat gives one', async () => {
    const { body } = await wechat(codeOf('alone_bob'));
    const mine = (await allItems()).filter(({ type, memberId }) => type === 'identity' && memberId === body.memberId);
    expect(mine.map(({ kind }) => kind)).toEqual(['WECHAT_OPENID']);
  });

  it('201 is the same member in another app of the same account, by the unionid', async () => {
    const one = await wechat(codeOf('carl'));
    await inAnotherApp(async () => {
      const other = await wechat(codeOf('carl'));
      expect([other.status, other.body.firstVisit, other.body.memberId]).toEqual([201, false, one.body.memberId]);
    });
    const mine = (await allItems()).filter(
      ({ type, memberId }) => type === 'identity' && memberId === one.body.memberId,
    );
    expect(mine.map(({ kind }) => String(kind)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'WECHAT_OPENID',
      'WECHAT_OPENID',
      'WECHAT_UNIONID',
    ]);
  });

  it('201 for 10 at once are one member', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => wechat(codeOf('dora'))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.memberId)).size).toBe(1);
    expect(answers.filter(({ body }) => body.firstVisit)).toHaveLength(1);
  });

  it('keeps what WeChat told only sealed and by digest, and logs none of it', async () => {
    const lines: string[] = [];
    const spies = (['info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(logger, level).mockImplementation((...said) => void lines.push(JSON.stringify(said))),
    );
    const asked = vi.spyOn(globalThis, 'fetch');
    const code = codeOf('erna');
    await wechat(code);
    const [url = ''] = asked.mock.calls.map(([to]) => (to as URL).href);
    const { openid, unionid } = (await (await fetch(url.replace(code, codeOf('erna')))).json()) as {
      openid: string;
      unionid: string;
    };
    await wechat(code);
    const kept = JSON.stringify(await allItems());
    for (const word of [openid, unionid, code, 'wechat-test']) {
      expect(word.length).toBeGreaterThan(8);
      expect(kept).not.toContain(word);
      expect(lines.join('\n')).not.toContain(word);
    }
    for (const spy of [...spies, asked]) spy.mockRestore();
  });

  it.each([
    ['a code that was used', () => usedCode(), '401 auth.provider_code_invalid'],
    ['a code of six minutes ago', async () => codeOf('fred', Date.now() - 360_000), '401 auth.provider_code_invalid'],
    ['what is no code', async () => 'x', '401 auth.provider_code_invalid'],
    ['a busy WeChat (-1)', async () => codeOf('busy'), '503 auth.provider_busy'],
    ['a spent quota (45011)', async () => codeOf('limited'), '503 auth.provider_busy'],
    ['what is not even text', async () => '', '400 request.invalid'],
  ])('refuses %s, and nothing is written', async (_, code, refusal) => {
    const given = await code();
    const before = await allItems();
    const answer = await wechat(given);
    expect(told(answer)).toBe(refusal);
    if (answer.status === 503) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await allItems()).toEqual(before);
  });

  it('503 auth.provider_busy when WeChat does not know us, is broken, endless, far away or silent', async () => {
    doubles = endpoint();
    vi.stubEnv('WECHAT_APP_ID', 'wx-unknown');
    expect(told(await wechat(codeOf('greta')))).toBe('503 auth.provider_busy');
    vi.stubEnv('WECHAT_APP_ID', 'wx-test');
    vi.stubEnv('WECHAT_ENDPOINT', 'http://127.0.0.1:9');
    expect(told(await wechat(codeOf('greta')))).toBe('503 auth.provider_busy');
    const others: Parameters<typeof createServer>[1][] = [
      (_, response) => void response.writeHead(500).end('{}'),
      (_, response) => void response.end('<html>'),
      (_, response) => void response.end('x'.repeat(100_000)),
      (_, response) => void response.writeHead(302, { location: doubles }).end(),
      () => {},
    ];
    for (const answers of others) {
      await servedBy(answers, async (url) => {
        vi.stubEnv('WECHAT_ENDPOINT', url);
        expect(told(await wechat(codeOf('greta')))).toBe('503 auth.provider_busy');
      });
    }
  });

  it('503 while the table is, and no half a member', async () => {
    const met = trouble(conflicts);
    expect(told(await wechat(codeOf('hans')))).toBe('503 request.busy');
    met.mockRestore();
    expect((await wechat(codeOf('hans'))).body.firstVisit).toBe(true);
  });
});

async function usedCode() {
  const code = codeOf('used');
  expect((await wechat(code)).status).toBe(201);
  return code;
}

async function servedBy(answers: Parameters<typeof createServer>[1], act: (url: string) => Promise<void>) {
  const server = createServer({}, answers).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

/** While WeChat knows us as another app. */
async function inAnotherApp(act: () => Promise<void>) {
  vi.stubEnv('WECHAT_APP_ID', 'wx-other');
  await act();
  vi.stubEnv('WECHAT_APP_ID', 'wx-test');
}
