import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import * as z from 'zod';
import { Refusal } from '../../errors.ts';
import { iso, now } from '../../platform/clock.ts';
import { setting } from '../../platform/settings.ts';
import { ask, ourApp, providerSecret, read, unavailable } from './ask.ts';
import type { Claims } from './port.ts';

const granted = z.object({ open_id: z.string().min(1).optional(), user_id: z.string().min(1).optional() });
const refused = z.object({ code: z.string(), sub_code: z.string().optional() });
const answered = z.object({
  alipay_system_oauth_token_response: z.union([refused, granted]).optional(),
  error_response: refused.optional(),
});

/** Not a code, used or expired: Alipay has one word for the three. */
const CODE_INVALID = 'isv.code-invalid';
/** The gateway's clock is Beijing's. */
const BEIJING_MS = 8 * 3_600_000;

/** Our key as Alipay's tool gives it: PKCS#8 in base64, without head and foot. */
async function ownKey(): Promise<KeyObject> {
  const key = Buffer.from(await providerSecret('alipayPrivateKey'), 'base64');
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    throw unavailable('alipay', 'our key is no PKCS#8 in base64');
  }
}

/** The parameters with their signature (RSA2): over all of them, by name, in one line. */
function signed(parameters: Record<string, string>, key: KeyObject): URLSearchParams {
  const line = Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return new URLSearchParams({ ...parameters, sign: sign('sha256', Buffer.from(line), key).toString('base64') });
}

/** Whom an auth code of Alipay stands for, once. An open id counts within our app; older apps are told a user id. */
export async function claimsOfAlipay(code: string): Promise<Claims> {
  const appId = ourApp('ALIPAY_APP_ID');
  const parameters = {
    app_id: appId,
    method: 'alipay.system.oauth.token',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: iso(now() + BEIJING_MS)
      .slice(0, 19)
      .replace('T', ' '),
    version: '1.0',
    grant_type: 'authorization_code',
    code,
  };
  // The charset is in the address as well: the gateway reads the form by it.
  const url = new URL('/gateway.do?charset=utf-8', setting('ALIPAY_ENDPOINT'));
  const body = signed(parameters, await ownKey());
  const answer = read('alipay', answered, await ask('alipay', url, { method: 'POST', body }));
  const told = answer.error_response ?? answer.alipay_system_oauth_token_response;
  if (told === undefined) throw unavailable('alipay', 'an answer of another form');
  if ('code' in told) {
    if (told.sub_code === CODE_INVALID) throw new Refusal('auth.provider_code_invalid');
    throw unavailable('alipay', told.sub_code ?? told.code);
  }
  const value = told.open_id ? `${appId}:${told.open_id}` : told.user_id;
  if (value === undefined) throw unavailable('alipay', 'an answer that names nobody');
  return [{ kind: 'ALIPAY_OPENID', value }];
}
