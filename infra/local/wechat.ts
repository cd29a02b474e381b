import type { Request } from './http-event.ts';
import { codeDesk, jsonReply, nameWithin, type Provider } from './provider-codes.ts';

export interface WechatOptions {
  /** The apps of one account, which know a person by one unionid, each with its secret. */
  apps: Readonly<Record<string, string>>;
  now: () => number;
}

interface Asked {
  query: URLSearchParams;
  body: Record<string, string>;
}

const refused = (errcode: number, errmsg: string) => ({ errcode, errmsg });

/** Whom WeChat has no time for: by the person's name in the code. */
const BUSY: Record<string, object> = {
  busy: refused(-1, 'system error'),
  limited: refused(45_011, 'api minute-quota reach limit, must slower, retry next minute'),
};

function readBody({ body }: Request): Record<string, string> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

/**
 * WeChat's server API: who a code of `wx.login` or of its login page is, the token of the app, and the phone behind a code
 * of the phone button (whose person is the number itself).
 */
export function openWechat({ apps, now }: WechatOptions): Provider {
  const [logins, phones] = [codeDesk(now), codeDesk(now)];
  const tokenOf = (appId: string) => nameWithin(`token/${apps[appId] ?? ''}`, appId, 43);

  const unknownApp = (given: { appid?: string | null; secret?: string | null }) => {
    const secret = apps[given.appid ?? ''];
    if (secret === undefined) return refused(40_013, 'invalid appid');
    return given.secret === secret ? undefined : refused(40_125, 'invalid appsecret');
  };
  const personOf = (desk: typeof logins, code: string): { person: string } | { refusal: object } => {
    const told = desk(code);
    if (told === 'USED') return { refusal: refused(40_163, 'code been used') };
    if (typeof told === 'string') return { refusal: refused(40_029, 'invalid code') };
    const busy = BUSY[told.person];
    return busy ? { refusal: busy } : told;
  };

  const whoIs = (query: URLSearchParams, code: string): ReturnType<typeof personOf> => {
    const unknown = unknownApp({ appid: query.get('appid'), secret: query.get('secret') });
    if (unknown) return { refusal: unknown };
    const isCode = query.get('grant_type') === 'authorization_code';
    return isCode ? personOf(logins, code) : { refusal: refused(40_002, 'invalid grant_type') };
  };
  const namesOf = (query: URLSearchParams, person: string) => ({
    openid: `o${nameWithin(query.get('appid') ?? '', person, 27)}`,
    ...(!person.startsWith('alone') && { unionid: `u${nameWithin('wechat', person, 27)}` }),
  });

  const answers: Record<string, (asked: Asked) => object> = {
    'GET /sns/jscode2session': ({ query }) => {
      const told = whoIs(query, query.get('js_code') ?? '');
      if ('refusal' in told) return told.refusal;
      const session_key = Buffer.from(nameWithin('session', told.person, 16)).toString('base64');
      return { ...namesOf(query, told.person), session_key };
    },
    'GET /sns/oauth2/access_token': ({ query }) => {
      const told = whoIs(query, query.get('code') ?? '');
      if ('refusal' in told) return told.refusal;
      const access_token = nameWithin('web-token', told.person, 40);
      return { access_token, expires_in: 7_200, scope: 'snsapi_base', ...namesOf(query, told.person) };
    },
    'POST /cgi-bin/stable_token': ({ body }) =>
      unknownApp(body) ?? { access_token: tokenOf(body.appid ?? ''), expires_in: 7_200 },
    'POST /wxa/business/getuserphonenumber': ({ query, body }) => {
      const appid = Object.keys(apps).find((one) => tokenOf(one) === query.get('access_token'));
      if (appid === undefined) return refused(40_001, 'invalid credential, access_token is invalid');
      const told = personOf(phones, body.code ?? '');
      if ('refusal' in told) return told.refusal;
      const phone_info = {
        phoneNumber: told.person,
        purePhoneNumber: told.person,
        countryCode: '86',
        watermark: { timestamp: Math.floor(now() / 1_000), appid },
      };
      return { errcode: 0, errmsg: 'ok', phone_info };
    },
  };

  return (request) => {
    const answer = answers[`${request.method} ${request.path}`];
    return answer && jsonReply(answer({ query: new URLSearchParams(request.query), body: readBody(request) }));
  };
}
