/** By what a provider knows somebody. An openid counts within one app, a unionid in all apps of one account there. */
export type ProviderKind =
  | 'WECHAT_OPENID'
  | 'WECHAT_UNIONID'
  | 'QQ_OPENID'
  | 'QQ_UNIONID'
  | 'ALIPAY_OPENID'
  | 'OIDC_SUBJECT';

/** What a provider vouches for: of which kind, and the id, which says also within what it counts. */
export interface Claim {
  kind: ProviderKind;
  value: string;
}

/** What a provider calls somebody, without what it counts within. A subject of OIDC may hold any sign, an issuer no bar. */
export function nameIn({ kind, value }: { kind: string; value: string }): string {
  return value.slice(value.indexOf(kind === 'OIDC_SUBJECT' ? '|' : ':') + 1);
}

/** All that a provider vouches for of one person; the first one is always there and tells the most. */
export type Claims = readonly [Claim, ...Claim[]];

/** An openid as it stands apart from those of other apps, and the unionid where the provider gives one. */
export function claimsOf(
  name: 'WECHAT' | 'QQ',
  { appId, openid, unionid }: { appId: string; openid: string; unionid?: string | undefined },
): Claims {
  const first: Claim = { kind: `${name}_OPENID`, value: `${appId}:${openid}` };
  return unionid ? [first, { kind: `${name}_UNIONID`, value: unionid }] : [first];
}
