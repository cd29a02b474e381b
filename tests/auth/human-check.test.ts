import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Request } from '../../infra/local/http-event.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { logger } from '../../shared/platform/logger.ts';
import { type Called, call } from '../support/call.ts';
import { inbox, openMall, SECRETS } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';

openMall();

/** Somebody who can tell: `solved` was solved once, and each is good for one question. */
const used = new Set<string>();
let answers: (body: URLSearchParams) => { status: number; says: string };
const siteverify = (body: URLSearchParams) => {
  const token = body.get('response') ?? '';
  const success = body.get('secret') === 'captcha-key' && token.startsWith('solved') && !used.has(token);
  used.add(token);
  return { status: 200, says: JSON.stringify({ success, 'error-codes': success ? [] : ['timeout-or-duplicate'] }) };
};

let provider: HttpServer;
const asked: Request[] = [];
beforeAll(async () => {
  const answer = async (request: Request) => {
    asked.push(request);
    const { status, says } = answers(new URLSearchParams(request.body.toString()));
    return {
      statusCode: status,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(says),
    };
  };
  provider = await serve({ port: 0, maxBodyBytes: 10_000, answer, complain: (line) => console.error(line) });
  Object.assign(SECRETS, { 'with-captcha': SECRETS.sms.replace('}', ',"humanCheckSecret":"captcha-key"}') });
});
afterAll(() => provider.stop());
afterEach(() => {
  asked.length = 0;
  vi.stubEnv('HUMAN_CHECK_URL', undefined);
  vi.stubEnv('SMS_SECRET', 'sms');
  vi.restoreAllMocks();
});

const send = (phone: string, humanCheck?: string) =>
  call(loginCodesContract, 'send', { body: { phone, ...(humanCheck !== undefined && { humanCheck }) } });
const told = ({ status, body }: Called) => [status, body.code];
const sentTo = (phone: string) => inbox.filter(({ to }) => to === `+86${phone}`).length;

function configured(how = siteverify): void {
  answers = how;
  vi.stubEnv('HUMAN_CHECK_URL', `${provider.url}/siteverify`);
  vi.stubEnv('SMS_SECRET', 'with-captcha');
}

describe('a human check', () => {
  it('is asked for nowhere but where the stage has one', async () => {
    expect(told(await send(somePhone()))).toEqual([202, undefined]);
    expect(told(await send(somePhone(), 'whatever'))).toEqual([202, undefined]);
    expect(asked).toEqual([]);
  });

  it('403 auth.human_check without one, for one that was not solved, and for one that was used', async () => {
    configured();
    const phone = somePhone();
    expect(told(await send(phone))).toEqual([403, 'auth.human_check']);
    expect(told(await send(phone, 'made-up'))).toEqual([403, 'auth.human_check']);
    expect(sentTo(phone)).toBe(0);
    expect(told(await send(phone, 'solved-1'))).toEqual([202, undefined]);
    expect(sentTo(phone)).toBe(1);
    expect(told(await send(somePhone(), 'solved-1'))).toEqual([403, 'auth.human_check']);
    expect(asked.at(-1)?.body.toString()).not.toContain(phone);
  });

  it.each([
    ['fails', { status: 500, says: '{"success":true}' }],
    ['says something else', { status: 200, says: '{"result":"ok"}' }],
    ['sends elsewhere', { status: 302, says: '' }],
  ])('503 auth.code_not_sent when who can tell %s', async (_, answer) => {
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    configured(() => answer);
    const phone = somePhone();
    expect(told(await send(phone, 'solved-2'))).toEqual([503, 'auth.code_not_sent']);
    expect(sentTo(phone)).toBe(0);
  });
});
