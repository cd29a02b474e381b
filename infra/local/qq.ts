import { codeDesk, jsonReply, nameWithin, type Provider } from './provider-codes.ts';

export interface QqOptions {
  appId: string;
  secret: string;
  redirectUri: string;
  now: () => number;
}

const refused = (error: number, error_description: string) => ({ error, error_description });

/** QQ's OAuth2 as it answers with `fmt=json`: a token for a code, and who has the token. */
export function openQq({ appId, secret, redirectUri, now }: QqOptions): Provider {
  const desk = codeDesk(now);
  const tokens = new Map<string, string>();

  const tokenFor = (query: URLSearchParams): object => {
    if (query.get('grant_type') !== 'authorization_code') return refused(100_004, 'param grant_type is wrong or lost');
    if (query.get('client_id') !== appId) return refused(100_008, 'client id is illegal');
    if (query.get('client_secret') !== secret) return refused(100_009, 'client secret is illegal');
    if (query.get('redirect_uri') !== redirectUri) return refused(100_010, 'redirect uri is illegal');
    const told = desk(query.get('code') ?? '');
    if (told === 'USED') return refused(100_020, 'code is reused error');
    if (typeof told === 'string') return refused(100_019, 'code to access token error');
    if (told.person === 'busy') return refused(-1, 'system busy');
    const token = nameWithin('qq-token', `${told.person}/${now()}`, 32);
    tokens.set(token, told.person);
    return { access_token: token, expires_in: 7_776_000, refresh_token: nameWithin('qq-refresh', token, 32) };
  };
  const holder = (query: URLSearchParams): object => {
    const person = tokens.get(query.get('access_token') ?? '');
    if (person === undefined) return refused(100_016, 'access token check failed');
    const unionid = query.get('unionid') === '1' && { unionid: `UID_${nameWithin('qq', person, 32)}` };
    return { client_id: appId, openid: nameWithin(appId, person, 32), ...unionid };
  };

  const answers: Record<string, (query: URLSearchParams) => object> = {
    'GET /oauth2.0/token': tokenFor,
    'GET /oauth2.0/me': holder,
  };
  return ({ method, path, query }) => {
    const answer = answers[`${method} ${path}`];
    const asked = new URLSearchParams(query);
    if (answer && asked.get('fmt') !== 'json') return jsonReply(refused(100_000, 'this double speaks fmt=json'), 400);
    return answer && jsonReply(answer(asked));
  };
}
