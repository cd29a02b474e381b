import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import type { Request } from './http-event.ts';
import { codeDesk, jsonReply, nameWithin, type Provider } from './provider-codes.ts';

export interface AlipayOptions {
  appId: string;
  /** The key that requests are signed with, as the app has it: PKCS#8 in base64. */
  privateKey: string;
  now: () => number;
}

const refused = (code: string, sub_code: string) => ({ error_response: { code, msg: 'Refused', sub_code } });

/** Alipay's gateway for one method, `alipay.system.oauth.token`: holds the signature (RSA2) against the app's key. */
export function openAlipay({ appId, privateKey, now }: AlipayOptions): Provider {
  const desk = codeDesk(now);
  const key = createPublicKey(
    createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }),
  );

  const isSigned = (form: URLSearchParams): boolean => {
    const line = [...form]
      .filter(([name]) => name !== 'sign')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    return verify('sha256', Buffer.from(line), key, Buffer.from(form.get('sign') ?? '', 'base64'));
  };
  const answer = ({ body }: Request): object => {
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('app_id') !== appId) return refused('40002', 'isv.invalid-app-id');
    if (form.get('sign_type') !== 'RSA2' || !isSigned(form)) return refused('40002', 'isv.invalid-signature');
    if (form.get('method') !== 'alipay.system.oauth.token') return refused('40002', 'isv.invalid-method');
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(form.get('timestamp') ?? ''))
      return refused('40002', 'isv.invalid-timestamp');
    const told = desk(form.get('code') ?? '');
    if (typeof told === 'string') return refused('40002', 'isv.code-invalid');
    if (told.person === 'busy') return refused('20000', 'isp.unknow-error');
    const named = told.person.startsWith('older')
      ? { user_id: `2088${nameWithin('alipay', told.person, 12)}` }
      : { open_id: nameWithin(appId, told.person, 40) };
    const token = nameWithin('alipay-token', told.person, 40);
    return {
      alipay_system_oauth_token_response: { ...named, access_token: token, expires_in: '1296000' },
      sign: 'the double does not sign',
    };
  };

  return (request) =>
    request.method === 'POST' && request.path === '/gateway.do' ? jsonReply(answer(request)) : undefined;
}
