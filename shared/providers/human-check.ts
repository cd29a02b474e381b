import * as z from 'zod';
import { Refusal } from '../errors.ts';
import { logger } from '../platform/logger.ts';
import { secret } from '../platform/secrets.ts';
import { optionalSetting } from '../platform/settings.ts';

const credentials = z.object({ humanCheckSecret: z.string().min(1) });
const verdict = z.object({ success: z.boolean() });

const PATIENCE_MS = 3_000;

/** Asks the provider whether a person solved it; whoever cannot be asked says neither yes nor no. */
async function isSolved(url: string, token: string): Promise<boolean> {
  const { humanCheckSecret } = credentials.parse(JSON.parse(await secret('SMS_SECRET')));
  const asked = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ secret: humanCheckSecret, response: token }),
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!asked.ok) throw new Error(`The human check answers ${asked.status}.`);
  return verdict.parse(await asked.json()).success;
}

/**
 * Refuses who has not shown that they are a person, where the stage has somebody who can tell (the form of siteverify:
 * `secret` and `response` posted, `success` answered). While they cannot be asked nobody passes.
 */
export async function requireHuman(token: string | undefined): Promise<void> {
  const url = optionalSetting('HUMAN_CHECK_URL');
  if (url === undefined) return;
  if (token === undefined) throw new Refusal('auth.human_check');
  const solved = await isSolved(url, token).catch((error: Error) => {
    logger.error('the human check cannot be asked, so no code is sent', error);
    throw new Refusal('auth.code_not_sent');
  });
  if (!solved) throw new Refusal('auth.human_check');
}
