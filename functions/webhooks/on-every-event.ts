import { reaction } from '../../shared/events/reaction.ts';
import { tellAll } from '../../shared/partners/webhooks/deliveries.ts';

interface Detail {
  eventId: string;
  at: string;
}

/** Tells every event to the partners who want to hear of it. A mangled one fails, comes again, and ends with the dead letters. */
export const handler = reaction('webhooks/on-every-event', async (detail: Detail | undefined, event) => {
  const at = Date.parse(String(detail?.at));
  if (!detail || typeof detail.eventId !== 'string' || Number.isNaN(at)) {
    throw new Error('The event does not say which it is, and when.');
  }
  const { eventId, at: _, ...data } = detail;
  await tellAll({ event, eventId, at, data });
});
