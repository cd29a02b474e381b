import { setTimeout as sleep } from 'node:timers/promises';
import { contactOf, idOf } from '../members/members.ts';
import { elapsed } from '../platform/clock.ts';
import { logger } from '../platform/logger.ts';
import { maskPhone } from '../platform/masking.ts';
import { sendSms } from '../providers/sms.ts';
import { type Asker, countAsker, countNumber } from './budgets.ts';
import { newCode, turnOf } from './login-codes.ts';
import { CODE, type CodePurpose, RESERVED_ANSWER_MS } from './rules.ts';

interface Sent {
  codeId: string;
  expiresInSeconds: number;
  resendAfterSeconds: number;
}

async function sendCode(phone: string, purpose: CodePurpose, asker: Asker): Promise<Sent> {
  const since = elapsed();
  const turn = await turnOf(phone);
  await countAsker(asker);
  const { code, codeId, nextAfterSeconds } = await newCode(turn, purpose);
  const isMember = (await idOf({ phone })) !== undefined;
  const { maySend, reserved } = await countNumber(phone, isMember);
  if (maySend) {
    await sendSms({ to: phone, template: 'LOGIN_CODE', params: { code, minutes: String(CODE.livesSeconds / 60) } });
  } else {
    logger.info('a code was not sent: what is left of the budget is for members');
  }
  if (reserved) await sleep(Math.max(0, since + RESERVED_ANSWER_MS - elapsed()));
  return { codeId, expiresInSeconds: CODE.livesSeconds, resendAfterSeconds: nextAfterSeconds };
}

/**
 * Sends a code to the phone when it is its turn and the budgets allow. Neither the answer nor how long it takes tells
 * whether the number is known.
 */
export function sendLoginCode(phone: string, asker: Asker): Promise<Sent> {
  return sendCode(phone, 'LOGIN', asker);
}

/** Sends a member a code to the phone that they have, which is good for a step-up and for nothing else. */
export async function sendStepUpCode(memberId: string, asker: Asker): Promise<Sent & { phone: string }> {
  const phone = await contactOf(memberId);
  return { ...(await sendCode(phone, 'STEP_UP', asker)), phone: maskPhone(phone) };
}
