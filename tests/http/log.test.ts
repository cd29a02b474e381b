import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.hoisted(() => {
  // As in the cloud: one line each, and what was refused is told.
  process.env['POWERTOOLS_DEV'] = 'false';
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
});

import { authContract } from '../../shared/auth/contract.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { asMember, asStaff, asTill, type CallOptions, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { trouble } from '../support/table.ts';

const AT = '2026-11-23T04:00:00.000Z';
openMall({ at: AT });

let written = '';
beforeEach(() => {
  clock(AT);
  written = '';
  for (const out of [process.stdout, process.stderr])
    vi.spyOn(out, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What the log says: every line of it must be one record of ours. */
const lines = () =>
  written
    .split(/[\n\r\u2028\u2029]/)
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const FORGED = '{"level":"INFO","message":"refused","code":"forged"}';
const BREAKS = ['\n', '\r\n', '\r', '\u2028', '\u0085', '\\n', '"}\n', '\u001b[2K\r', '\u0000\n'];

const form = (fields: Record<string, string>): CallOptions => ({
  rawBody: new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

describe('what the log tells of a refusal', () => {
  it.each([
    ['auth.forbidden', asTill('x'), 'partner:till-1'],
    ['auth.forbidden', asMember('mem_1'), 'member:mem_1'],
    ['request.invalid', asStaff('catalog.write'), 'staff:staff-1'],
    ['auth.token_expired', { problem: 'auth.token_expired' }, undefined],
    ['auth.token_missing', undefined, undefined],
  ])('%s: who, what and when', async (code, as, who) => {
    await call(catalogContract, 'create', { as, body: { name: 7 } });
    expect(lines()).toEqual([
      expect.objectContaining({
        message: 'refused',
        route: 'POST /v1/products',
        code,
        ...(who && { who }),
        timestamp: AT,
        requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      }),
    ]);
    expect('who' in (lines()[0] ?? {})).toBe(who !== undefined);
  });

  it('a wrong secret of a client, and never the secret', async () => {
    const { body } = await call(partnersContract, 'token', form({ client_id: 'till-7', client_secret: 'hush-hush' }));
    expect(body).toEqual({ error: 'invalid_client' });
    expect(lines()).toMatchObject([{ message: 'refused', code: 'invalid_client', who: 'till-7', timestamp: AT }]);
    expect(written).not.toContain('hush');
  });

  it('a failure of ours with its cause, of which the caller learns nothing', async () => {
    const error = Object.assign(new Error(`secret of the house\n${FORGED}`), { name: 'Odd\nError' });
    trouble(() => error, { all: true });
    const params = { productId: 'prd_00000000000000000000000000' };
    const { status, body } = await call(catalogContract, 'read', { params });
    expect([status, body.code]).toEqual([500, 'request.failed']);
    expect(Object.keys(body).toSorted()).toEqual(['code', 'instance', 'status', 'title', 'type']);
    expect(JSON.stringify(body)).not.toMatch(/secret|forged/);
    expect(lines()).toMatchObject([{ message: 'failed', level: 'ERROR' }]);
    expect(written).toContain('secret of the house');
  });
});

describe('what a caller writes', () => {
  it.each(BREAKS)('forges no line of the log with %j', async (end) => {
    const text = `x${end}${FORGED}`;
    await call(partnersContract, 'token', form({ client_id: text, client_secret: text, scope: text }));
    await call(catalogContract, 'create', { as: asStaff('catalog.write'), body: { [text]: text } });
    await call(authContract, 'logIn', { body: { phone: text, code: text } });
    await call(catalogContract, 'read', { params: { productId: text }, headers: { 'accept-language': text } });
    expect(lines().map(({ code }) => code)).toEqual([
      'invalid_client',
      'request.invalid',
      'request.invalid',
      'request.invalid',
    ]);
  });

  it('fills no log', async () => {
    await call(partnersContract, 'token', form({ client_id: 'x'.repeat(60_000) }));
    expect(written.length).toBeGreaterThan(100);
    expect(written.length).toBeLessThan(1_000);
  });
});
