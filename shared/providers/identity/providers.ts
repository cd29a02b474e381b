import { claimsOfAlipay } from './alipay.ts';
import { claimsOfOidc, type OidcLogin } from './oidc.ts';
import type { Claims } from './port.ts';
import { claimsOfQq } from './qq.ts';
import { claimsOfWechat, claimsOfWechatWeb } from './wechat.ts';

/** The providers whose code says all. */
const byCode = {
  WECHAT: claimsOfWechat,
  WECHAT_WEB: claimsOfWechatWeb,
  QQ: claimsOfQq,
  ALIPAY: claimsOfAlipay,
} satisfies Record<string, (code: string) => Promise<Claims>>;

/** What a client was given by a provider. */
export type Given = { provider: keyof typeof byCode; code: string } | ({ provider: 'OIDC' } & OidcLogin);

/** Whom a provider's code stands for, once. A code that it does not take is refused, and so is its being busy. */
export function claimsBy(given: Given): Promise<Claims> {
  return given.provider === 'OIDC' ? claimsOfOidc(given) : byCode[given.provider](given.code);
}
