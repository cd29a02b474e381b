import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Announcement, eventSource } from '../events.ts';
import { iso } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { setting } from '../platform/settings.ts';

const client = new EventBridgeClient({ maxAttempts: 3 });

/** EventBridge takes no more than this in one call. */
const MAX_ENTRIES = 10;

/** The id under which an event leaves: the same on every re-send. */
export function eventIdOf({ name, id }: Announcement): string {
  return digest([name, id]);
}

function entryOf(announcement: Announcement) {
  const { name, at, detail } = announcement;
  return {
    EventBusName: setting('EVENT_BUS'),
    Source: eventSource,
    DetailType: name,
    Time: new Date(at),
    Detail: JSON.stringify({ eventId: eventIdOf(announcement), at: iso(at), ...detail }),
  };
}

/**
 * Puts the announcements of each record on the bus, in order. Answers the index of the first record of which
 * something was not taken, or undefined when all was.
 */
export async function send(announced: readonly (readonly Announcement[])[]): Promise<number | undefined> {
  const all = announced.flatMap((announcements, record) =>
    announcements.map((one) => ({ record, entry: entryOf(one) })),
  );
  for (let from = 0; from < all.length; from += MAX_ENTRIES) {
    const chunk = all.slice(from, from + MAX_ENTRIES);
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: chunk.map(({ entry }) => entry) }));
    const refused = chunk.find((_, i) => Entries[i]?.ErrorCode !== undefined);
    if (refused) return refused.record;
  }
  return undefined;
}
