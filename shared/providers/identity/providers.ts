import { claimsOfAlipay } from './alipay.ts';
import type { Claims } from './port.ts';
import { claimsOfQq } from './qq.ts';
import { claimsOfWechat, claimsOfWechatWeb } from './wechat.ts';

/** Every provider: whom its code stands for, once. A code that it does not take is refused, and so is its being busy. */
export const claimsBy = {
  WECHAT: claimsOfWechat,
  WECHAT_WEB: claimsOfWechatWeb,
  QQ: claimsOfQq,
  ALIPAY: claimsOfAlipay,
} satisfies Record<string, (code: string) => Promise<Claims>>;
