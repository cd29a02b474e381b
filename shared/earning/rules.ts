const DAY_MS = 86_400_000;

/** How far the caller's time may lie from ours. */
export const OCCURRED = { agoMs: 7 * DAY_MS, aheadMs: 5 * 60_000 } as const;

/** Why a purchase of that time is not taken now, if it is not. */
export function timeRefusal(occurredAt: number, now: number): 'purchases.too_old' | 'purchases.in_future' | undefined {
  if (occurredAt < now - OCCURRED.agoMs) return 'purchases.too_old';
  return occurredAt > now + OCCURRED.aheadMs ? 'purchases.in_future' : undefined;
}
