import type { Context, EventBridgeEvent } from 'aws-lambda';
import type { EventName } from '../events.ts';
import { requireOn, type Switch } from '../http/switches.ts';
import { logger, logStep } from '../platform/logger.ts';

/**
 * The Lambda handler of a reaction: whatever it logs names the event that woke it. While an operator has switched it
 * off it fails, so that its events become dead letters and are handed back when it is on again.
 */
export function reaction<Detail extends object>(
  name: Exclude<Switch, 'earn' | 'spend' | 'sms'>,
  react: (detail: Detail | undefined, event: EventName) => Promise<void>,
) {
  return async (
    { detail, 'detail-type': event }: EventBridgeEvent<EventName, (Detail & { eventId?: string }) | undefined>,
    context?: Context,
  ): Promise<void> => {
    if (context) logger.addContext(context);
    logger.appendKeys({ eventId: detail?.eventId });
    logStep('reacting', { event });
    await requireOn(name);
    await react(detail, event);
  };
}
