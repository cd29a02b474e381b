import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { handler as tellWebhooks } from '../../../functions/webhooks/on-every-event.ts';
import { loginCodesContract } from '../../../shared/auth/contract.ts';
import type { Contract, Row } from '../../../shared/http/contract.ts';
import { avatarsContract } from '../../../shared/members/profiles/avatars-contract.ts';
import { profilesContract } from '../../../shared/members/profiles/contract.ts';
import { ordersContract } from '../../../shared/orders/contract.ts';
import { partnersContract } from '../../../shared/partners/contract.ts';
import { SCOPES } from '../../../shared/partners/rules.ts';
import { webhooksContract } from '../../../shared/partners/webhooks/contract.ts';
import { holdsContract } from '../../../shared/points/holds/contract.ts';
import { pointsStaffContract } from '../../../shared/points/staff-contract.ts';
import { asMember, asPerson, asStaff, asTill, type CallOptions, call } from '../../support/call.ts';
import { inbox } from '../../support/mall.ts';
import { gift, memberWith, somePhone } from '../../support/people.ts';
import { invitedAs, person, someName } from '../../support/persons.ts';
import { png } from '../../support/pictures.ts';
import { buy, giveBack } from '../../support/purchases.ts';
import { QUIET } from './bodies.ts';
import type { Values } from './ids.ts';
import type { Side } from './sides.ts';

async function made<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  options: CallOptions,
): Promise<Record<string, string>> {
  const { status, body } = await call(contract, name, options);
  expect(status, JSON.stringify(body)).toBe(contract.rows[name]?.status);
  return body as Record<string, string>;
}

const manager = () => ({ ...asStaff('partners.manage', ...SCOPES), id: `staff-${randomUUID().slice(0, 8)}` });

/** A client's own webhook, which is told twice in vain. */
async function heardOf({ webhookId = '' }: Values): Promise<Values> {
  for (let i = 0; i < 2; i += 1) {
    const detail = { eventId: randomUUID(), at: new Date().toISOString(), memberId: 'mem_1', points: 5 };
    await tellWebhooks({ 'detail-type': 'points.earned', detail } as never);
  }
  return { webhookId };
}
const TOLD = { ...QUIET, events: ['points.earned'] };

async function ownWebhook({ clientId }: Side, body: object): Promise<Values> {
  return made(webhooksContract, 'add', { as: { ...asTill('webhooks:manage'), id: clientId }, body });
}

async function webhookOf({ clientId = '' }: Values, body: object): Promise<Values> {
  return made(webhooksContract, 'addFor', { as: manager(), params: { clientId }, body });
}

async function upload(memberId: string): Promise<string> {
  const as = asMember(memberId);
  const { body } = await call(avatarsContract, 'upload', { as, body: { contentType: 'image/png' } });
  const { url, fields, uploadId } = body as { url: string; fields: Record<string, string>; uploadId: string };
  const posted = new FormData();
  for (const [name, value] of Object.entries(fields)) posted.set(name, value);
  posted.set('file', new Blob([Uint8Array.from(png())]), 'me.png');
  expect((await fetch(url, { method: 'POST', body: posted })).status).toBe(204);
  return uploadId;
}

const sentTo = (phone: string) => inbox.findLast(({ to }) => to === `+86${phone}`)?.params[0] ?? '';

async function codeSent(): Promise<Values> {
  const phone = somePhone();
  const { codeId = '' } = await made(loginCodesContract, 'send', { body: { phone } });
  return { codeId, phone, code: sentTo(phone) };
}

let onShelf: Promise<string> | undefined;
/** A gift of which there is always one. */
const aGift = () => {
  onShelf ??= gift({ pricePoints: 1, stock: 10_000 });
  return onShelf;
};

async function order({ memberId, shipTo }: Side): Promise<Values> {
  return made(ordersContract, 'place', { as: asMember(memberId), body: { productId: await aGift(), shipTo } });
}

async function twice(): Promise<string> {
  const memberId = await memberWith(100);
  await buy({ member: { memberId } });
  return memberId;
}

async function client(): Promise<Values> {
  const as = manager();
  const body = { kind: 'partner', name: 'Till', grants: SCOPES };
  const { clientId = '' } = await made(partnersContract, 'makeClient', { as, body });
  return { clientId };
}

const enrolled = async (): Promise<Values> => ({ staffId: (await person('auditor')).staffId });

type Maker = (side: Side, before: Values) => Promise<Values>;

/**
 * How somebody comes to an id of their own, by the product's own calls: by the name of the field, where that says
 * another thing by who calls it or on which route.
 */
const MAKERS: Record<string, Maker> = {
  'member addressId': async ({ memberId, shipTo }) =>
    made(profilesContract, 'addAddress', { as: asMember(memberId), body: shipTo }),
  'member orderId': order,
  'orders.receive orderId': async (side) => {
    const { orderId = '' } = await order(side);
    const body = { carrier: '顺丰', trackingNumber: 'SF1' };
    await made(ordersContract, 'ship', { as: asStaff('orders.ship'), params: { orderId }, body });
    return { orderId };
  },
  // Bound the day before: what is bound now would hold what its member spends.
  'member provider': async ({ provider }) => ({ provider }),
  'identities.changePhone codeId': async ({ memberId, ownPhone }) => {
    await made(loginCodesContract, 'sendStepUp', { as: asMember(memberId) });
    return { ...(await codeSent()), stepUp: sentTo(ownPhone) };
  },
  'member codeId': codeSent,
  'member sessionId': async ({ sessionId }) => ({ sessionId }),
  'member uploadId': async ({ memberId }) => ({ uploadId: await upload(memberId) }),
  'member memberId': async () => ({ memberId: await memberWith(1) }),
  'member productId': async () => ({ productId: await aGift() }),
  'partner holdId': async ({ clientId, memberId, note }) => {
    const as = { ...asTill('holds:write'), id: clientId };
    return made(holdsContract, 'make', { as, body: { member: { memberId }, points: 1, note } });
  },
  'partner webhookId': (side) => ownWebhook(side, QUIET),
  'webhooks.deliveries webhookId': async (side) => heardOf(await ownWebhook(side, TOLD)),
  'partner memberId': async ({ memberId }) => ({ memberId }),
  'partner number': async ({ memberId }) => ({ number: (await buy({ member: { memberId } })).number }),
  'partner purchase': async ({ memberId }) => ({ purchase: (await buy({ member: { memberId } })).number }),
  'earning.readReturn number': async ({ memberId }) => {
    const { number } = await buy({ member: { memberId } });
    const { status, body } = await giveBack(number, { amountFen: 100 });
    expect(status).toBe(201);
    return { number: body.number as string };
  },
  'staff memberId': async () => ({ memberId: await twice() }),
  'staff into': async () => ({ into: await memberWith(1) }),
  'staff staffId': async () => ({ staffId: (await invitedAs(someName())).staffId }),
  // Only who has accepted has roles.
  'staff.changeRoles staffId': enrolled,
  'staff.proposeRoles staffId': enrolled,
  'staff clientId': client,
  'staff secretId': async (_, { clientId = '' }) => {
    const { secretId = '' } = await made(partnersContract, 'addSecret', { as: manager(), params: { clientId } });
    return { secretId };
  },
  'staff webhookId': (_, before) => webhookOf(before, QUIET),
  'webhooks.deliveriesOf webhookId': async (_, before) => heardOf(await webhookOf(before, TOLD)),
  'staff subject': async () => {
    const { clientId = '' } = await client();
    await made(partnersContract, 'addSecret', { as: manager(), params: { clientId } });
    return { subject: clientId };
  },
  'staff adjustmentId': async () => {
    const body = { direction: 'UP', memberId: await memberWith(1), points: 50, reason: 'x' };
    return made(pointsStaffContract, 'adjust', { as: asStaff('points.adjust'), body });
  },
  'staff approvalId': async () => {
    const body = { direction: 'UP', memberId: await memberWith(1), points: 20_000, reason: 'x' };
    const as = asPerson('stf_1', 'points.adjust');
    return made(pointsStaffContract, 'proposeAdjustment', { as, body });
  },
  'staff orderId': order,
  'staff productId': async () => ({ productId: await gift() }),
  'none productId': async () => ({ productId: await aGift() }),
  'none codeId': codeSent,
  'none client_id': async ({ clientId, secret }) => ({ client_id: clientId, secret }),
};

/** Ids that are worth nothing without what goes with them. */
const SAY_MORE = ['client_id', 'codeId'];

/** The ids of these names, each of this side's own. */
export async function ownIds(route: string, auth: string, names: readonly string[], side: Side): Promise<Values> {
  let values: Values = {};
  for (const name of names) {
    const make = MAKERS[`${route} ${name}`] ?? MAKERS[`${auth} ${name}`];
    if (!make) throw new Error(`${route}: nothing in MAKERS says how a ${auth} caller gets a ${name} of their own.`);
    const { [name]: id = '', ...rest } = await make(side, values);
    expect(id, `${route} ${name}`).not.toBe('');
    const more = SAY_MORE.includes(name) ? rest : {};
    values = { ...values, ...more, [name]: id };
  }
  return values;
}

/** Two of this side's own of all that is seen in lists and that nothing else has made. */
export async function fill(side: Side): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await ownIds('', 'member', ['orderId', 'addressId'], side);
    await ownIds('', 'partner', ['holdId'], side);
    await ownIds('', 'staff', ['approvalId', 'productId'], side);
  }
}
