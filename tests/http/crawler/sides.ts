import { expect } from 'vitest';
import { providerCode } from '../../../infra/local/provider-codes.ts';
import { authContract } from '../../../shared/auth/contract.ts';
import { identitiesContract } from '../../../shared/auth/identities-contract.ts';
import { issueToken } from '../../../shared/http/tokens.ts';
import { profilesContract } from '../../../shared/members/profiles/contract.ts';
import { partnersContract } from '../../../shared/partners/contract.ts';
import { SCOPES } from '../../../shared/partners/rules.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { tell } from '../../../shared/points/notices.ts';
import { POINTS } from '../../../shared/points/points.ts';
import { permissionsOf, ROLES, type Role } from '../../../shared/staff/rules.ts';
import { asMember, asStaff, call } from '../../support/call.ts';
import { loggedIn } from '../../support/logins.ts';
import { clock } from '../../support/mall.ts';
import { somePhone } from '../../support/people.ts';
import { type Enrolled, nextCode, PASSWORD, person, session } from '../../support/persons.ts';
import { buy } from '../../support/purchases.ts';

export type Kind = 'member' | 'partner' | 'staff';

/** One who calls in every way that there is, and what must be in no answer to anybody else. */
export interface Side {
  tokens: Record<Kind, string>;
  /** Of the day before. */
  expired: Record<Kind, string>;
  memberId: string;
  /** Where else the member is logged in. */
  sessionId: string;
  ownPhone: string;
  /** By whom the member may be logged in besides. */
  provider: 'ALIPAY' | 'QQ';
  clientId: string;
  secret: string;
  shipTo: { recipient: string; phone: string; address: string };
  note: string;
  words: string[];
}

export const START = '2026-11-22T04:00:00.000Z';
const at = (minutes: number) => clock(new Date(Date.parse(START) + minutes * 60_000).toISOString());
const A_DAY = 24 * 60;

/** A token of a partner, by its own credentials. */
async function partnerToken(url: string, clientId: string, secret: string, scopes: readonly string[] = SCOPES) {
  const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
  const body = new URLSearchParams({ ...fields, scope: scopes.join(' ') });
  const answer = await fetch(`${url}/v1/auth/token`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function staffToken({ userName, totpSecret }: Enrolled): Promise<string> {
  const { status, body } = await session('logIn', { userName, password: PASSWORD, code: nextCode(totpSecret) });
  expect(status).toBe(201);
  return body.accessToken as string;
}

/** What is kept of a member, and two of everything that comes in pages. */
async function live(memberId: string, words: { nickname: string; region: string }): Promise<void> {
  const as = asMember(memberId);
  for (const purpose of ['PROFILE', 'STEPS']) {
    await call(profilesContract, 'consent', { as, body: { purpose, version: '1', granted: true } });
  }
  expect((await call(profilesContract, 'change', { as, body: words })).status).toBe(200);
  await buy({ member: { memberId }, amountFen: 10_000_000 });
  await buy({ member: { memberId } });
  for (const daysLeft of [30, 7]) {
    expect(await tell({ memberId, currency: POINTS }, { lastDay: '2026-12-31', daysLeft, due: daysLeft })).toBe(true);
  }
}

type Half = Omit<Side, 'tokens' | 'sessionId' | 'ownPhone'> & { phone: string; owner: Enrolled };

async function first(url: string, i: number): Promise<Half> {
  const phone = somePhone();
  const { memberId, accessToken } = await loggedIn(phone);
  const body = { kind: 'partner', name: `Shop ${i}`, grants: SCOPES, requestsPerMinute: 60_000 };
  const as = asStaff('partners.manage', ...SCOPES);
  const { status, body: made } = await call(partnersContract, 'makeClient', { as, body });
  expect(status).toBe(201);
  const [clientId, secret] = [made.clientId as string, made.clientSecret as string];
  const owner = await person('owner');
  const shipTo = { recipient: `收件人辛${i}号`, phone: somePhone(), address: `杭州市杨柳巷${6_000 + i}号` };
  const [note, nickname, region] = [`窗边寅${i}号`, `小雁${i}号`, `33${String(i + 41)}00`];
  await live(memberId, { nickname, region });
  const provider = i === 1 ? 'QQ' : 'ALIPAY';
  const theirs = { provider, code: providerCode(memberId, Date.now()) };
  expect((await call(identitiesContract, 'bind', { as: asMember(memberId), body: theirs })).status).toBe(200);
  return {
    expired: {
      member: accessToken,
      partner: await partnerToken(url, clientId, secret),
      staff: await staffToken(owner),
    },
    phone,
    owner,
    memberId,
    provider,
    clientId,
    secret,
    shipTo,
    note,
    words: [phone, shipTo.recipient, shipTo.phone, shipTo.address, note, nickname, region],
  };
}

/** Two who have nothing to do with each other; their tokens of yesterday, and two logins of today. */
export async function twoSides(url: string): Promise<[Side, Side]> {
  at(0);
  const halves = [await first(url, 1), await first(url, 2)];
  at(A_DAY);
  const elsewhere: string[] = [];
  for (const { phone, memberId } of halves) {
    await loggedIn(phone);
    const { items } = (await call(authContract, 'sessions', { as: asMember(memberId) })).body as {
      items: { sessionId: string }[];
    };
    elsewhere.push(items[0]?.sessionId ?? '');
  }
  at(A_DAY + 2);
  const sides: Side[] = [];
  for (const [i, { phone, owner, ...half }] of halves.entries()) {
    const tokens = {
      member: (await loggedIn(phone)).accessToken,
      partner: await partnerToken(url, half.clientId, half.secret),
      staff: await staffToken(owner),
    };
    sides.push({ ...half, ownPhone: phone, tokens, sessionId: elsewhere[i] ?? '' });
  }
  at(A_DAY + 4);
  return sides as [Side, Side];
}

/** A token of somebody of staff with this role alone. */
export function roleToken(role: Role): Promise<string> {
  const [subject, sessionId] = [newId('stf'), newId('ses')];
  return issueToken({ audience: 'staff', subject, sessionId, grants: permissionsOf([role]), lifetimeSeconds: 900 });
}

/** Tokens of those who are let in at a door, but not at this one. */
export interface Others {
  roles: Map<Role, string>;
  without: Map<string, string>;
}

export async function others(url: string, { clientId, secret }: Side): Promise<Others> {
  const [roles, without]: [Others['roles'], Others['without']] = [new Map(), new Map()];
  for (const role of Object.keys(ROLES) as Role[]) roles.set(role, await roleToken(role));
  for (const scope of SCOPES) {
    const rest = SCOPES.filter((one) => one !== scope);
    without.set(scope, await partnerToken(url, clientId, secret, rest));
  }
  return { roles, without };
}
