import { Refusal } from '../../errors.ts';
import { secondsUntilRoom } from '../../platform/budget-windows.ts';
import { now } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { LOOK_UPS, type LookUpKind } from '../rules.ts';
import { countLookUp, countLookUpBack } from './store.ts';

/** A look-up by phone that was counted for who asks. */
interface LookUp {
  budget: string;
  at: number;
}

async function countOne(kind: LookUpKind, caller: string): Promise<LookUp> {
  const at = now();
  const limits = LOOK_UPS[kind];
  const budget = `${kind}#${caller}`;
  const { counted, spent } = await countLookUp(budget, at, limits);
  if (counted) return { budget, at };
  throw new Refusal('members.look_ups_too_many', { retryAfterSeconds: secondsUntilRoom(spent, limits, at) });
}

/** What cannot be taken back stays counted, which costs who asks one look-up in vain. */
async function takeBack({ budget, at }: LookUp): Promise<void> {
  try {
    await countLookUpBack(budget, at);
  } catch (error) {
    logger.warn('a look-up by phone was not taken back', error as Error);
  }
}

/** The look-ups by phone of one request. */
export interface LookUps {
  /**
   * Counts one before it is made, or refuses: however many come at once, no more are made than may be in vain. Once a
   * request, however often that is decided.
   */
  count(kind: LookUpKind): Promise<void>;
  /** Takes back all that was counted but what was in vain. */
  end(inVain?: LookUpKind): Promise<void>;
}

/** What this caller looks up by phone in one request; whoever else asks has a count of their own. */
export function lookUpsBy(caller: string): LookUps {
  const counted = new Map<LookUpKind, Promise<LookUp>>();
  return {
    async count(kind) {
      const one = counted.get(kind) ?? countOne(kind, caller);
      counted.set(kind, one);
      await one;
    },

    async end(inVain) {
      const others = [...counted].flatMap(([kind, one]) => (kind === inVain ? [] : [one]));
      for (const one of await Promise.allSettled(others)) if (one.status === 'fulfilled') await takeBack(one.value);
    },
  };
}
