import { Refusal } from '../errors.ts';
import { type Asked, bind, bindPhone, contactOf, unbind, wasMadeBy } from '../members/members.ts';
import { now } from '../platform/clock.ts';
import { maskPhone } from '../platform/masking.ts';
import { claimsBy, type Given } from '../providers/identity/providers.ts';
import { phoneOfWechat } from '../providers/identity/wechat.ts';
import { type Asking, mustBeFresh } from './endings.ts';
import { checkCode, type GivenCode } from './login-codes.ts';
import { whileOpen } from './store.ts';

/**
 * Does what a request asks of how a member logs in, unless the same request has done it: its answer may have been lost,
 * and what it gave counts once, so that it would be refused.
 */
export async function onlyOnce(memberId: string, request: string, act: () => Promise<void>): Promise<void> {
  if (await wasMadeBy(memberId, request)) return;
  try {
    await act();
  } catch (error) {
    // The first of two at once may have done it meanwhile.
    if (!(error instanceof Refusal && (await wasMadeBy(memberId, request)))) throw error;
  }
}

/**
 * As `onlyOnce`, for who has just logged in: a token that was stolen makes no way in that stays, and takes none away. What
 * is asked of a provider takes its time, so the write asks again whether the session has ended.
 */
async function whenFresh(asking: Asking, request: string, act: (asked: Asked) => Promise<void>): Promise<void> {
  await onlyOnce(asking.memberId, request, async () => {
    const at = now();
    await mustBeFresh(asking, at);
    await act({ request, guard: whileOpen(asking, at) });
  });
}

/** Binds what a provider vouches for to a member, by what it gave the client. */
export async function bindBy(asking: Asking, given: Given, request: string): Promise<void> {
  await whenFresh(asking, request, async (asked) => bind(asking.memberId, await claimsBy(given), asked));
}

/** Takes all that a company calls a member off them. */
export async function unbindFrom(asking: Asking, company: Parameters<typeof unbind>[1]): Promise<void> {
  const at = now();
  await mustBeFresh(asking, at);
  await unbind(asking.memberId, company, whileOpen(asking, at));
}

/** Gives a member the phone for which WeChat vouches; says it masked. */
export async function givePhoneByWechat(asking: Asking, code: string, request: string): Promise<{ phone: string }> {
  const { memberId } = asking;
  await whenFresh(asking, request, async (asked) => bindPhone(memberId, await phoneOfWechat(code), asked));
  return { phone: maskPhone(await contactOf(memberId)) };
}

/** Gives a member the phone to which this code was sent. Whose it is, is told only to who has the code. */
export async function givePhoneByCode(asking: Asking, given: GivenCode, request: string): Promise<{ phone: string }> {
  await whenFresh(asking, request, async (asked) => {
    await checkCode(given, 'LOGIN');
    await bindPhone(asking.memberId, given.phone, asked);
  });
  return { phone: maskPhone(given.phone) };
}
