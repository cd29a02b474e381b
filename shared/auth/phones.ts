import { bindPhone } from '../members/members.ts';
import { maskPhone } from '../platform/masking.ts';
import { type Asking, mustBeLoggedIn } from './endings.ts';
import { checkCode, type GivenCode } from './login-codes.ts';

async function give(memberId: string, phone: string): Promise<{ phone: string }> {
  await bindPhone(memberId, phone);
  return { phone: maskPhone(phone) };
}

/** Gives a member a phone for which a provider vouches; says it masked. */
export async function givePhone(asking: Asking, phone: string): Promise<{ phone: string }> {
  await mustBeLoggedIn(asking);
  return give(asking.memberId, phone);
}

/** Gives a member the phone to which this code was sent. Whose it is, is told only to who has the code. */
export async function givePhoneByCode(asking: Asking, given: GivenCode): Promise<{ phone: string }> {
  await mustBeLoggedIn(asking);
  await checkCode(given, 'LOGIN');
  return give(asking.memberId, given.phone);
}
