import { Refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { now } from '../platform/clock.ts';
import { logger } from '../platform/logger.ts';
import { findClient, lease } from './store.ts';

const MINUTE_MS = 60_000;

/** So many requests are leased at once: no more than one write for so many of them. */
const LEASE = 20;

/** What this container has of a client's requests in one minute. */
interface Share {
  minute: number;
  /** Undefined until it was read. */
  limit?: number;
  left: number;
  spent: boolean;
  asking?: Promise<void> | undefined;
}

const shares = new Map<string, Share>();

/** Leases more. The client is read once a minute: one that was disabled is out within it, whatever its token says. */
async function ask(clientId: string, share: Share): Promise<void> {
  if (share.limit === undefined) {
    const client = await findClient(clientId);
    if (client?.status !== 'ENABLED') throw new Refusal('auth.token_invalid');
    share.limit = client.requestsPerMinute;
  }
  share.left = await lease(clientId, share.minute, LEASE, share.limit);
  share.spent = share.left <= 0;
}

function shareOf(clientId: string, minute: number): Share {
  const known = shares.get(clientId);
  if (known?.minute === minute) return known;
  const share = { minute, left: 0, spent: false };
  shares.set(clientId, share);
  return share;
}

/** However many requests of this container wait for more, one asks for it. */
async function refill(clientId: string, share: Share): Promise<void> {
  share.asking ??= ask(clientId, share).finally(() => {
    share.asking = undefined;
  });
  try {
    await share.asking;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    logger.error('requests cannot be counted, so they are refused', error as Error);
    throw new Refusal('request.busy');
  }
}

/**
 * Counts a request of a partner against its minute, or refuses it. Never more than the limit are let in, whatever the
 * number of containers; what one has leased and does not use is lost with the minute. When nobody can count, nobody is
 * let in.
 */
export async function admit({ clientId }: Pick<CallerOf<'partner'>, 'clientId'>): Promise<void> {
  for (;;) {
    const at = now();
    const share = shareOf(clientId, Math.floor(at / MINUTE_MS));
    if (share.left > 0) {
      share.left -= 1;
      return;
    }
    if (share.spent) {
      const retryAfterSeconds = Math.ceil((MINUTE_MS - (at % MINUTE_MS)) / 1_000);
      throw new Refusal('request.too_many', { retryAfterSeconds });
    }
    await refill(clientId, share);
  }
}
