import type { Day } from '../platform/calendar-day.ts';
import type { Account, Lots } from './account.ts';

interface Common {
  amount: number;
  reference: string;
  /** The caller's time, epoch milliseconds; the time of writing when absent. */
  occurredAt?: number;
  /** History that takes effect at its own time instead of now. */
  backfill?: true;
}

/** Points that come back to lots: until when they count where a lot's day has passed and the shop caused it. */
interface Returning {
  graceUntil?: Day;
}

/**
 * Grants points that count to the end of `lastDay`. With `availableOn` they wait until that day, or under `EVENT` for
 * an ACTIVATE, which then says their last day.
 */
export interface Earn extends Common {
  kind: 'EARN';
  lastDay: Day;
  rule: string;
  availableOn?: Day | 'EVENT';
}

/** Makes points available that waited under `EVENT`; they count to the end of `lastDay`. */
export interface Activate extends Common {
  kind: 'ACTIVATE';
  lastDay: Day;
}

/** Takes points, earliest last day first. */
export interface Spend extends Common {
  kind: 'SPEND';
}

/**
 * Gives spent points back to the lots they came from: `from` is what those lots gave and have not got back. A lot
 * whose day has passed becomes a grace lot to `graceUntil` when the shop caused it, and is forfeited otherwise.
 */
export interface Refund extends Common, Returning {
  kind: 'REFUND';
  from: Lots;
}

/** What happens where points to be taken back are gone: a debt, a loss, or the caller takes it from the cash. */
export type Shortage = 'DEBT' | 'CLAMP' | 'OFFSET_CASH';

/**
 * Takes back what a purchase earned: its own pending (`availableOn`) and lot first, then what lapsed unspent of that
 * lot, then other lots, earliest first; what is missing is the shortage. All that waits under `EVENT` lies together:
 * `waiting` is how much of it is this purchase's, where some of it was activated.
 */
export interface Clawback extends Common {
  kind: 'CLAWBACK';
  lastDay: Day;
  availableOn?: Day | 'EVENT';
  waiting?: number;
  shortage: Shortage;
}

/** Writes down what has lapsed; its amount is whatever that is. */
export interface Expire {
  kind: 'EXPIRE';
  reference: string;
}

/** Staff give points, into these lots. */
export interface AdjustUp extends Common, Returning {
  kind: 'ADJUST_UP';
  lots: Lots;
}

/** Staff take points: from `first` before other lots. More than is available is refused unless told otherwise. */
export interface AdjustDown extends Common {
  kind: 'ADJUST_DOWN';
  first?: Lots;
  shortage: 'REFUSE' | 'DEBT' | 'CLAMP';
}

/** Gives available points to `party`: another member, or (exchange) another currency, by this `rule`. Final. */
export interface Out extends Common {
  kind: 'TRANSFER_OUT' | 'EXCHANGE_OUT';
  party: string;
  rule?: string;
}

/** The other side of an `Out`: points that keep their days. */
export interface In extends Common {
  kind: 'TRANSFER_IN' | 'EXCHANGE_IN';
  party: string;
  lots: Lots;
  rule?: string;
}

/** Takes points out of their lots: they do not lapse while they are held. */
export interface Hold extends Common {
  kind: 'HOLD';
}

/** Ends a hold: `amount` of it is spent, the rest goes back. `from` is what the hold drew. */
export interface Capture extends Common, Returning {
  kind: 'CAPTURE';
  hold: number;
  from: Lots;
}

/** Ends a hold: all of it goes back. */
export interface Release extends Common, Returning {
  kind: 'RELEASE';
  hold: number;
  from: Lots;
}

/** Stops, or allows again, what the member spends. */
export interface Freeze {
  kind: 'FREEZE' | 'THAW';
  reference: string;
}

/** Closes the chain: all that it has goes to the heir. */
export interface MergeOut {
  kind: 'MERGE_OUT';
  reference: string;
  party: string;
}

/** Takes over all that another account had. */
export interface MergeIn {
  kind: 'MERGE_IN';
  reference: string;
  party: string;
  from: Pick<Account, 'lots' | 'pending' | 'forfeits' | 'debt'>;
}

/** Movements whose amount the caller names. */
export type Amounted =
  | Earn
  | Activate
  | Spend
  | Refund
  | Clawback
  | AdjustUp
  | AdjustDown
  | Out
  | In
  | Hold
  | Capture
  | Release;

export type Movement = Amounted | Expire | Freeze | MergeOut | MergeIn;
