import { Refusal } from '../errors.ts';
import { elapsed } from '../platform/clock.ts';
import { logger } from '../platform/logger.ts';
import { readOff } from '../table/switches.ts';

/** What an operator can stop at once: what earns, what spends, codes by SMS, and each reaction by the file that reacts. */
export const SWITCHES = [
  'earn',
  'spend',
  'sms',
  'auth/on-member-identity-changed',
  'orders/on-member-merged',
  'points/on-points-lot-opened',
  'privacy/on-member-erased',
  'webhooks/on-every-event',
] as const;
export type Switch = (typeof SWITCHES)[number];

/** For so long a container goes by what it read; a switch is off everywhere within a minute. */
const TRUSTED_MS = 20_000;

let known: { off: readonly string[]; since: number } = { off: [], since: Number.NEGATIVE_INFINITY };

async function off(): Promise<readonly string[]> {
  try {
    return await readOff();
  } catch (error) {
    logger.warn('the switches cannot be read, so they stay as they were', error as Error);
    return known.off;
  }
}

/** Refuses what an operator has switched off; what cannot be read counts as it was last known, and as on at first. */
export async function requireOn(name: Switch): Promise<void> {
  if (elapsed() - known.since > TRUSTED_MS) known = { off: await off(), since: elapsed() };
  if (known.off.includes(name)) throw new Refusal('mall.switched_off');
}
