/**
 * The template of a code has `${code}` and `${minutes}` at Aliyun, `{1}` and `{2}` at Tencent; that of the notice that a
 * phone or another way to log in was changed has `${time}`, or `{1}`.
 */
type Sms = { endpoint: string; sign: string; loginTemplate: string; changeTemplate: string } & (
  | { provider: 'tencent'; appId: string }
  | { provider: 'aliyun' }
);

/** What one stage has that another has not. */
export interface Stage {
  name: 'dev' | 'staging' | 'production';
  /** The programme's zone: days begin and schedules strike by it. */
  timeZone: string;
  logRetentionDays: 7 | 30 | 180;
  throttle: { rateLimit: number; burstLimit: number };
  /**
   * The authorizers have executions of their own (`functionNeeds`), so that the door opens however busy what lies behind it
   * is: the gateway makes a bare 500 of an authorizer that is throttled. Asks for the 1,000 executions that an account has
   * unless it is new.
   */
  keepsPlaces: boolean;
  /**
   * The origins whose pages may call from a browser (`https://mall.example.com`), and `*` for any, so that an integrator
   * can try things. There are no cookies to steal. None where none is named.
   */
  pages?: readonly string[];
  /** Refuses to delete the table and the stacks that hold state. */
  deletionProtection: boolean;
  logLevel: 'DEBUG' | 'INFO';
  /** How a new version takes over; where the stage is watched, its alarms put the old one back. */
  release: 'ALL_AT_ONCE' | 'CANARY_10PERCENT_5MINUTES' | 'CANARY_10PERCENT_10MINUTES';
  /**
   * Who answers for the alarms, and where they are sent; without it there are none, for they cost money while idle. Without
   * `email` they go off and reach nobody.
   */
  watch?: { owner: string; email?: string };
  /** The table that a restore has made, which stands in for the stack's own (docs/RUNBOOK.md#restore). */
  restored?: { tableName: string; streamArn: string };
  /** How many days nobody deletes an object of the archive; under COMPLIANCE not even the account's owner. */
  archive: { days: number; lock: 'GOVERNANCE' | 'COMPLIANCE' };
  /** Who can tell whether a person asks for a code, in the form of siteverify; its key goes into the operator's secret. */
  humanCheck?: { url: string };
  /**
   * Where providers of identities answer, and as which app we ask: settings by name, for the function that asks. One whose
   * `…_APP_ID` (of OIDC `…_CLIENT_ID`) a stage leaves out is not offered there.
   */
  providers: Record<string, string>;
  /** Who sends messages: `tencentSms` or `aliyunSms` below, with your own application, signature and templates. */
  sms: Sms;
}

const tencentSms: Sms = {
  provider: 'tencent',
  endpoint: 'https://sms.tencentcloudapi.com',
  appId: '1400000000',
  sign: '积分商城',
  loginTemplate: '1000001',
  changeTemplate: '1000002',
};

/** For a stage that sends by Aliyun. */
export const aliyunSms: Sms = {
  provider: 'aliyun',
  endpoint: 'https://dysmsapi.aliyuncs.com',
  sign: '积分商城',
  loginTemplate: 'SMS_100000001',
  changeTemplate: 'SMS_100000002',
};

/** Of the company itself, or of an aggregator; a change of it makes strangers of all who came by it. */
const oidcIssuer = 'https://id.example.com';

const providers = {
  WECHAT_ENDPOINT: 'https://api.weixin.qq.com',
  WECHAT_APP_ID: 'wx0000000000000000',
  WECHAT_WEB_APP_ID: 'wx0000000000000001',
  QQ_ENDPOINT: 'https://graph.qq.com',
  QQ_APP_ID: '100000000',
  QQ_REDIRECT_URI: 'https://example.com/login/qq',
  ALIPAY_ENDPOINT: 'https://openapi.alipay.com',
  ALIPAY_APP_ID: '2021000000000000',
  OIDC_ISSUER: oidcIssuer,
  OIDC_DISCOVERY: `${oidcIssuer}/.well-known/openid-configuration`,
  OIDC_CLIENT_ID: 'points-mall',
  OIDC_REDIRECT_URI: 'https://example.com/login/oidc',
};

/** The stages: the only place where they differ. */
export const stages: Record<Stage['name'], Stage> = {
  dev: {
    name: 'dev',
    timeZone: 'Asia/Shanghai',
    logRetentionDays: 7,
    throttle: { rateLimit: 200, burstLimit: 400 },
    keepsPlaces: false,
    pages: ['*'],
    deletionProtection: true,
    logLevel: 'DEBUG',
    release: 'ALL_AT_ONCE',
    archive: { days: 1, lock: 'GOVERNANCE' },
    providers,
    sms: tencentSms,
  },
  staging: {
    name: 'staging',
    timeZone: 'Asia/Shanghai',
    logRetentionDays: 30,
    throttle: { rateLimit: 500, burstLimit: 1_000 },
    keepsPlaces: true,
    deletionProtection: true,
    logLevel: 'INFO',
    release: 'CANARY_10PERCENT_5MINUTES',
    watch: { owner: 'Points Mall on call' },
    archive: { days: 7, lock: 'GOVERNANCE' },
    providers,
    sms: tencentSms,
  },
  production: {
    name: 'production',
    timeZone: 'Asia/Shanghai',
    logRetentionDays: 180,
    throttle: { rateLimit: 2_000, burstLimit: 4_000 },
    keepsPlaces: true,
    deletionProtection: true,
    logLevel: 'INFO',
    release: 'CANARY_10PERCENT_10MINUTES',
    watch: { owner: 'Points Mall on call' },
    archive: { days: 3 * 366, lock: 'COMPLIANCE' },
    providers,
    sms: tencentSms,
  },
};

/** The stage of this name; an unknown one is refused with the names that exist. */
export function stageNamed(name: string): Stage {
  const stage = Object.values(stages).find((candidate) => candidate.name === name);
  if (!stage) throw new Error(`There is no stage "${name}": say -c stage=${Object.keys(stages).join(' | ')}.`);
  return stage;
}
