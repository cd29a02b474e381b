import { randomInt, randomUUID } from 'node:crypto';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { countAsker, countNumber } from '../../shared/auth/budgets.ts';
import { newCode, turnOf } from '../../shared/auth/login-codes.ts';
import { isRevoked } from '../../shared/auth/revocations.ts';
import { logIn, logInBy, refresh } from '../../shared/auth/sessions.ts';
import { authorizerFor } from '../../shared/http/authorizer.ts';
import type { Claims } from '../../shared/providers/identity/port.ts';
import { type Operation, once, type Ready } from './measure.ts';
import { naiveCaller, naiveCode, naiveLogIn, naiveRefresh } from './naive-logins.ts';
import { memberBy } from './people.ts';

const ORIGIN = { userAgent: 'bench', address: '203.0.113.7' };

const somePhone = () => `+86137${String(randomInt(100_000_000)).padStart(8, '0')}`;

async function byCode(phone: string): Promise<Ready> {
  const { code, codeId } = await newCode(await turnOf(phone), 'LOGIN');
  return () => logIn({ phone, code, codeId }, ORIGIN);
}

async function knownByCode(): Promise<Ready> {
  const phone = somePhone();
  await memberBy({ phone });
  return byCode(phone);
}

const claims = (): Claims => [
  { kind: 'WECHAT_OPENID', value: `bench:${randomUUID()}` },
  { kind: 'WECHAT_UNIONID', value: randomUUID() },
];

async function knownByWechat(): Promise<Ready> {
  const theirs = claims();
  await logInBy(theirs, undefined, ORIGIN);
  return () => logInBy(theirs, undefined, ORIGIN);
}

async function renewing(): Promise<Ready> {
  const { refreshToken } = await logInBy(claims(), undefined, ORIGIN);
  return () => refresh(refreshToken);
}

/** All that is done for a code, but sending it. */
async function asking(): Promise<Ready> {
  const phone = somePhone();
  return async () => {
    const turn = await turnOf(phone);
    await countAsker({ ...ORIGIN, deviceId: randomUUID() });
    await newCode(turn, 'LOGIN');
    await countNumber(phone, false);
  };
}

async function authorizing(): Promise<Ready> {
  const { accessToken } = await logInBy(claims(), undefined, ORIGIN);
  const asked = { identitySource: [`Bearer ${accessToken}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
  const authorizer = authorizerFor(['member'], isRevoked);
  return () => authorizer(asked, { getRemainingTimeInMillis: () => 10_000 });
}

/** The naive design, before a login by somebody who is known or not. */
async function naively(known: boolean): Promise<Ready> {
  const phone = somePhone();
  await naiveCode(phone);
  if (known) await naiveLogIn(phone);
  return () => naiveLogIn(phone);
}

async function naiveSession(): Promise<string> {
  const phone = somePhone();
  await naiveCode(phone);
  return naiveLogIn(phone);
}

/** Who somebody is: coming in, going on, and being known at the door. */
export const loginOperations: readonly Operation[] = [
  {
    name: 'a code by SMS: budgets and the code',
    floor: 1,
    ours: () => once(asking),
    naive: () => once(async () => () => naiveCode(somePhone())),
  },
  {
    name: 'log in by phone and code',
    floor: 2,
    ours: () => once(knownByCode),
    naive: () => once(() => naively(true)),
  },
  {
    name: 'first visit by phone and code: the member with it',
    floor: 3,
    ours: () => once(async () => byCode(somePhone())),
    naive: () => once(() => naively(false)),
  },
  {
    name: 'log in by WeChat',
    floor: 1,
    ours: () => once(knownByWechat),
    naive: () => once(() => naively(true)),
  },
  {
    name: 'first visit by WeChat, openid and unionid',
    floor: 2,
    ours: () => once(async () => () => logInBy(claims(), undefined, ORIGIN)),
    naive: () => once(() => naively(false)),
  },
  {
    name: 'refresh of a session',
    floor: 1,
    ours: () => once(renewing),
    naive: () =>
      once(async () => {
        const session = await naiveSession();
        return () => naiveRefresh(session);
      }),
  },
  {
    name: 'a valid token at the authorizer',
    budget: 0,
    floor: 0,
    ours: () => once(authorizing),
    naive: () =>
      once(async () => {
        const session = await naiveSession();
        return () => naiveCaller(session);
      }),
  },
];
