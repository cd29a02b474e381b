import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { handler as authorizer } from '../../functions/authorizer/clients.ts';
import { authContract, loginCodesContract } from '../../shared/auth/contract.ts';
import { checkCode, newCode, turnOf } from '../../shared/auth/login-codes.ts';
import type { LoginCode } from '../../shared/auth/store.ts';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/table/keys.ts';
import { asTill, call, contextWith } from '../support/call.ts';
import { codeFor, loggedIn, logIn, wrong } from '../support/logins.ts';
import { clock, inbox, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { allItems } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const after = (ms: number) => clock(new Date(Date.parse(START) + ms).toISOString());
afterEach(() => {
  clock(START);
  vi.stubEnv('SMS_SECRET', 'sms');
  vi.stubEnv('SMS_LOGIN_TEMPLATE', 'login');
  vi.stubEnv('SMS_PROVIDER', 'tencent');
  vi.stubEnv('SMS_APP_ID', '1400000000');
});

const send = (phone: string) => call(loginCodesContract, 'send', { body: { phone } });
const told = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${body.code as string}`;

describe('POST /v1/auth/codes', () => {
  it('202 sends six digits and says how long they count', async () => {
    const phone = somePhone();
    const { status, body } = await send(phone);
    const codeId = expect.stringMatching(/^cod_/);
    expect([status, body]).toEqual([202, { codeId, expiresInSeconds: 300, resendAfterSeconds: 60 }]);
    const message = inbox.findLast(({ to }) => to === `+86${phone}`);
    expect(message?.params[0]).toMatch(/^\d{6}$/);
    expect(message?.text).toContain(message?.params[0]);
  });

  it('202 alike for a member and for a stranger', async () => {
    const known = somePhone();
    await loggedIn(known);
    after(60_000);
    const [one, other] = [await send(known), await send(somePhone())];
    expect([one.status, { ...one.body, codeId: '' }]).toEqual([other.status, { ...other.body, codeId: '' }]);
  });

  it('429 auth.code_too_soon within a minute, in either form of the phone; then again 202', async () => {
    const phone = somePhone();
    await codeFor(phone);
    after(59_999);
    const { status, body, headers } = await send(`+86${phone}`);
    expect([status, body.code, headers['retry-after']]).toEqual([429, 'auth.code_too_soon', '1']);
    after(60_000);
    expect((await send(phone)).status).toBe(202);
  });

  it('202 five times an hour and ten times a day, and says when to come back', async () => {
    const [phone, MINUTE, HOUR] = [somePhone(), 60_000, 3_600_000];
    const at = async (ms: number) => {
      after(ms);
      const { status, body, headers } = await send(phone);
      return [status, Number(headers['retry-after'] ?? body.resendAfterSeconds)];
    };
    for (let i = 0; i < 4; i += 1) expect(await at(i * MINUTE)).toEqual([202, 60]);
    expect(await at(4 * MINUTE)).toEqual([202, 56 * 60]);
    expect(await at(5 * MINUTE)).toEqual([429, 55 * 60]);
    for (let i = 0; i < 4; i += 1) expect(await at(HOUR + i * MINUTE)).toEqual([202, 60]);
    expect(await at(HOUR + 4 * MINUTE)).toEqual([202, 23 * 3_600 - 4 * 60]);
    expect(await at(24 * HOUR - 1)).toEqual([429, 1]);
    expect(await at(24 * HOUR)).toEqual([202, 60]);
  });

  it('202 once of 20 at once', async () => {
    const phone = somePhone();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(phone)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'auth.code_too_soon')).toHaveLength(19);
    expect(inbox.filter(({ to }) => to === `+86${phone}`)).toHaveLength(1);
  });

  it.each([
    ['a mainland number', somePhone(), undefined],
    ['a number abroad', '+85291234567', '+85291234567'],
  ])('202 by Aliyun to %s', async (_, phone, e164 = `+86${phone}`) => {
    vi.stubEnv('SMS_PROVIDER', 'aliyun');
    vi.stubEnv('SMS_APP_ID', undefined);
    expect((await send(phone)).status).toBe(202);
    const message = inbox.findLast(({ to }) => to === e164);
    expect(message?.params).toEqual([expect.stringMatching(/^\d{6}$/), '5']);
    expect(message?.text).toContain(`【积分商城】您的验证码是${message?.params[0]}，`);
  });

  it.each([
    ['Tencent does not know us', 'tencent', 'SMS_SECRET', 'revoked-sms'],
    ['Tencent does not take the template', 'tencent', 'SMS_LOGIN_TEMPLATE', 'unapproved'],
    ['Aliyun does not know us', 'aliyun', 'SMS_SECRET', 'revoked-sms'],
    ['Aliyun does not take the template', 'aliyun', 'SMS_LOGIN_TEMPLATE', 'unapproved'],
    ['Aliyun is not there', 'aliyun', 'SMS_ENDPOINT', 'http://127.0.0.1:1'],
  ])('503 auth.code_not_sent when %s', async (_, provider, setting, value) => {
    vi.stubEnv('SMS_PROVIDER', provider);
    const endpoint = process.env['SMS_ENDPOINT'];
    vi.stubEnv(setting, value);
    onTestFinished(() => void vi.stubEnv('SMS_ENDPOINT', endpoint));
    const { status, body, headers } = await send(somePhone());
    expect([status, body.code]).toEqual([503, 'auth.code_not_sent']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('POST /v1/auth/sessions', () => {
  it('201 registers the first time, and is the same member the second', async () => {
    const phone = somePhone();
    const first = await loggedIn(phone);
    after(60_000);
    const second = await loggedIn(`+86${phone}`);
    expect([first.firstVisit, second.firstVisit]).toEqual([true, false]);
    expect(second.memberId).toBe(first.memberId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
  });

  it('201 gives a token that opens the door', async () => {
    const { memberId, accessToken } = await loggedIn(somePhone());
    const asked = { identitySource: [`Bearer ${accessToken}`] } as unknown as Parameters<typeof authorizer>[0];
    const { context } = await authorizer(asked, contextWith());
    expect(context).toMatchObject({ kind: 'member', id: memberId });
    expect((await call(membersContract, 'me', { as: context })).status).toBe(200);
  });

  it('401 auth.code_invalid for a wrong code; the right one still counts', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    for (let tries = 0; tries < 4; tries += 1)
      expect(told(await logIn(phone, wrong(code)))).toBe('401 auth.code_invalid');
    expect((await logIn(phone, code)).status).toBe(201);
  });

  it('401 auth.code_invalid for the right code after five wrong ones', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    for (let tries = 0; tries < 5; tries += 1) await logIn(phone, wrong(code));
    expect(told(await logIn(phone, code))).toBe('401 auth.code_invalid');
    after(60_000);
    expect((await logIn(phone, await codeFor(phone))).status).toBe(201);
  });

  it('401 auth.code_invalid after 40 wrong ones at once', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    const answers = await Promise.all(Array.from({ length: 40 }, () => logIn(phone, wrong(code))));
    expect(new Set(answers.map(told))).toEqual(new Set(['401 auth.code_invalid']));
    expect(told(await logIn(phone, code))).toBe('401 auth.code_invalid');
  });

  it('looks at no more than five of 1,000 guesses at once, the right one among them', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    const guesses = Array.from({ length: 1_000 }, (_, i) =>
      String((Number(code) + 500 - i + 1e6) % 1e6).padStart(6, '0'),
    );
    const answers = await Promise.all(guesses.map((guess) => logIn(phone, guess)));
    const { pk } = keys.loginCode(await lookup('PHONE', `+86${phone}`));
    const { triesLeft = -1, usedAt = 0 } = ((await allItems()).find((item) => item.pk === pk) ??
      {}) as Partial<LoginCode>;
    expect(triesLeft).toBeGreaterThanOrEqual(0);
    const hits = answers.filter(({ status }) => status === 201).length;
    expect(hits).toBe(usedAt === 0 ? 0 : 1);
    if (hits === 0) expect(triesLeft).toBe(0);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(['401 auth.code_invalid', '503 request.busy']).toContain(told(answer));
    }
    expect(told(await logIn(phone, code))).toBe('401 auth.code_invalid');
  });

  it('201 for the request that the code was sent for; for another it costs no try', async () => {
    const phone = somePhone();
    const { body } = await send(phone);
    const code = inbox.findLast(({ to }) => to === `+86${phone}`)?.params[0] ?? '';
    const codeId = body.codeId as string;
    const give = (given: string) => call(authContract, 'logIn', { body: { phone, code, codeId: given } });
    const other = `cod_${'0'.repeat(26)}`;
    for (let i = 0; i < 6; i += 1) expect(told(await give(other))).toBe('401 auth.code_invalid');
    expect((await give(codeId)).status).toBe(201);
  });

  it('401 auth.code_invalid for a code that was sent for something else', async () => {
    const phone = somePhone();
    const { code } = await newCode(await turnOf(`+86${phone}`), 'STEP_UP');
    expect(told(await logIn(phone, code))).toBe('401 auth.code_invalid');
    await checkCode({ phone: `+86${phone}`, code }, 'STEP_UP');
  });

  it('201 exactly once of 20 at once with the right code', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(phone, code)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => told(answer) === '401 auth.code_invalid')).toHaveLength(19);
  });

  it('401 auth.code_invalid from the fifth minute on', async () => {
    const [early, late] = [somePhone(), somePhone()];
    const [earlyCode, lateCode] = [await codeFor(early), await codeFor(late)];
    after(299_999);
    expect((await logIn(early, earlyCode)).status).toBe(201);
    after(300_000);
    expect(told(await logIn(late, lateCode))).toBe('401 auth.code_invalid');
  });

  it('401 auth.code_invalid for a code that was never sent, was sent to another, or was followed by a newer one', async () => {
    const [phone, other] = [somePhone(), somePhone()];
    expect(told(await logIn(phone, '000000'))).toBe('401 auth.code_invalid');
    const code = await codeFor(phone);
    const otherCode = await codeFor(other);
    if (code !== otherCode) expect(told(await logIn(other, code))).toBe('401 auth.code_invalid');
    after(60_000);
    const newer = await codeFor(phone);
    if (newer !== code) expect(told(await logIn(phone, code))).toBe('401 auth.code_invalid');
    expect((await logIn(phone, newer)).status).toBe(201);
  });

  it.each(['12345', '1234567', '12345a', '１２３４５６', ' 123456', ''])(
    '400 request.invalid for the code %j',
    async (code) => {
      expect(told(await logIn(somePhone(), code))).toBe('400 request.invalid');
    },
  );

  it('201 is one member with the purchases of tills that came at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const phone = somePhone();
      const code = await codeFor(phone);
      const buy = (i: number) =>
        call(earningContract, 'report', {
          as: asTill(),
          body: { number: `R-${phone}-${i}`, amountFen: 10_000, member: { phone } },
        });
      const answers = await Promise.all([logIn(phone, code), buy(1), buy(2), buy(3)]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(new Set(answers.map(({ body }) => body.memberId)).size).toBe(1);
    }
  });
});

describe('the table', () => {
  it('has no phone, code or refresh token in clear', async () => {
    const phone = somePhone();
    const code = await codeFor(phone);
    const { body } = await logIn(phone, code);
    const secret = (body.refreshToken as string).split('.')[2] ?? '';
    const items = (await allItems()).filter(({ type }) => type !== 'entry');
    const text = JSON.stringify(items);
    for (const kind of ['member', 'identity', 'session', 'login-code']) expect(text).toContain(`"type":"${kind}"`);
    for (const clear of [phone, phone.slice(3), secret, Buffer.from(phone).toString('base64').slice(0, 12)]) {
      expect(text).not.toContain(clear);
    }
    expect(text).not.toContain(`"${code}"`);
  });
});
