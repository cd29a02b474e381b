import type { Provider } from './provider-codes.ts';
import { openWechat } from './wechat.ts';

const OTHERS = ['https://sms.tencentcloudapi.com', 'https://dysmsapi.aliyuncs.com', 'https://api.weixin.qq.com'];

/** Addresses of others that functions are told, and where they lead on this machine. */
export function doubledAt(url: string): Record<string, string> {
  return Object.fromEntries(OTHERS.map((other) => [other, url]));
}

export interface ProvidersOptions {
  /** The secrets of the template by ARN. */
  secrets: Record<string, string>;
  /** What the template tells the functions. */
  setting: (name: string) => string;
  now: () => number;
}

/** The providers of identities as the template's functions know them: the same app, the same secrets. */
export function openProviders({ secrets, setting, now }: ProvidersOptions): readonly Provider[] {
  const given = JSON.parse(secrets[setting('PROVIDERS_SECRET')] ?? '{}') as Record<string, string>;
  return [openWechat({ apps: [setting('WECHAT_APP_ID')], secret: given.wechatSecret ?? '', now })];
}
