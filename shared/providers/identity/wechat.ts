import * as z from 'zod';
import { Refusal } from '../../errors.ts';
import { elapsed } from '../../platform/clock.ts';
import { setting } from '../../platform/settings.ts';
import { ask, ourApp, providerSecret, read, unavailable } from './ask.ts';
import { type Claims, claimsOf } from './port.ts';

/** Every answer may be a refusal: `errcode` is absent or 0 where it is none. */
const refusable = { errcode: z.int().optional() };

const session = z.object({ ...refusable, openid: z.string().min(1).optional(), unionid: z.string().optional() });
const token = z.object({ ...refusable, access_token: z.string().optional(), expires_in: z.number().optional() });
const phone = z.object({
  ...refusable,
  phone_info: z.object({ purePhoneNumber: z.string(), countryCode: z.string() }).optional(),
});

/** Not a code, expired or of another app; used before; of somebody whom WeChat lets in nowhere. */
const CODE_INVALID = [40_029, 40_163, 40_226];
/** A token of the app that does not count (any more). */
const TOKEN_INVALID = [40_001, 40_014, 42_001];
const E164 = /^\+[1-9]\d{6,14}$/;
/** A new token is asked for before the old one ends. */
const TOKEN_MARGIN_MS = 300_000;

function refusalOf(errcode: number): Refusal {
  if (CODE_INVALID.includes(errcode)) return new Refusal('auth.provider_code_invalid');
  return unavailable('wechat', errcode);
}

function address(path: string, query: Record<string, string> = {}): URL {
  const url = new URL(path, setting('WECHAT_ENDPOINT'));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

const app = async () => ({ appid: ourApp('WECHAT_APP_ID'), secret: await providerSecret('wechatSecret') });

const posted = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Whom a code of `wx.login` stands for, once. */
export async function claimsOfWechat(code: string): Promise<Claims> {
  const { appid, secret } = await app();
  const query = { appid, secret, js_code: code, grant_type: 'authorization_code' };
  const answer = read('wechat', session, await ask('wechat', address('/sns/jscode2session', query)));
  if (answer.openid === undefined) throw refusalOf(answer.errcode ?? 0);
  return claimsOf('WECHAT', { appId: appid, openid: answer.openid, unionid: answer.unionid });
}

/** Whom a code of an official account, or of WeChat's login page in a browser, stands for, once. */
export async function claimsOfWechatWeb(code: string): Promise<Claims> {
  const appid = ourApp('WECHAT_WEB_APP_ID');
  const query = { appid, secret: await providerSecret('wechatWebSecret'), code, grant_type: 'authorization_code' };
  const answer = read('wechat', session, await ask('wechat', address('/sns/oauth2/access_token', query)));
  if (answer.openid === undefined) throw refusalOf(answer.errcode ?? 0);
  return claimsOf('WECHAT', { appId: appid, openid: answer.openid, unionid: answer.unionid });
}

let known: { token: string; until: number } | undefined;

/** The token of our app: the same in all containers, because WeChat gives out the one that counts until it ends. */
async function appToken(): Promise<string> {
  if (known && elapsed() < known.until) return known.token;
  const body = { grant_type: 'client_credential', ...(await app()) };
  const answer = read('wechat', token, await ask('wechat', address('/cgi-bin/stable_token'), posted(body)));
  if (!answer.access_token) throw refusalOf(answer.errcode ?? 0);
  known = {
    token: answer.access_token,
    until: elapsed() + (answer.expires_in ?? 0) * 1_000 - TOKEN_MARGIN_MS,
  };
  return known.token;
}

async function askPhone(code: string) {
  const url = address('/wxa/business/getuserphonenumber', { access_token: await appToken() });
  return read('wechat', phone, await ask('wechat', url, posted({ code })));
}

/** The phone (E.164) that a code of the phone button stands for, once. A token that was taken back is replaced once. */
export async function phoneOfWechat(code: string): Promise<string> {
  let answer = await askPhone(code);
  if (TOKEN_INVALID.includes(answer.errcode ?? 0)) {
    known = undefined;
    answer = await askPhone(code);
  }
  if (!answer.phone_info) throw refusalOf(answer.errcode ?? 0);
  const { countryCode, purePhoneNumber } = answer.phone_info;
  const e164 = `+${countryCode}${purePhoneNumber}`;
  if (!E164.test(e164)) throw unavailable('wechat', 'a phone of another form');
  return e164;
}
