import { generateKeyPairSync } from 'node:crypto';
import { openAlipay } from './alipay.ts';
import { discoveryAt, openOidc } from './oidc.ts';
import type { Provider } from './provider-codes.ts';
import { openQq } from './qq.ts';
import { openWechat } from './wechat.ts';

const OTHERS = [
  'https://sms.tencentcloudapi.com',
  'https://dysmsapi.aliyuncs.com',
  'https://api.weixin.qq.com',
  'https://graph.qq.com',
  'https://openapi.alipay.com',
];

/** Addresses of others that functions are told, and where they lead on this machine: also where the stage's issuer is found. */
export function doubledAt(url: string, discovery: string | undefined): Record<string, string> {
  const issuer = discovery ? { [discovery]: discoveryAt(url) } : {};
  return { ...Object.fromEntries(OTHERS.map((other) => [other, url])), ...issuer };
}

/** An app's key as Alipay's tool gives it. */
export function alipayKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

export interface ProvidersOptions {
  /** The secrets of the template by ARN; what an operator would fill in is filled in here. */
  secrets: Record<string, string>;
  /** What the template tells the functions. */
  setting: (name: string) => string;
  now: () => number;
}

/** The providers of identities as the template's functions know them: the same apps, the same secrets. */
export function openProviders({ secrets, setting, now }: ProvidersOptions): readonly Provider[] {
  const arn = setting('PROVIDERS_SECRET');
  if (secrets[arn] === undefined) return [];
  const before = JSON.parse(secrets[arn]) as Record<string, string>;
  const { wechatSecret = 'local', wechatWebSecret = 'local', qqSecret = 'local', oidcSecret = 'local' } = before;
  const alipayPrivateKey = alipayKey();
  secrets[arn] = JSON.stringify({ ...before, wechatSecret, wechatWebSecret, qqSecret, alipayPrivateKey, oidcSecret });
  const apps = { [setting('WECHAT_APP_ID')]: wechatSecret, [setting('WECHAT_WEB_APP_ID')]: wechatWebSecret };
  return [
    openWechat({ apps, now }),
    openQq({ appId: setting('QQ_APP_ID'), secret: qqSecret, redirectUri: setting('QQ_REDIRECT_URI'), now }),
    openAlipay({ appId: setting('ALIPAY_APP_ID'), privateKey: alipayPrivateKey, now }),
    openOidc({
      issuer: setting('OIDC_ISSUER'),
      clientId: setting('OIDC_CLIENT_ID'),
      secret: oidcSecret,
      redirectUri: setting('OIDC_REDIRECT_URI'),
      now,
    }),
  ];
}
