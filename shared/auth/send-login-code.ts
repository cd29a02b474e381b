import { sendSms } from '../providers/sms.ts';
import { newCode } from './login-codes.ts';
import { CODE } from './rules.ts';

/** Sends a code to the phone, at most one a minute. The answer does not tell whether the number is known. */
export async function sendLoginCode(phone: string): Promise<{ expiresInSeconds: number; resendAfterSeconds: number }> {
  const code = await newCode(phone);
  await sendSms({ to: phone, template: 'LOGIN_CODE', params: [code, String(CODE.livesSeconds / 60)] });
  return { expiresInSeconds: CODE.livesSeconds, resendAfterSeconds: CODE.resendSeconds };
}
