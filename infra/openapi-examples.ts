/** A member, a gift, an order, … as they stand in every example. */
const phone = '13800138000';
const memberId = 'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E';
const heirId = 'mem_01KAQZ5C8D1F3G5H7J9K1M3N5P';
const productId = 'prd_4S7JX2M9QK1V8ZC3B6N5H0TDWA';

const INVITATION = `stf_5R7T9V1X3Z5B7D9F1H3K5M7P9R.${'x'.repeat(43)}`;

const RULES = {
  version: 0,
  currencies: [
    { code: 'POINTS', name: { zh: '积分', en: 'Points' }, expiry: { policy: 'END_OF_YEAR' } },
    { code: 'COINS', name: { zh: '酒币', en: 'Coins' }, expiry: { policy: 'NEVER' } },
  ],
  earning: { rateBps: 10_000, rounding: 'FLOOR', availableAfterDays: 0 },
  shortage: 'DEBT',
  refund: { policy: 'ORIGINAL_LOT_WITH_GRACE', graceDays: 30 },
  transfers: { maxPoints: 10_000, maxPointsPerDay: 50_000 },
  returnsUntilDays: 400,
  exchange: [{ from: 'POINTS', to: 'COINS', take: 100, give: 1 }],
};

/** The body of each operation that takes one, by its `operationId`: what the page offers to send, and the guide sends. */
export const examples: Record<string, unknown> = {
  'login-codes.send': { phone },
  'auth.logIn': { phone, code: '123456', device: { name: 'My phone', platform: 'WEB' } },
  'identities.wechat': { code: 'what wx.login() gave', device: { platform: 'MINI_PROGRAM' } },
  'identities.phone': { phone, code: '123456' },
  'identities.wechatPhone': { code: 'what the phone button gave' },
  'auth.refresh': { refreshToken: 'the refreshToken of your session' },
  'members.search': { phone },
  'profiles.change': { nickname: '小茶', birthday: '1990-05-04', gender: 'FEMALE', region: '330100' },
  'profiles.prefer': {
    interests: ['tea'],
    channels: {
      SERVICE: { SMS: true, WECHAT: true, PUSH: true, EMAIL: false },
      LAPSE_NOTICES: { SMS: false, WECHAT: true, PUSH: true, EMAIL: false },
      CAMPAIGNS: { SMS: false, WECHAT: false, PUSH: false, EMAIL: false },
    },
    quietHours: { from: '22:00', to: '08:00' },
    language: 'zh-CN',
  },
  'profiles.addAddress': { recipient: '王五', phone, address: '杭州市西湖区文三路 1 号' },
  'profiles.changeAddress': { recipient: '王五', phone, address: '杭州市西湖区文三路 2 号' },
  'profiles.consent': { purpose: 'PROFILE', version: '2026-11', granted: true },
  'avatars.upload': { contentType: 'image/jpeg' },
  'avatars.set': { uploadId: 'upl_9Z6X3V0T7R4P1M8K5H2F9D6B3Z' },
  'partners.token': { grant_type: 'client_credentials' },
  'partners.makeClient': { kind: 'partner', name: 'Tills', grants: ['purchases:write', 'holds:write'] },
  'partners.changeClient': { status: 'DISABLED' },
  'webhooks.add': { url: 'https://example.com/points', events: ['points.earned', 'order.shipped'] },
  'webhooks.addFor': { url: 'https://example.com/points', events: ['points.earned', 'order.shipped'] },
  'programme.replace': RULES,
  'programme.propose': { reason: 'Double points in spring', change: RULES },
  'catalog.create': { name: { zh: '书签', en: 'Bookmark' }, pricePoints: 100, stock: 3 },
  'catalog.change': { pricePoints: 120 },
  'points.give': { to: { phone: '13900139000' }, points: 10 },
  'points.exchange': { from: 'POINTS', to: 'COINS', points: 100 },
  'privacy.erase': { confirm: 'ERASE' },
  'holds.make': { member: { phone }, points: 100, minutes: 15, note: 'Table 7' },
  'holds.capture': { points: 60 },
  'holds.release': {},
  'uploads.openingBalances': `phone,points,lastDay\n${phone},128,2027-12-31\n`,
  'uploads.grants': `phone,points\n${phone},10\n`,
  'points-staff.proposeAdjustment': {
    direction: 'UP',
    memberId,
    points: 50_000,
    reason: 'A campaign that went wrong',
  },
  'approvals.reject': { reason: 'Too much' },
  'staff.invite': { userName: 'li.wei' },
  'staff.inviteAgain': { reason: 'Lost the authenticator' },
  'staff.changeRoles': { roles: ['support'], reason: 'New in the support team' },
  'staff.proposeRoles': { roles: ['support'], reason: 'New in the support team' },
  'staff.unmask': { reason: 'The courier cannot find the door' },
  'staff-sessions.firstOwner': { secret: 'what npm run first-owner prints', userName: 'li.wei' },
  'staff-sessions.accept': { invitation: INVITATION, password: 'correct horse battery staple' },
  'staff-sessions.confirm': { invitation: INVITATION, code: '123456' },
  'staff-sessions.logIn': { userName: 'li.wei', password: 'correct horse battery staple', code: '123456' },
  'staff-sessions.refresh': { refreshToken: 'stf_5R7T9V1X3Z5B7D9F1H3K5M7P9R.ses_01KAQZ.secret' },
  'points-staff.adjust': { direction: 'UP', memberId, points: 20, reason: 'Goodwill for a late parcel' },
  'points-staff.undo': { reason: 'It was another member' },
  'points-staff.freeze': { reason: 'The phone was stolen' },
  'points-staff.thaw': { reason: 'The member has a new phone' },
  'earning.report': { number: 'SHOP1-1001', amountFen: 12_860, member: { phone } },
  'earning.reportReturn': { number: 'SHOP1-R-2001', purchase: 'SHOP1-1001', amountFen: 5_000 },
  'orders.place': { productId, quantity: 1, pricePoints: 100 },
  'orders.cancelMine': {},
  'orders.receive': {},
  'orders.ship': { carrier: 'SF Express', trackingNumber: 'SF1234567890' },
  'orders.cancel': {},
  'orders.merge': { into: heirId, reason: 'One person with two phones' },
};
