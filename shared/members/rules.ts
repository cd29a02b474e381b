import type { ProviderKind } from '../providers/identity/port.ts';

/** How a member's code lives: it changes every 30 s, and clocks may differ by one code; 60 bits vouch for it. */
export const MEMBER_CODE = { prefix: 'PM', windowMs: 30_000, skew: 1, idLength: 26, sealLength: 12 } as const;

/** Who stands behind an identity, as a member knows them. */
export type Company = 'WECHAT' | 'QQ' | 'ALIPAY' | 'OIDC';

const COMPANIES: Record<ProviderKind, Company> = {
  WECHAT_OPENID: 'WECHAT',
  WECHAT_UNIONID: 'WECHAT',
  QQ_OPENID: 'QQ',
  QQ_UNIONID: 'QQ',
  ALIPAY_OPENID: 'ALIPAY',
  OIDC_SUBJECT: 'OIDC',
};

export function companyOf(kind: ProviderKind): Company {
  return COMPANIES[kind];
}

/**
 * What follows a change of what a member is recognised by: for a day nothing leaves the account, and what was bound by it
 * vouches for no further change. Who is to be told of it is kept until dead letters are gone; a try to tell them that has
 * not ended after `triedMs` was cut off.
 */
export const AFTER_CHANGE = { heldMs: 86_400_000, keptMs: 15 * 86_400_000, triedMs: 30_000 } as const;
