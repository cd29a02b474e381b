import { reaction } from '../../shared/events/reaction.ts';
import { noteLot } from '../../shared/points/points.ts';

interface LotOpened {
  memberId: string;
  currency: string;
  lastDay: string;
  /** History: more of the same time may follow. */
  backfill?: boolean;
}

/** Keeps the lapse calendar: whoever carries points of a day is found on it without a scan. */
export const handler = reaction(({ memberId, currency, lastDay, backfill }: LotOpened) =>
  noteLot({ memberId, currency }, lastDay, backfill),
);
