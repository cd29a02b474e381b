import { Refusal } from '../errors.ts';
import { changingPhone, contactOf, isTaken, isVouchedFor, type PhoneChange } from '../members/members.ts';
import { now } from '../platform/clock.ts';
import { maskPhone } from '../platform/masking.ts';
import type { Claims } from '../providers/identity/port.ts';
import { claimsBy, type Given } from '../providers/identity/providers.ts';
import { exchange, send } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Asking, endsOfOthers, mustBeOpen } from './endings.ts';
import { checkCode, type GivenCode, judgeCode } from './login-codes.ts';
import { whileOpen } from './store.ts';
import { onlyOnce } from './ways-in.ts';

/** What shows that it is the member who asks: a code sent to the phone that they have, or a provider that is bound. */
export type StepUp = { code: string; codeId?: string | undefined } | Given;

/** The new phone with its code, and the step-up. */
type Wish = GivenCode & { stepUp: StepUp };

/** A step-up that was looked at: what uses it up, and what it costs to be told how that went. */
interface Shown {
  right: boolean;
  uses: Write[];
  misses: Write[];
  /** Whether it is still right: no write stands on what a provider vouches by. */
  isStill(): Promise<boolean>;
}

/** For whom a provider vouches; undefined where it does not take the code. */
async function claimsFor(given: Given): Promise<Claims | undefined> {
  try {
    return await claimsBy(given);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'auth.provider_code_invalid') return undefined;
    throw error;
  }
}

async function lookAt(stepUp: StepUp, memberId: string, before: string): Promise<Shown> {
  if ('provider' in stepUp) {
    const claims = await claimsFor(stepUp);
    const isStill = async () => claims !== undefined && (await isVouchedFor(memberId, claims, now()));
    return { right: await isStill(), uses: [], misses: [], isStill };
  }
  const judged = await judgeCode({ phone: before, ...stepUp }, 'STEP_UP', 'auth.step_up_invalid');
  const isStill = async () => true;
  return judged
    ? { right: judged.right, uses: [judged.use], misses: [judged.miss], isStill }
    : { right: false, uses: [], misses: [], isStill };
}

/** What is wrong with what was given, and what it costs to be told so. */
interface Wrong {
  code: 'auth.code_invalid' | 'auth.step_up_invalid' | 'members.phone_taken';
  misses: Write[];
}

/** The use of both codes, if they are good; or what is wrong. */
async function judge(
  memberId: string,
  before: string,
  { stepUp, ...given }: Wish,
): Promise<Wrong | Omit<Shown, 'right'>> {
  const own = await judgeCode(given, 'LOGIN');
  if (!own?.right) return { code: 'auth.code_invalid', misses: own ? [own.miss] : [] };
  // A provider's code is used up by asking what it stands for: only when all else is in order.
  if (await isTaken(given.phone, memberId)) return { code: 'members.phone_taken', misses: [own.miss] };
  const shown = await lookAt(stepUp, memberId, before);
  const misses = [own.miss, ...shown.misses];
  if (!shown.right) return { code: 'auth.step_up_invalid', misses };
  return { uses: [own.use, ...shown.uses], misses, isStill: shown.isStill };
}

/** Refuses, once each code of which something is told by that has lost a try. */
async function refuse({ code, misses }: Wrong): Promise<never> {
  if (misses.length > 0) await send(misses);
  throw new Refusal(code);
}

/** Puts `phone` in the place of the one from before, by codes that are good so far. */
async function putInPlace(
  { memberId, sessionId }: Asking,
  change: Pick<PhoneChange, 'before' | 'after' | 'request'>,
  { uses, misses, isStill }: Omit<Shown, 'right'>,
): Promise<void> {
  const { answer: wrong } = await exchange<Wrong['code'] | null>(async ({ at }) => {
    if (await isTaken(change.after, memberId)) return { writes: misses, answer: 'members.phone_taken' };
    const made = await changingPhone(memberId, { ...change, keep: sessionId }, at);
    // What was unbound before that was read shows here; what is unbound later moves what the writes stand on.
    if (!(await isStill())) return { writes: misses, answer: 'auth.step_up_invalid' };
    const ends = await endsOfOthers(memberId, sessionId, at);
    const own = whileOpen({ memberId, sessionId }, at);
    return { writes: [...uses, ...made, ...ends, own], answer: null };
  });
  if (wrong !== null) throw new Refusal(wrong);
}

/**
 * Puts another phone in the place of the one that a member has: by a code that was sent there, and a step-up. Both codes
 * are used up by the transaction that makes the change, or by none; whatever else is told of one costs it a try. In the
 * same transaction all other sessions end, nothing may leave the account for a day, and the old phone is to be told. The
 * phone that one has already is shown by its code like any other, and nothing is changed.
 */
export async function changePhone(asking: Asking, wish: Wish, request: string): Promise<{ phone: string }> {
  const { memberId } = asking;
  const after = wish.phone;
  await onlyOnce(memberId, request, async () => {
    const before = await contactOf(memberId);
    await mustBeOpen(asking);
    if (before === after) return checkCode(wish, 'LOGIN');
    const judged = await judge(memberId, before, wish);
    if ('code' in judged) return refuse(judged);
    return putInPlace(asking, { before, after, request }, judged);
  });
  return { phone: maskPhone(after) };
}
