import { randomUUID } from 'node:crypto';
import type { Values } from './ids.ts';

const reason = 'x';
/** A webhook that is told of nothing that happens here. */
export const QUIET = { url: 'http://127.0.0.1:9/hook', events: ['order.shipped'] };
const up = { direction: 'UP', points: 1, reason };

/** A good body for each route that takes an id and needs a body. */
export const BODIES: Record<string, (ids: Values) => object> = {
  'auth.logIn': ({ phone, code, codeId }) => ({ phone, code, codeId }),
  'identities.phone': ({ phone, code, codeId }) => ({ phone, code, codeId }),
  'identities.changePhone': ({ phone, code, codeId, stepUp }) => ({ phone, code, codeId, stepUp: { code: stepUp } }),
  'avatars.set': ({ uploadId }) => ({ uploadId }),
  'members.search': ({ memberId }) => ({ memberId }),
  'profiles.changeAddress': () => ({ recipient: '赵六', phone: '13800138000', address: '杭州市西湖区 2 号' }),
  'staff.inviteAgain': () => ({ reason }),
  'staff.changeRoles': () => ({ roles: ['support'], reason }),
  'staff.proposeRoles': () => ({ roles: ['support'], reason }),
  'staff.unmask': () => ({ reason }),
  'partners.token': ({ client_id, secret }) => ({ grant_type: 'client_credentials', client_id, client_secret: secret }),
  'partners.changeClient': () => ({ name: 'Another till' }),
  'webhooks.addFor': () => QUIET,
  'catalog.change': () => ({ pricePoints: 2 }),
  'points.give': ({ memberId }) => ({ to: { memberId }, points: 1 }),
  'holds.make': ({ memberId }) => ({ member: { memberId }, points: 1 }),
  'holds.capture': () => ({}),
  'points-staff.adjust': ({ memberId }) => ({ ...up, memberId }),
  'points-staff.proposeAdjustment': ({ memberId }) => ({ ...up, memberId, points: 20_000 }),
  'points-staff.undo': () => ({ reason }),
  'points-staff.freeze': () => ({ reason }),
  'points-staff.thaw': () => ({ reason }),
  'privacy.eraseMember': () => ({ reason }),
  'approvals.reject': () => ({ reason }),
  'earning.report': ({ memberId }) => ({ number: `C-${randomUUID()}`, amountFen: 100, member: { memberId } }),
  'earning.reportReturn': ({ purchase }) => ({ number: `C-${randomUUID()}`, purchase, amountFen: 100 }),
  'orders.place': ({ productId, addressId }) => ({ productId, shipTo: { addressId } }),
  'orders.ship': () => ({ carrier: '顺丰', trackingNumber: 'SF1' }),
  'orders.mergeMine': ({ phone, code, codeId }) => ({ phone, code, codeId }),
  'orders.merge': ({ into }) => ({ into, reason }),
  'orders.proposeMerge': ({ into }) => ({ into, reason }),
};

/** What is refused although the id is right: an owner among others changes no roles alone, and a phone is given once. */
export const DECIDED: Record<string, string> = {
  'staff.changeRoles': '409 staff.approval_needed',
  'identities.phone': '409 members.phone_bound',
  // Whoever is merged once is nobody afterwards.
  'orders.mergeMine': '409 members.phone_free',
};
