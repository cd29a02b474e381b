import type { Limits } from '../platform/budget-windows.ts';
import type { IdentityKind } from './store.ts';

/** How a member's code lives: it changes every 30 s, and clocks may differ by one code; 60 bits vouch for it. */
export const MEMBER_CODE = { prefix: 'PM', windowMs: 30_000, skew: 1, idLength: 26, sealLength: 12 } as const;

/** Who stands behind an identity, as a member knows them. PHONE: another phone of one into whom somebody was merged. */
export type Company = 'WECHAT' | 'QQ' | 'ALIPAY' | 'OIDC' | 'PHONE';

const COMPANIES: Record<Exclude<IdentityKind, 'EXTERNAL'>, Company> = {
  PHONE: 'PHONE',
  WECHAT_OPENID: 'WECHAT',
  WECHAT_UNIONID: 'WECHAT',
  QQ_OPENID: 'QQ',
  QQ_UNIONID: 'QQ',
  ALIPAY_OPENID: 'ALIPAY',
  OIDC_SUBJECT: 'OIDC',
};

/** Undefined for the id of another system: nobody logs in by it. */
export function companyOf(kind: IdentityKind): Company | undefined {
  return kind === 'EXTERNAL' ? undefined : COMPANIES[kind];
}

/** So many identities one member has at most by binding them: more than anybody has, and fewer than a transaction takes. */
export const MOST_BOUND = 20;

/**
 * What follows a change of what a member is recognised by: for a day nothing leaves the account, and what was bound by it
 * vouches for no further change. Who is to be told of it is kept until dead letters are gone; a try to tell them that has
 * not ended after `triedMs` was cut off.
 */
export const AFTER_CHANGE = { heldMs: 86_400_000, keptMs: 15 * 86_400_000, triedMs: 30_000 } as const;

/** Whether the phone of a member was changed, or something unbound, within a day: then nothing leaves their account. */
export function isHeld({ heldUntil = 0 }: { heldUntil?: number | undefined }, at: number): boolean {
  return heldUntil > at;
}

/**
 * How often one caller may ask in vain whose a phone is. What finds somebody does not count; neither does an id.
 *
 * SEARCH: staff. A masked phone hides four digits, so it has 10,000 to try; a desk mistypes a few in an hour. The hour
 *   alone bounds it: were it a day, who has mistyped much would serve nobody by phone until midnight.
 * GIFT: members. Somebody mistypes once or twice; where a gift arrives, it has cost a point.
 * REPEAT: members, under the key of a gift of theirs that names somebody else: by a gift to an id they would learn its
 *   phone. Apart from GIFT, so that who has spent that is still answered a gift that is sent again.
 */
export const LOOK_UPS = {
  SEARCH: { hour: 20, day: 24 * 20 },
  GIFT: { hour: 10, day: 10 },
  REPEAT: { hour: 10, day: 10 },
} as const satisfies Record<string, Limits>;

export type LookUpKind = keyof typeof LOOK_UPS;
