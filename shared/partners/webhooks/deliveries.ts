import { createHmac } from 'node:crypto';
import { Refusal } from '../../errors.ts';
import { unseal } from '../../keyring/sealing.ts';
import { iso, now } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { post } from '../../providers/outbound.ts';
import { exchange, send } from '../../table/commit.ts';
import { FAILING_DAYS, WAITS_MINUTES } from '../rules.ts';
import { findClient } from '../store.ts';
import {
  addDelivery,
  beginTry,
  closeWebhook,
  type Delivery,
  dueDeliveries,
  endTry,
  findWebhook,
  noteFailing,
  toldWebhooks,
  type Webhook,
} from './store.ts';
import { placeOfSecret } from './webhooks.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When the try after this one is due; one that was cut off is due then, too, also after the last. */
function nextAfter(tries: number, at: number): number {
  return at + (WAITS_MINUTES[tries - 1] ?? WAITS_MINUTES[0]) * MINUTE_MS;
}

/** What Standard Webhooks asks for: the id of the message, when it is sent, and the signature over both and the body. */
function headersOf({ eventId, body }: Delivery, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(now() / 1_000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${eventId}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'points-mall',
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** Only one of many may go on: what another has begun or ended is theirs. */
async function mine(write: Parameters<typeof send>[0][number]): Promise<boolean> {
  try {
    await send([write]);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'webhooks.known') return false;
    throw error;
  }
}

const NOTHING = { writes: [], answer: null };

/** Notes on the webhook whether it fails; one that has for days is closed. */
async function note({ clientId, webhookId }: Delivery, arrived: boolean): Promise<void> {
  await exchange(async ({ at }) => {
    const webhook = await findWebhook(clientId, webhookId, 'consistent');
    if (webhook?.status !== 'ENABLED') return NOTHING;
    const { failingSince } = webhook;
    if (arrived === (failingSince === undefined)) {
      if (arrived) return NOTHING;
      if ((failingSince ?? at) > at - FAILING_DAYS * DAY_MS) return NOTHING;
      logger.warn('a webhook has failed for days and is told nothing more', { clientId, webhookId });
      return { writes: [closeWebhook(webhook, 'DISABLED')], answer: null };
    }
    return { writes: [noteFailing(webhook, arrived ? undefined : at)], answer: null };
  });
}

/** One try, which was begun: sends it and writes down what came of it. */
async function attempt(delivery: Delivery, { url, secret, webhookId }: Webhook): Promise<void> {
  const { body } = delivery;
  const headers = headersOf(delivery, await unseal(secret, placeOfSecret(webhookId)));
  const outcome = await post(url, { headers, body });
  const arrived = /^2\d\d$/.test(outcome);
  const isLast = delivery.tries > WAITS_MINUTES.length;
  const status = arrived ? 'DELIVERED' : isLast ? 'DEAD' : 'PENDING';
  if (!(await mine(endTry(delivery, status, outcome)))) return;
  if (status === 'DEAD') logger.error('a webhook was not told', { webhookId, eventId: delivery.eventId, outcome });
  await note(delivery, arrived);
}

/** One event of the bus. */
export interface Told {
  event: string;
  eventId: string;
  at: number;
  data: Record<string, unknown>;
}

async function tell({ event, eventId, at, data }: Told, webhook: Webhook): Promise<void> {
  const { webhookId, clientId } = webhook;
  const triedAt = now();
  const body = JSON.stringify({ type: event, timestamp: iso(at), data });
  const nextAt = nextAfter(1, triedAt);
  const delivery: Delivery = {
    webhookId,
    clientId,
    eventId,
    event,
    body,
    at,
    status: 'PENDING',
    tries: 1,
    triedAt,
    nextAt,
  };
  if (await mine(addDelivery(delivery))) await attempt(delivery, webhook);
}

/** Rethrows the first failure once all have ended: none holds up another. */
async function each(acts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(acts)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** A partner whom staff have disabled, or from whom they have taken this, learns nothing more. */
async function mayBeTold(clientId: string): Promise<boolean> {
  const client = await findClient(clientId, 'eventual');
  return client?.status === 'ENABLED' && client.grants.includes('webhooks:manage');
}

async function tellOf(clientId: string, webhooks: readonly Webhook[], told: Told): Promise<void> {
  if (await mayBeTold(clientId)) await each(webhooks.map((webhook) => tell(told, webhook)));
}

/** Tells an event to every webhook that asked for it, all at once. What is noted already is left to its next try. */
export async function tellAll(told: Told): Promise<void> {
  const webhooks = (await toldWebhooks()).filter(({ events }) => events.includes(told.event));
  const byClient = Map.groupBy(webhooks, ({ clientId }) => clientId);
  await each([...byClient].map(([clientId, own]) => tellOf(clientId, own, told)));
}

async function tryAgain(due: Delivery): Promise<void> {
  const triedAt = now();
  const webhook = await findWebhook(due.clientId, due.webhookId, 'consistent');
  if (webhook?.status !== 'ENABLED') {
    await mine(endTry(due, 'DEAD', 'the webhook was closed'));
    return;
  }
  if (!(await mayBeTold(due.clientId))) {
    await mine(endTry(due, 'DEAD', 'the partner may not be told'));
    return;
  }
  const nextAt = nextAfter(due.tries + 1, triedAt);
  if (!(await mine(beginTry(due, triedAt, nextAt)))) return;
  await attempt({ ...due, tries: due.tries + 1, triedAt, nextAt }, webhook);
}

const MOST_AT_ONCE = 2_000;
const TOGETHER = 4;

/** The tries of one webhook, a few at a time: a slow one waits for itself alone. */
async function tryInTurn(deliveries: readonly Delivery[], mayGoOn: () => boolean): Promise<void> {
  for (let from = 0; from < deliveries.length && mayGoOn(); from += TOGETHER) {
    await each(deliveries.slice(from, from + TOGETHER).map((one) => tryAgain(one)));
  }
}

/** Tries again what is due, every webhook by itself; says how many there were. What is not reached is due the next time. */
export async function retryDue(mayGoOn: () => boolean): Promise<number> {
  const due = await dueDeliveries(now(), MOST_AT_ONCE);
  const byWebhook = Map.groupBy(due, ({ webhookId }) => webhookId);
  await each([...byWebhook.values()].map((deliveries) => tryInTurn(deliveries, mayGoOn)));
  return due.length;
}
