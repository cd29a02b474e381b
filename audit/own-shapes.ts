import {
  digests,
  each,
  type Form,
  flag,
  ID,
  instant,
  like,
  list,
  memberId,
  number,
  one,
  record,
  sealed,
  text,
} from './schema.ts';

const channels = record({ SMS: flag, WECHAT: flag, PUSH: flag, EMAIL: flag });
const time = like(/^\d\d:\d\d$/);
const purposes = ['PRIVACY_POLICY', 'PROFILE', 'LOCATION', 'MARKETING', 'SUBSCRIBE_MESSAGES', 'STEPS'];
const standing = { version: text, granted: flag, at: instant };

/** By what providers know somebody. */
export const PROVIDER_KINDS = [
  'WECHAT_OPENID',
  'WECHAT_UNIONID',
  'QQ_OPENID',
  'QQ_UNIONID',
  'ALIPAY_OPENID',
  'OIDC_SUBJECT',
] as const;

/** What there is of a member's own: what is personal in it is sealed. */
export const ownShapes: Record<string, Record<string, Form>> = {
  member: {
    memberId,
    'phone?': sealed,
    registeredAt: instant,
    via: one('LOGIN', 'TILL', 'UPLOAD'),
    'heldUntil?': instant,
    'erasedAt?': instant,
    'mergedInto?': memberId,
    'mergedAt?': instant,
  },
  'merged-member': {
    memberId,
    heirId: memberId,
    at: instant,
    by: one('MEMBER', 'STAFF'),
    'key?': text,
    'request?': text,
  },
  profile: {
    memberId,
    version: number,
    'sealed?': sealed,
    'birthdaySetAt?': instant,
    'avatar?': record({ uploadId: ID('upl'), at: instant }),
  },
  preferences: {
    memberId,
    version: number,
    interests: list(text),
    channels: record({ SERVICE: channels, LAPSE_NOTICES: channels, CAMPAIGNS: channels }),
    'quietHours?': record({ from: time, to: time }),
    language: one('zh-CN', 'en'),
    changedAt: each(/^(interests|quietHours|language|[A-Z_]+\.[A-Z]+)$/, instant),
  },
  addresses: { memberId, version: number, sealed },
  exports: { memberId, version: number, made: list(record({ exportId: ID('exp'), at: instant, ready: flag })) },
  erasure: { memberId, status: one('OPEN', 'DONE'), at: instant, 'doneAt?': instant },
  identities: {
    memberId,
    version: number,
    bound: list(record({ kind: one('PHONE', 'EXTERNAL', ...PROVIDER_KINDS), digest: text, sealed, at: instant })),
    'request?': text,
  },
  'identity-change': {
    memberId,
    changeId: ID('chg'),
    change: one('PHONE', 'BOUND', 'UNBOUND', 'MERGED'),
    at: instant,
    'to?': sealed,
    'keep?': ID('ses'),
    triedAt: number,
    'toldAt?': instant,
    expiresAtEpoch: number,
  },
  consent: {
    memberId,
    seq: number,
    purpose: one(...purposes),
    ...standing,
    standings: each(/^[A-Z_]+$/, record(standing)),
    ...digests,
  },
};
