import { bindPhone } from '../members/members.ts';
import { maskPhone } from '../platform/masking.ts';
import { checkCode, type GivenCode } from './login-codes.ts';

/** Gives a member a phone for which they or a provider vouch; says it masked. */
export async function givePhone(memberId: string, phone: string): Promise<{ phone: string }> {
  await bindPhone(memberId, phone);
  return { phone: maskPhone(phone) };
}

/** Gives a member the phone to which this code was sent. Whose it is, is told only to who has the code. */
export async function givePhoneByCode(memberId: string, given: GivenCode): Promise<{ phone: string }> {
  await checkCode(given, 'LOGIN');
  return givePhone(memberId, given.phone);
}
