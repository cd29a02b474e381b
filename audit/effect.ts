import type { Parts } from './entry.ts';
import type { Lots } from './lots.ts';

/** What the document that caused an entry knows and the entry does not say. */
export interface Cause {
  /** The last day of what a purchase earned, and when it becomes available. */
  lastDay?: string;
  availableOn?: string;
  /** The lots that something goes back to, or comes from first. */
  lots?: Lots;
}

/** What the rule makes of a movement: the account has been changed in place. */
export interface Effect {
  amount: number;
  draws: Lots;
  parts: Parts;
}
