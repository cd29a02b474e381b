import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import { foreignId, instant, page, pageOf, webhookId } from '../../http/fields.ts';

const event = z.string().regex(/^[a-z]{1,32}\.[a-z_]{1,32}$/);

const newWebhook = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'https, on a host that all the world reaches', examples: ['https://example.com/points'] }),
    events: z
      .array(event)
      .min(1)
      .max(50)
      .meta({ description: 'The names of events', examples: [['points.earned', 'order.shipped']] }),
  })
  .meta({ id: 'NewWebhook' });

const webhook = z
  .object({
    webhookId,
    clientId: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    status: z.enum(['ENABLED', 'DISABLED']).meta({ description: 'DISABLED after five days in which nothing arrived' }),
    failingSince: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Webhook' });

const made = z
  .object({
    ...webhook.shape,
    secret: z.string().meta({ description: 'Signs what is sent (Standard Webhooks); given out here alone' }),
  })
  .meta({ id: 'MadeWebhook' });

const delivery = z
  .object({
    eventId: z.string().meta({ description: '`webhook-id` of every try' }),
    event: z.string(),
    happenedAt: instant,
    status: z.enum(['PENDING', 'DELIVERED', 'DEAD']),
    tries: z.int(),
    triedAt: instant,
    nextAt: instant.nullable(),
    outcome: z.string().nullable().meta({ description: 'Of the last try: a status, or why there is none' }),
  })
  .meta({ id: 'WebhookDelivery' });

const again = z
  .strictObject({
    since: instant.meta({ description: 'What happened from then on', examples: ['2026-11-23T12:00:00+08:00'] }),
  })
  .meta({ id: 'WebhookRedelivery' });

const queued = z
  .object({
    queued: z
      .int()
      .meta({ description: 'So many that were DEAD are sent again within five minutes, under the same ids' }),
    goesOnFrom: instant.nullable().meta({ description: 'There may be more: ask again with this as `since`' }),
  })
  .meta({ id: 'QueuedRedelivery' });

const own = { auth: 'partner', scope: 'webhooks:manage' } as const;
const manager = { auth: 'staff', permission: 'partners.manage' } as const;
const refusals = [
  'webhooks.too_many',
  'webhooks.events_unknown',
  'webhooks.address_refused',
  'request.key_reused',
] as const;
const list = { status: 200, response: z.object({ items: z.array(webhook) }) } as const;
const log = { query: z.strictObject(page), status: 200, response: pageOf(delivery) } as const;
const gone = { status: 204, response: z.null() } as const;
const resent = { body: again, status: 200, response: queued } as const;
const one = { webhookId };
const theirs = { clientId: foreignId };

/** A partner is told of events by webhooks of its own; staff do the same for any. */
export const webhooksContract = contract(
  'webhooks',
  { zh: 'Webhook（Standard Webhooks）', en: 'Webhooks (Standard Webhooks)' },
  {
    add: {
      method: 'POST',
      path: '/v1/webhooks',
      ...own,
      summary: { zh: '新建自己的 webhook', en: 'Be told of events, signed by a secret that is shown this once' },
      key: true,
      body: newWebhook,
      status: 201,
      response: made,
      refusals,
    },
    list: {
      method: 'GET',
      path: '/v1/webhooks',
      ...own,
      summary: { zh: '自己的 webhook', en: 'My webhooks' },
      ...list,
      refusals: [],
    },
    remove: {
      method: 'DELETE',
      path: '/v1/webhooks/{webhookId}',
      ...own,
      summary: { zh: '删除自己的 webhook', en: 'Be told no more' },
      params: z.strictObject(one),
      ...gone,
      refusals: ['webhooks.not_found'],
    },
    deliveries: {
      method: 'GET',
      path: '/v1/webhooks/{webhookId}/deliveries',
      ...own,
      summary: { zh: '投递记录，最新的在前', en: 'What my webhook was told, the newest first' },
      params: z.strictObject(one),
      ...log,
      refusals: ['webhooks.not_found', 'request.cursor_invalid'],
    },
    redeliver: {
      method: 'PUT',
      path: '/v1/webhooks/{webhookId}/redelivery',
      ...own,
      summary: { zh: '重新投递未送达的事件', en: 'Send again what could not be delivered' },
      params: z.strictObject(one),
      ...resent,
      refusals: ['webhooks.not_found', 'webhooks.closed'],
    },
    addFor: {
      method: 'POST',
      path: '/v1/clients/{clientId}/webhooks',
      ...manager,
      summary: { zh: '为客户端新建 webhook', en: 'A webhook for a client' },
      key: true,
      params: z.strictObject(theirs),
      body: newWebhook,
      status: 201,
      response: made,
      refusals: [...refusals, 'partners.client_not_found'],
    },
    listOf: {
      method: 'GET',
      path: '/v1/clients/{clientId}/webhooks',
      ...manager,
      summary: { zh: '客户端的 webhook', en: 'The webhooks of a client' },
      params: z.strictObject(theirs),
      ...list,
      refusals: [],
    },
    removeOf: {
      method: 'DELETE',
      path: '/v1/clients/{clientId}/webhooks/{webhookId}',
      ...manager,
      summary: { zh: '删除客户端的 webhook', en: 'Remove a webhook of a client' },
      params: z.strictObject({ ...theirs, ...one }),
      ...gone,
      refusals: ['webhooks.not_found'],
    },
    deliveriesOf: {
      method: 'GET',
      path: '/v1/clients/{clientId}/webhooks/{webhookId}/deliveries',
      ...manager,
      summary: { zh: '客户端 webhook 的投递记录', en: 'What a webhook of a client was told' },
      params: z.strictObject({ ...theirs, ...one }),
      ...log,
      refusals: ['webhooks.not_found', 'request.cursor_invalid'],
    },
    redeliverOf: {
      method: 'PUT',
      path: '/v1/clients/{clientId}/webhooks/{webhookId}/redelivery',
      ...manager,
      summary: { zh: '重新投递客户端 webhook 未送达的事件', en: 'Send a client again what could not be delivered' },
      params: z.strictObject({ ...theirs, ...one }),
      ...resent,
      refusals: ['webhooks.not_found', 'webhooks.closed'],
    },
  },
);
