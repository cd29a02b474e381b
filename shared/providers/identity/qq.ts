import * as z from 'zod';
import { Refusal } from '../../errors.ts';
import { setting } from '../../platform/settings.ts';
import { ask, ourApp, providerSecret, read, unavailable } from './ask.ts';
import { type Claims, claimsOf } from './port.ts';

const refusable = { error: z.coerce.number().optional() };
const token = z.object({ ...refusable, access_token: z.string().optional() });
const me = z.object({ ...refusable, openid: z.string().min(1).optional(), unionid: z.string().optional() });

/** Not a code, or expired; used before. */
const CODE_INVALID = [100_019, 100_020];

function refusalOf(error: number): Refusal {
  return CODE_INVALID.includes(error) ? new Refusal('auth.provider_code_invalid') : unavailable('qq', error);
}

function address(path: string, query: Record<string, string>): URL {
  const url = new URL(path, setting('QQ_ENDPOINT'));
  for (const [name, value] of Object.entries({ ...query, fmt: 'json' })) url.searchParams.set(name, value);
  return url;
}

/** Whom a code of QQ's login page stands for, once. */
export async function claimsOfQq(code: string): Promise<Claims> {
  const appId = ourApp('QQ_APP_ID');
  const query = {
    grant_type: 'authorization_code',
    client_id: appId,
    client_secret: await providerSecret('qqSecret'),
    code,
    redirect_uri: setting('QQ_REDIRECT_URI'),
  };
  const { access_token, error = 0 } = read('qq', token, await ask('qq', address('/oauth2.0/token', query)));
  if (!access_token) throw refusalOf(error);
  const answer = read('qq', me, await ask('qq', address('/oauth2.0/me', { access_token, unionid: '1' })));
  if (!answer.openid) throw unavailable('qq', answer.error ?? 0);
  return claimsOf('QQ', { appId, openid: answer.openid, unionid: answer.unionid });
}
