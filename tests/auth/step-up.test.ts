import { beforeEach, describe, expect, it } from 'vitest';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, call } from '../support/call.ts';
import {
  asSession,
  byWechat,
  changePhone,
  codeFor,
  later,
  loggedIn,
  logIn,
  type Session,
  stepUpCodeFor,
  vouch,
  wrong,
} from '../support/logins.ts';
import { inbox, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems } from '../support/table.ts';

openMall();

const NO = '401 auth.step_up_invalid';
/** All items but those that say what codes are under way. */
const ofMembers = async () => (await allItems()).filter(({ type }) => type !== 'login-code');

let [old, fresh] = ['', ''];
let session: Session;

/** Somebody with a phone, who has another one as well and was sent nothing for a minute. */
beforeEach(async () => {
  [old, fresh] = [somePhone(), somePhone()];
  session = await loggedIn(old);
  later();
});

const ask = (memberId: string) => call(loginCodesContract, 'sendStepUp', { as: asMember(memberId) });

describe('POST /v1/me/step-up/codes', () => {
  it('202 sends a code to the phone that the member has, and says which, masked', async () => {
    const { status, body } = await ask(session.memberId);
    const codeId = expect.stringMatching(/^cod_/) as string;
    const phone = `+86138****${old.slice(-4)}`;
    expect([status, body]).toEqual([202, { codeId, expiresInSeconds: 300, resendAfterSeconds: 60, phone }]);
    expect(inbox.at(-1)?.to).toBe(`+86${old}`);
  });

  it('429 auth.code_too_soon as at the login, whatever the code before was for', async () => {
    await codeFor(old);
    expect(told(await ask(session.memberId))).toBe('429 auth.code_too_soon');
  });

  it('429 auth.code_budget as at the login, by the device that asks', async () => {
    const body = { deviceId: 'device-0123456789' };
    const send = () => call(loginCodesContract, 'send', { body: { phone: somePhone(), ...body } });
    for (let i = 0; i < 6; i += 1) expect((await send()).status).toBe(202);
    expect(told(await call(loginCodesContract, 'sendStepUp', { as: asSession(session), body }))).toBe(
      '429 auth.code_budget',
    );
  });

  it('409 members.phone_missing to a member without a phone, 410 to one erased, 404 to nobody', async () => {
    const { memberId } = await byWechat('nora');
    const answer = await ask(memberId);
    expect([told(answer), answer.body.title]).toEqual(['409 members.phone_missing', expect.stringContaining('绑定')]);
    await call(privacyContract, 'erase', { as: asMember(memberId), body: { confirm: 'ERASE' } });
    expect(told(await ask(memberId))).toBe('410 members.erased');
    expect(told(await ask('mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E'))).toBe('404 members.not_found');
  });

  it('a code for a step-up logs nobody in, and binds no phone', async () => {
    const code = await stepUpCodeFor(session, old);
    expect(told(await logIn(old, code))).toBe('401 auth.code_invalid');
    const as = asMember((await byWechat('olga')).memberId);
    const body = { phone: old, code };
    expect(told(await call(identitiesContract, 'phone', { as, body }))).toBe('401 auth.code_invalid');
  });
});

describe('a step-up', () => {
  /** All that a change takes. */
  const wish = async () => ({
    phone: fresh,
    code: await codeFor(fresh),
    stepUp: { code: await stepUpCodeFor(session, old) },
  });

  it('400 request.invalid names the field that the way which was meant has not', async () => {
    const session = await loggedIn(somePhone());
    const stepUp = { provider: 'OIDC', code: 'abc', nonce: 'n'.repeat(22) };
    const { status, body } = await changePhone(session, { phone: somePhone(), code: '123456', stepUp });
    expect([status, (body.errors as { path: string }[]).map(({ path }) => path)]).toEqual([
      400,
      ['stepUp.codeVerifier'],
    ]);
  });

  it('401 auth.step_up_invalid, alike whatever was wrong of it, and nothing is changed', async () => {
    await byWechat('rosa');
    const bound = { provider: 'QQ', code: vouch('sara') };
    await call(identitiesContract, 'bind', { as: asMember(session.memberId), body: bound });
    const other = await call(loginCodesContract, 'send', { body: { phone: somePhone() } });
    const good = await wish();
    const before = await ofMembers();
    const shown = [
      { code: wrong(good.stepUp.code) },
      { code: good.stepUp.code, codeId: other.body.codeId },
      { provider: 'WECHAT', code: 'nonsense' },
      { provider: 'WECHAT', code: vouch('rosa') },
      { provider: 'ALIPAY', code: vouch('tanja') },
      // Bound a moment ago: whoever has just got in could have done that.
      { provider: 'QQ', code: vouch('sara') },
    ];
    const answers = [];
    for (const [i, stepUp] of shown.entries()) {
      // The new phone's code has five tries, and being told of a step-up costs one.
      if (i === 3) {
        later();
        good.code = await codeFor(fresh);
      }
      answers.push(await changePhone(session, { ...good, stepUp }));
    }
    expect(answers.map(told)).toEqual(shown.map(() => NO));
    expect(new Set(answers.map(({ body }) => body.title))).toHaveLength(1);
    expect(await ofMembers()).toEqual(before);
    expect((await changePhone(session, good)).status).toBe(200);
  });

  it('by a code of a login is none, and a code of a step-up shows no new phone', async () => {
    const code = await codeFor(old);
    const body = { phone: fresh, code: await codeFor(fresh), stepUp: { code } };
    expect(told(await changePhone(session, body))).toBe(NO);
    later();
    const stepUp = { code: await stepUpCodeFor(session, old) };
    expect(told(await changePhone(session, { ...body, code: stepUp.code, stepUp }))).toBe('401 auth.code_invalid');
  });

  it('has five tries, however many come at once, and then the right one is none', async () => {
    const good = await wish();
    const guesses = [];
    for (let i = 0; i < 8; i += 1) {
      const phone = somePhone();
      const guess = String((Number(good.stepUp.code) + 1 + i) % 1_000_000).padStart(6, '0');
      guesses.push({ phone, code: await codeFor(phone), stepUp: { code: guess } });
    }
    const answers = await Promise.all(guesses.map((one) => changePhone(session, one)));
    expect(answers.map(told)).toEqual(answers.map(() => NO));
    expect(told(await changePhone(session, good))).toBe(NO);
  });

  it('503 auth.provider_busy while the provider is busy, and nothing is used up', async () => {
    const good = await wish();
    const busy = { provider: 'WECHAT', code: vouch('busy') };
    expect(told(await changePhone(session, { ...good, stepUp: busy }))).toBe('503 auth.provider_busy');
    expect((await changePhone(session, good)).status).toBe(200);
  });

  it('by a provider that was bound a day ago needs no old phone, in any app of the same account', async () => {
    const body = { provider: 'WECHAT', code: vouch('paula') };
    await call(identitiesContract, 'bind', { as: asMember(session.memberId), body });
    later(86_400_000);
    for (const provider of ['WECHAT', 'WECHAT_WEB']) {
      const phone = somePhone();
      const stepUp = { provider, code: vouch('paula') };
      expect((await changePhone(session, { phone, code: await codeFor(phone), stepUp })).status).toBe(200);
    }
    const me = await call(membersContract, 'me', { as: asSession(session) });
    expect(me.body.heldUntil).toBe(new Date(Date.now() + 86_400_000).toISOString());
  });
});
