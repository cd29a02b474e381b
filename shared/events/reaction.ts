import type { Context, EventBridgeEvent } from 'aws-lambda';
import type { EventName } from '../events.ts';
import { logger, logStep } from '../platform/logger.ts';

/** The Lambda handler of a reaction: whatever it logs names the event that woke it. */
export function reaction<Detail extends object>(react: (detail: Detail | undefined) => Promise<void>) {
  return async (
    { detail, 'detail-type': event }: EventBridgeEvent<EventName, (Detail & { eventId?: string }) | undefined>,
    context?: Context,
  ): Promise<void> => {
    if (context) logger.addContext(context);
    logger.appendKeys({ eventId: detail?.eventId });
    logStep('reacting', { event });
    await react(detail);
  };
}
