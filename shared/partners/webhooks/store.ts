import type { Announcement } from '../../events.ts';
import { iso } from '../../platform/clock.ts';
import { get, query, type Reading } from '../../table/client.ts';
import { keys } from '../../table/keys.ts';
import { change, put, type Write } from '../../table/writes.ts';

/** Where a client wants to be told, and of what. */
export interface Webhook {
  webhookId: string;
  clientId: string;
  url: string;
  events: readonly string[];
  status: 'ENABLED' | 'DISABLED' | 'REMOVED';
  /** Sealed. */
  secret: string;
  createdAt: number;
  /** Counts its changes from 1. */
  version: number;
  request: string;
  /** Since when nothing has arrived there, where the last try failed. */
  failingSince?: number;
}

/** One event for one webhook. */
export interface Delivery {
  webhookId: string;
  clientId: string;
  eventId: string;
  event: string;
  /** What is sent, the same on every try. */
  body: string;
  /** When it happened, in epoch milliseconds like the others. */
  at: number;
  status: 'PENDING' | 'DELIVERED' | 'DEAD';
  /** Counts the tries that were begun, from 1. */
  tries: number;
  triedAt: number;
  nextAt: number;
  /** What the last try came to: a status, or a word. */
  outcome?: string;
}

/** More than there are: five a client. */
const MOST = 2_000;
const KEPT_SECONDS = 30 * 86_400;

export function findWebhook(clientId: string, webhookId: string, reading: Reading): Promise<Webhook | undefined> {
  return get<Webhook>(keys.webhook(clientId, webhookId), reading);
}

/** Every webhook that a client ever had. */
export function webhooksOf(clientId: string, reading: Reading): Promise<Webhook[]> {
  return query<Webhook>({ pk: keys.webhook(clientId, '').pk, limit: MOST }, reading);
}

/** Every webhook that is told. */
export function toldWebhooks(): Promise<Webhook[]> {
  return query<Webhook>({ index: 'gsi1', pk: keys.toldWebhooks('', '').gsi1pk, limit: MOST });
}

export function addWebhook(webhook: Webhook): Write {
  const { clientId, webhookId } = webhook;
  const places = { ...keys.webhook(clientId, webhookId), ...keys.toldWebhooks(clientId, webhookId) };
  return put({ ...places, type: 'webhook', v: 1, ...webhook }, 'webhooks.moved');
}

function changeWebhook(
  { clientId, webhookId, version }: Webhook,
  more: Omit<Parameters<typeof change>[1], 'when'>,
): Write {
  const when = [['version', '=', version]] as const;
  const set = { ...more.set, version: version + 1 };
  return change(keys.webhook(clientId, webhookId), { ...more, set, when }, 'webhooks.moved');
}

/** The write after which a webhook is told nothing more. */
export function closeWebhook(webhook: Webhook, status: 'DISABLED' | 'REMOVED'): Write {
  return changeWebhook(webhook, { set: { status }, remove: ['gsi1pk', 'gsi1sk'] });
}

/** The write that notes since when a webhook fails, or that it does not. */
export function noteFailing(webhook: Webhook, since: number | undefined): Write {
  return since === undefined
    ? changeWebhook(webhook, { remove: ['failingSince'] })
    : changeWebhook(webhook, { set: { failingSince: since } });
}

/** A page of what a webhook was told, the newest first. */
export function deliveriesOf(webhookId: string, before: string | undefined, limit: number) {
  const { pk } = keys.delivery(webhookId, '', '');
  return query<Delivery & { sk: string }>({ pk, before, newestFirst: true, limit });
}

/** Up to `limit` of what a webhook was told of what happened from then on, the oldest first. */
export function deliveriesSince(webhookId: string, since: number, limit: number) {
  const { pk, sk: after } = keys.delivery(webhookId, iso(since), '');
  return query<Delivery>({ pk, after, limit });
}

/** Up to `limit` deliveries whose next try is due, the longest due first. */
export function dueDeliveries(at: number, limit: number): Promise<Delivery[]> {
  const { gsi2pk: pk, gsi2sk: before } = keys.dueDeliveries(iso(at), '', '');
  return query<Delivery>({ index: 'gsi2', pk, before, limit });
}

export function addDelivery(delivery: Delivery): Write {
  const { webhookId, eventId, at, nextAt } = delivery;
  const places = {
    ...keys.delivery(webhookId, iso(at), eventId),
    ...keys.dueDeliveries(iso(nextAt), webhookId, eventId),
  };
  const expiresAtEpoch = Math.floor(delivery.triedAt / 1_000) + KEPT_SECONDS;
  return put({ ...places, type: 'delivery', v: 1, ...delivery, expiresAtEpoch }, 'webhooks.known');
}

const triesAre = ({ tries }: Delivery) =>
  [
    ['tries', '=', tries],
    ['status', '=', 'PENDING'],
  ] as const;

/** The write by which one of many begins the next try. */
export function beginTry(delivery: Delivery, triedAt: number, nextAt: number): Write {
  const { webhookId, eventId, at, tries } = delivery;
  const set = { tries: tries + 1, triedAt, nextAt, ...keys.dueDeliveries(iso(nextAt), webhookId, eventId) };
  return change(keys.delivery(webhookId, iso(at), eventId), { set, when: triesAre(delivery) }, 'webhooks.known');
}

/** The write that says what a try came to. */
export function endTry(delivery: Delivery, status: Delivery['status'], outcome: string): Write {
  const { webhookId, eventId, at } = delivery;
  const remove = status === 'PENDING' ? [] : ['gsi2pk', 'gsi2sk'];
  const ended = { set: { status, outcome }, remove, when: triesAre(delivery) };
  return change(keys.delivery(webhookId, iso(at), eventId), ended, 'webhooks.known');
}

/** The write by which what was given up is due again, with all its tries before it but the first. */
export function reviveDelivery({ webhookId, eventId, at, tries }: Delivery, nextAt: number): Write {
  const expiresAtEpoch = Math.floor(nextAt / 1_000) + KEPT_SECONDS;
  const set = {
    status: 'PENDING',
    tries: 1,
    nextAt,
    expiresAtEpoch,
    ...keys.dueDeliveries(iso(nextAt), webhookId, eventId),
  };
  const when = [
    ['status', '=', 'DEAD'],
    ['tries', '=', tries],
  ] as const;
  return change(keys.delivery(webhookId, iso(at), eventId), { set, when }, 'webhooks.moved');
}

/** What a webhook says on the bus when it is closed for its failures. */
export function webhookAnnouncements(now: Webhook, before: Webhook | undefined): Announcement[] {
  if (now.status !== 'DISABLED' || before?.status === 'DISABLED') return [];
  const { webhookId, clientId, failingSince = 0 } = now;
  return [{ name: 'webhook.disabled', id: webhookId, at: failingSince, detail: { webhookId, clientId } }];
}
