import { subjectNamed } from '../../../infra/local/oidc.ts';
import { nameWithin, providerCode } from '../../../infra/local/provider-codes.ts';
import { examples } from '../../../infra/openapi-examples.ts';
import { identitiesContract } from '../../../shared/auth/identities-contract.ts';
import { firstOwnerSecret } from '../../../shared/staff/enrolment.ts';
import { call } from '../../support/call.ts';
import { canary } from '../../support/canaries.ts';
import { oidcLogin } from '../../support/issuer.ts';
import { codeFor, later, loggedIn, stepUpCodeFor } from '../../support/logins.ts';
import { memberWith } from '../../support/people.ts';
import { acceptedBy, codeAt, invitedAs, nextCode, PASSWORD, person, session } from '../../support/persons.ts';
import { buy } from '../../support/purchases.ts';
import type { World } from '../bad-input/world.ts';

export type Body = Record<string, unknown>;

/** Secrets that were really given, and names by which providers know somebody: words without a mark. */
export const secrets = new Set<string>();
const secret = <T extends string>(given: T): T => {
  secrets.add(given);
  return given;
};

/** A phone, and the code that was really sent to it. */
async function smsCode(given: Body): Promise<Body> {
  const phone = canary.phone();
  const { codeId: _, ...body } = given;
  return { ...body, phone, code: secret(await codeFor(phone)) };
}

let persons = 0;
/** A code of somebody new, whose names at every provider are looked for. */
async function provided(body: Body): Promise<Body> {
  persons += 1;
  const name = `kanari${persons}`;
  if ('codeVerifier' in body) {
    const login = await oidcLogin(name);
    for (const one of [...Object.values(login), subjectNamed(name)]) secret(one);
    return { ...body, ...login };
  }
  for (const app of ['wx-test', 'wx-web']) secret(`o${nameWithin(app, name, 27)}`);
  secret(`u${nameWithin('wechat', name, 27)}`);
  for (const app of ['qq-app', 'qq']) secret(nameWithin(app, name, 32));
  secret(nameWithin('ali-app', name, 40));
  secret(`2088${nameWithin('alipay', name, 12)}`);
  return { ...body, code: secret(providerCode(name, Date.now())) };
}

const invited = async () => {
  const userName = canary.userName();
  return { userName, invitation: secret((await invitedAs(userName)).invitation) };
};

let files = 0;
/** A file that names somebody by a phone or by what another system calls them; who is only given something is there. */
async function file({ isThere }: { isThere: boolean }): Promise<string> {
  files += 1;
  const [name, value] = files % 2 === 0 ? ['phone', canary.phone()] : ['externalId', canary.secret()];
  if (isThere) await buy({ member: { [name]: value } });
  return `${name},points,lastDay\n${value},5,2026-12-31\n`;
}

/** What makes a request good that takes something which was given before. */
export const GIVEN: Record<string, (body: Body, world: World) => unknown> = {
  'uploads.openingBalances': () => file({ isThere: false }),
  'uploads.grants': () => file({ isThere: true }),
  'auth.logIn': smsCode,
  'identities.wechat': provided,
  'identities.oidc': provided,
  'identities.wechatWeb': provided,
  'identities.qq': provided,
  'identities.alipay': provided,
  'identities.bind': provided,
  'auth.refresh': async () => ({ refreshToken: secret((await loggedIn(canary.phone())).refreshToken) }),
  'auth.registerPushToken': (body) => ({ ...body, token: secret(canary.secret().padEnd(16, '-')) }),
  'points.give': async () => {
    const phone = canary.phone();
    await buy({ member: { phone } });
    return { to: { phone }, points: 1 };
  },
  'partners.token': (_, { values }) => {
    const client_secret = secret(values['client_secret']?.[0] as string);
    return { grant_type: 'client_credentials', client_id: 'till-9', client_secret };
  },
  'programme.propose': (body) => ({ ...(examples['programme.propose'] as Body), reason: body['reason'] }),
  'orders.proposeMerge': async (body) => ({ ...body, into: await memberWith(1) }),
  'profiles.change': (body) => ({ ...body, birthday: canary.birthday(), region: canary.region() }),
  'staff-sessions.accept': async () => ({ invitation: (await invited()).invitation, password: PASSWORD }),
  'staff-sessions.confirm': async () => {
    const { invitation } = await invited();
    const { body } = await session('accept', { invitation, password: PASSWORD });
    return { invitation, code: codeAt(secret(body.totpSecret as string)) };
  },
  'staff-sessions.logIn': async () => {
    const { userName, invitation } = await invited();
    const { totpSecret, recoveryCodes } = await acceptedBy(userName, invitation);
    for (const one of [totpSecret, ...recoveryCodes]) secret(one);
    return { userName, password: PASSWORD, code: nextCode(totpSecret) };
  },
  'staff-sessions.refresh': async () => {
    const { userName, totpSecret } = await person('auditor');
    const { body } = await session('logIn', { userName, password: PASSWORD, code: nextCode(totpSecret) });
    return { refreshToken: secret(body.refreshToken as string) };
  },
  'staff-sessions.firstOwner': async () => ({ secret: secret(await firstOwnerSecret()), userName: canary.userName() }),
};

/** A request and the token of who alone can make it. */
interface Called {
  token: string;
  body: Body;
}

async function byWechat(): Promise<string> {
  const { body } = await call(identitiesContract, 'wechat', { body: await provided({}) });
  return secret(body.accessToken as string);
}

let changes = 0;
/** By a code to the phone from before, and every second time by a provider. */
async function anotherPhone(): Promise<Called> {
  const before = canary.phone();
  const session = await loggedIn(before);
  later();
  changes += 1;
  const vouched = { provider: 'OIDC', ...(await provided({ codeVerifier: '' })) };
  const stepUp = changes % 2 === 1 ? { code: secret(await stepUpCodeFor(session, before)) } : vouched;
  return { token: secret(session.accessToken), body: { ...(await smsCode({})), stepUp } };
}

/** Into whoever has this phone. */
async function mergedInto(body: Body): Promise<Called> {
  const phone = canary.phone();
  await loggedIn(phone);
  later();
  return { token: await byWechat(), body: { ...body, phone, code: secret(await codeFor(phone)), codeId: undefined } };
}

/** Somebody who was sent nothing for a minute. */
async function steppingUp(): Promise<Called> {
  const { accessToken } = await loggedIn(canary.phone());
  later();
  return { token: secret(accessToken), body: { deviceId: canary.secret(), humanCheck: canary.secret() } };
}

const password = () => secret(`${canary.secret()} in the evening`);
/** Somebody of staff who is logged in, by a recovery code, and shows password and authenticator once more. */
async function shownAgain(): Promise<Called> {
  const [{ userName, invitation }, own] = [await invited(), password()];
  const { body: accepted } = await session('accept', { invitation, password: own });
  const totpSecret = secret(accepted.totpSecret as string);
  const { body: confirmed } = await session('confirm', { invitation, code: codeAt(totpSecret) });
  const [code = ''] = confirmed.recoveryCodes as string[];
  const { body } = await session('logIn', { userName, password: own, code: secret(code) });
  return { token: secret(body.accessToken as string), body: { password: own, code: nextCode(totpSecret) } };
}

/** What each needs somebody of their own for: who logged in without a phone has none yet, and who merged is no more. */
export const CALLED: Record<string, (body: Body) => Promise<Called>> = {
  'login-codes.sendStepUp': steppingUp,
  'identities.phone': async (body) => ({ token: await byWechat(), body: await smsCode(body) }),
  'identities.wechatPhone': async () => ({
    token: await byWechat(),
    body: { code: secret(providerCode(canary.phone(), Date.now())) },
  }),
  'identities.changePhone': anotherPhone,
  'orders.mergeMine': mergedInto,
  'staff-sessions.changePassword': async () => {
    const { token, body } = await shownAgain();
    return { token, body: { ...body, newPassword: password() } };
  },
  'staff-sessions.renewRecoveryCodes': shownAgain,
};
