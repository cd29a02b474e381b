import type { EventBridgeEvent } from 'aws-lambda';
import { noteLot } from '../../shared/points/points.ts';

interface LotOpened {
  memberId: string;
  currency: string;
  lastDay: string;
  /** History: more of the same time may follow. */
  backfill?: boolean;
}

/** Keeps the lapse calendar: whoever carries points of a day is found on it without a scan. */
export async function handler({ detail }: EventBridgeEvent<'points.lot_opened', LotOpened>): Promise<void> {
  const { memberId, currency, lastDay, backfill } = detail;
  await noteLot({ memberId, currency }, lastDay, backfill);
}
