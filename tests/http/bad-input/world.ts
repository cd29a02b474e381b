import { randomUUID } from 'node:crypto';
import { openSession } from '../../../shared/auth/store.ts';
import { catalogContract } from '../../../shared/catalog/contract.ts';
import type { Row } from '../../../shared/http/contract.ts';
import { type Audience, issueToken } from '../../../shared/http/tokens.ts';
import { profilesContract } from '../../../shared/members/profiles/contract.ts';
import { ordersContract } from '../../../shared/orders/contract.ts';
import { partnersContract } from '../../../shared/partners/contract.ts';
import { createClient } from '../../../shared/partners/partners.ts';
import { PERMISSIONS, SCOPES } from '../../../shared/partners/rules.ts';
import { webhooksContract } from '../../../shared/partners/webhooks/contract.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { holdsContract } from '../../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../../shared/points/staff-contract.ts';
import { staffContract } from '../../../shared/staff/contract.ts';
import { openSession as openStaffSession } from '../../../shared/staff/store.ts';
import { exchange } from '../../../shared/table/commit.ts';
import { asMember, asPerson, asStaff, asTill, call } from '../../support/call.ts';
import { gift, memberWith } from '../../support/people.ts';
import { person } from '../../support/persons.ts';

/** What there is to ask for, by the names of fields. */
export interface World {
  tokens: Record<Exclude<Row['auth'], 'none'>, string>;
  others: World['tokens'];
  /** The one who calls. */
  me: string;
  values: Record<string, unknown[]>;
  /** Members to whom anything may be done. */
  spare: string[];
}

async function token(audience: Audience, subject: string, sessionId?: string): Promise<string> {
  const grants = { member: [], partner: SCOPES, staff: PERMISSIONS }[audience];
  return issueToken({ audience, subject, grants, ...(sessionId && { sessionId }), lifetimeSeconds: 86_400 });
}

/** A session of this member, without the login. */
async function session(memberId: string): Promise<string> {
  const opened = { memberId, sessionId: newId('ses'), refreshDigest: randomUUID(), expiresAt: Date.now() + 86_400_000 };
  await exchange(async () => ({ writes: [openSession(opened)], answer: null }));
  return opened.sessionId;
}

/** A session of this person, without the login. */
async function staffSession(staffId: string): Promise<string> {
  const sessionId = newId('ses');
  const [startedAt, expiresAt] = [Date.now(), Date.now() + 86_400_000];
  const opened = { staffId, sessionId, refreshDigest: randomUUID(), generation: 1, startedAt };
  const writes = [openStaffSession({ ...opened, idleEndsAt: expiresAt, expiresAt })];
  await exchange(async () => ({ writes, answer: null }));
  return sessionId;
}

async function tokensOf(member: string, client: string): Promise<World['tokens']> {
  const { staffId } = await person('owner');
  return {
    member: await token('member', member, await session(member)),
    partner: await token('partner', `till-${client}`),
    // A person: what only a client may do is a matter of permissions, and this one has them all.
    staff: await token('staff', staffId, await staffSession(staffId)),
  };
}

async function made(answer: ReturnType<typeof call>, name: string): Promise<string> {
  const { body } = await answer;
  return body[name] as string;
}

const order = (memberId: string, productId: string) =>
  made(call(ordersContract, 'place', { as: asMember(memberId), body: { productId } }), 'orderId');

const hold = (memberId: string, till: string) => {
  const as = { ...asTill('holds:write'), id: till };
  return made(call(holdsContract, 'make', { as, body: { member: { memberId }, points: 5 } }), 'holdId');
};

const address = (memberId: string) => {
  const body = { recipient: '王五', phone: '13800138000', address: '杭州市西湖区 1 号' };
  return made(call(profilesContract, 'addAddress', { as: asMember(memberId), body }), 'addressId');
};

const adjustment = (memberId: string) => {
  const body = { direction: 'UP', memberId, points: 50, reason: 'x' };
  return made(call(pointsStaffContract, 'adjust', { as: asStaff('points.adjust'), body }), 'adjustmentId');
};

const proposal = (memberId: string) => {
  const body = { direction: 'UP', memberId, points: 20_000, reason: 'x' };
  const as = asPerson('stf_1', 'points.adjust');
  return made(call(pointsStaffContract, 'proposeAdjustment', { as, body }), 'approvalId');
};

const invited = () => {
  const body = { userName: `p-${randomUUID().slice(0, 8)}` };
  return made(call(staffContract, 'invite', { as: asStaff('staff.manage'), body }), 'staffId');
};

async function repeat(times: number, make: () => Promise<string>): Promise<string[]> {
  const all: string[] = [];
  for (let i = 0; i < times; i += 1) all.push(await make());
  return all;
}

/** A small mall with something of everything. */
export async function openWorld(): Promise<World> {
  const [me = '', other = ''] = await repeat(2, () => memberWith(100_000));
  // One may merge them alone.
  const spare = await repeat(4, () => memberWith(1_000));
  const product = await gift({ pricePoints: 5, stock: 100_000 });
  const gone = await gift({ stock: 0 });
  const off = await gift();
  const off_ = { params: { productId: off }, body: { status: 'OFF_SHELF' } };
  await call(catalogContract, 'change', { as: asStaff('catalog.write'), ...off_ });
  const till = { clientId: 'till-9', kind: 'partner', name: 'Till 9', grants: SCOPES } as const;
  const { clientSecret } = await createClient(till);
  const shop = { kind: 'partner', name: 'Shop', grants: ['holds:write'] };
  const { body: client } = await call(partnersContract, 'makeClient', { as: asStaff('partners.manage'), body: shop });
  const told = { url: 'https://8.8.8.8/hook', events: ['points.earned'] };
  const webhook = await made(call(webhooksContract, 'add', { as: asTill('webhooks:manage'), body: told }), 'webhookId');
  const orders = await repeat(3, () => order(me, product));
  const holds = await repeat(3, () => hold(me, 'till-1'));
  const adjustments = await repeat(2, () => adjustment(other));
  return {
    tokens: await tokensOf(me, '1'),
    others: await tokensOf(other, '2'),
    me,
    spare,
    values: {
      memberId: [other, ...spare],
      into: spare,
      productId: [product, product, gone, off],
      clientId: [client.clientId],
      secretId: [client.secretId],
      webhookId: [webhook],
      orderId: orders,
      holdId: holds,
      sessionId: await repeat(3, () => session(me)),
      adjustmentId: adjustments,
      staffId: [await person('auditor'), await person(), { staffId: await invited() }].map(({ staffId }) => staffId),
      approvalId: await repeat(3, () => proposal(other)),
      addressId: await repeat(3, () => address(me)),
      number: ['T-1', 'T-2', randomUUID()],
      purchase: ['T-1', 'T-2'],
      client_id: ['till-9', 'till-9', '', '#', '\u0000', '__proto__', 'x'.repeat(64), 'x'.repeat(10_000)],
      client_secret: [clientSecret, clientSecret, 'secret-of-nobody'],
    },
  };
}
