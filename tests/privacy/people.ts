import { expect } from 'vitest';
import { authContract } from '../../shared/auth/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { avatarsContract } from '../../shared/members/profiles/avatars-contract.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { asMember, asStaff, asTill, type Called, call } from '../support/call.ts';
import { canary } from '../support/canaries.ts';
import { loggedIn } from '../support/logins.ts';
import { somePhone } from '../support/people.ts';
import { png } from '../support/pictures.ts';
import { buy } from '../support/purchases.ts';

export const shop = asTill('holds:write');
export const told = ({ status, body }: Called) => `${status} ${String(body.code)}`;

export const erase = (memberId: string) =>
  call(privacyContract, 'erase', { as: asMember(memberId), body: { confirm: 'ERASE' } });

/** Somebody of whom everything is kept that can be. */
export interface Person {
  phone: string;
  memberId: string;
  accessToken: string;
  refreshToken: string;
  purchase: string;
  orderId: string;
  holdId: string;
  pushToken: string;
  words: string[];
}

export async function order(memberId: string, productId: string, shipTo: object): Promise<string> {
  const { status, body } = await call(ordersContract, 'place', { as: asMember(memberId), body: { productId, shipTo } });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.orderId as string;
}

export async function hold(memberId: string, note: string): Promise<string> {
  const body = { member: { memberId }, points: 1, note };
  const made = await call(holdsContract, 'make', { as: shop, body });
  expect(made.status).toBe(201);
  return made.body.holdId as string;
}

export const release = (holdId: string) => call(holdsContract, 'release', { as: shop, params: { holdId }, body: {} });
export const cancel = (memberId: string, orderId: string) =>
  call(ordersContract, 'cancelMine', { as: asMember(memberId), params: { orderId } });

async function picture(memberId: string, name: string): Promise<void> {
  const as = asMember(memberId);
  const { body } = await call(avatarsContract, 'upload', { as, body: { contentType: 'image/png' } });
  const { url, fields, uploadId } = body as { url: string; fields: Record<string, string>; uploadId: string };
  const posted = new FormData();
  for (const [name, value] of Object.entries(fields)) posted.set(name, value);
  posted.set('file', new Blob([Uint8Array.from(png())]), `${name}.png`);
  await fetch(url, { method: 'POST', body: posted });
  expect((await call(avatarsContract, 'set', { as, body: { uploadId } })).status).toBe(204);
}

/** A life with all that is personal in it, of which nothing is under way any more. */
export async function person(productId: string): Promise<Person> {
  const phone = somePhone();
  const { memberId, accessToken, refreshToken } = await loggedIn(phone);
  const { number } = await buy({ member: { phone } });
  const [recipient, address, note, nickname] = [canary.words(), canary.words(), canary.words(), canary.words()];
  const shipTo = { recipient, phone: somePhone(), address };
  const as = asMember(memberId);
  await call(profilesContract, 'consent', { as, body: { purpose: 'PROFILE', version: '1', granted: true } });
  await call(profilesContract, 'change', {
    as,
    body: { nickname, birthday: canary.birthday(), region: canary.region() },
  });
  const wishes = (await call(profilesContract, 'preferences', { as })).body;
  const { changedAt: _, ...prefers } = wishes;
  expect((await call(profilesContract, 'prefer', { as, body: { ...prefers, interests: ['tea'] } })).status).toBe(200);
  await call(profilesContract, 'addAddress', { as, body: shipTo });
  await picture(memberId, nickname);
  const pushToken = canary.secret().padEnd(32, '-');
  const pushed = await call(authContract, 'registerPushToken', { as, body: { service: 'FCM', token: pushToken } });
  expect(pushed.status).toBe(200);
  const orderId = await order(memberId, productId, shipTo);
  await cancel(memberId, orderId);
  const holdId = await hold(memberId, note);
  expect((await release(holdId)).status).toBe(200);
  await call(membersContract, 'search', { as: asStaff('members.read'), body: { phone } });
  const words = [phone, recipient, shipTo.phone, address, note, pushToken, nickname];
  return { phone, memberId, accessToken, refreshToken, purchase: number, orderId, holdId, pushToken, words };
}
