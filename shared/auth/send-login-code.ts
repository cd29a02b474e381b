import { sendSms } from '../providers/sms.ts';
import { newCode, turnOf } from './login-codes.ts';
import { CODE } from './rules.ts';

interface Sent {
  codeId: string;
  expiresInSeconds: number;
  resendAfterSeconds: number;
}

/** Sends a code to the phone when it is its turn. The answer does not tell whether the number is known. */
export async function sendLoginCode(phone: string): Promise<Sent> {
  const { code, codeId, nextAfterSeconds } = await newCode(await turnOf(phone), 'LOGIN');
  await sendSms({ to: phone, template: 'LOGIN_CODE', params: [code, String(CODE.livesSeconds / 60)] });
  return { codeId, expiresInSeconds: CODE.livesSeconds, resendAfterSeconds: nextAfterSeconds };
}
