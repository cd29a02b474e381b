export type Setting =
  | 'TABLE_NAME'
  | 'KEYS_SECRET'
  | 'DATA_KEY'
  | 'AVATAR_BUCKET'
  | 'SMS_SECRET'
  | 'FIRST_STAFF_SECRET'
  | 'SMS_PROVIDER'
  | 'PROVIDERS_SECRET'
  | 'WECHAT_ENDPOINT'
  | 'QQ_ENDPOINT'
  | 'QQ_REDIRECT_URI'
  | 'ALIPAY_ENDPOINT'
  | 'OIDC_ISSUER'
  | 'OIDC_DISCOVERY'
  | 'OIDC_REDIRECT_URI'
  | 'SMS_ENDPOINT'
  | 'SMS_APP_ID'
  | 'SMS_SIGN'
  | 'SMS_LOGIN_TEMPLATE'
  | 'SMS_CHANGE_TEMPLATE'
  | 'EVENT_BUS'
  | 'ARCHIVE_BUCKET'
  | 'TIME_ZONE'
  | 'ISSUER';

/** As which app a provider of identities knows us: only where the stage offers that provider. */
export type AppSetting = 'WECHAT_APP_ID' | 'WECHAT_WEB_APP_ID' | 'QQ_APP_ID' | 'ALIPAY_APP_ID' | 'OIDC_CLIENT_ID';

/** A setting that the template gives this function; a missing one stops the function with its name. */
export function setting(name: Setting): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment lacks ${name}: the template must give it to this function.`);
  return value;
}

/** A setting that the template gives only where the stage has one. */
export function optionalSetting(name: 'HUMAN_CHECK_URL' | AppSetting): string | undefined {
  return process.env[name];
}

/** A setting that no template gives: only a runtime that is nobody's cloud has it. */
export function homeSetting(name: 'WEBHOOK_TRUSTED_HOST'): string | undefined {
  return process.env[name];
}
