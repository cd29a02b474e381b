import { Refusal } from '../../errors.ts';
import { type Announcement, events } from '../../events.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { iso } from '../../platform/clock.ts';
import { type By, idUnderKey, requestDigest } from '../../platform/ids.ts';
import { hmac } from '../../platform/secrets.ts';
import { wrongWith } from '../../providers/outbound.ts';
import { record } from '../../staff/staff.ts';
import { type Basis, exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { serially } from '../clients.ts';
import { MAX_WEBHOOKS } from '../rules.ts';
import {
  addWebhook,
  closeWebhook,
  deliveriesOf,
  deliveriesSince,
  findWebhook,
  reviveDelivery,
  type Webhook,
  webhookAnnouncements,
  webhooksOf,
} from './store.ts';

/** Whose webhook it is, and who of staff acts for them, if anybody. */
export interface Whose {
  clientId: string;
  staff?: string;
}

export const placeOfSecret = (webhookId: string) => `webhook:${webhookId}:secret`;

/** A webhook as it may be shown. */
function view({ webhookId, clientId, url, events: names, status, failingSince, createdAt }: Webhook) {
  return {
    webhookId,
    clientId,
    url,
    events: [...names],
    status: status === 'ENABLED' ? ('ENABLED' as const) : ('DISABLED' as const),
    failingSince: failingSince === undefined ? null : iso(failingSince),
    createdAt: iso(createdAt),
  };
}

/** The record of it, where staff do it. */
async function recorded(act: string, { staff, clientId }: Whose, more: object, basis: Basis): Promise<Write[]> {
  return staff === undefined ? [] : [await record({ clientId: staff, act, subject: clientId, ...more }, basis)];
}

async function check({ url, events: names }: Wish): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(events, name));
  if (unknown.length > 0) throw new Refusal('webhooks.events_unknown', { unknown });
  const wrong = await wrongWith(url);
  if (wrong !== undefined) throw new Refusal('webhooks.address_refused', { wrong });
}

export interface Wish {
  url: string;
  events: readonly string[];
}

/** Makes a webhook. Its secret hangs on the key of the request, like that of a client; the same request gets it again. */
export async function add(wish: Wish, whose: Whose, by: By) {
  const { clientId } = whose;
  const under = { ...by, route: `${by.route} ${clientId}` };
  const webhookId = await idUnderKey('whk', under.caller, under.route, under.key);
  const request = await requestDigest(wish);
  const repeated = async () => {
    const made = await findWebhook(clientId, webhookId, 'consistent');
    if (made && made.request !== request) throw new Refusal('request.key_reused');
    return made && { ...view(made), secret: await unseal(made.secret, placeOfSecret(webhookId)) };
  };
  const before = await repeated();
  if (before) return { answer: before, replayed: true };
  await check(wish);
  const bytes = await hmac('webhook', JSON.stringify([under.caller, under.route, under.key]));
  const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
  const sealed = await seal(secret, placeOfSecret(webhookId));
  return exchange(async (basis) => {
    // One after the other for each client, so that however many ask at once none comes on top.
    const one = await serially(clientId, basis);
    const known = await webhooksOf(clientId, 'consistent');
    if (known.filter(({ status }) => status !== 'REMOVED').length >= MAX_WEBHOOKS)
      throw new Refusal('webhooks.too_many');
    const { url } = wish;
    const names = [...new Set(wish.events)];
    const webhook: Webhook = {
      webhookId,
      clientId,
      url,
      events: names,
      status: 'ENABLED',
      secret: sealed,
      createdAt: basis.at,
      version: 1,
      request,
    };
    const told = await recorded('webhooks.addFor', whose, { after: { webhookId, url, names } }, basis);
    return { writes: [addWebhook(webhook), one, ...told], answer: { ...view(webhook), secret } };
  }, repeated);
}

/** All webhooks of a client that were not removed. */
export async function list({ clientId }: Whose) {
  const all = await webhooksOf(clientId, 'consistent');
  return all.filter(({ status }) => status !== 'REMOVED').map((one) => view(one));
}

async function webhookOf({ clientId }: Whose, webhookId: string): Promise<Webhook> {
  const found = await findWebhook(clientId, webhookId, 'consistent');
  if (!found) throw new Refusal('webhooks.not_found');
  return found;
}

/** Takes a webhook away; to say it again changes nothing. */
export async function remove(whose: Whose, webhookId: string): Promise<void> {
  await exchange(async (basis) => {
    const webhook = await webhookOf(whose, webhookId);
    if (webhook.status === 'REMOVED') return { writes: [], answer: null };
    const told = await recorded('webhooks.removeOf', whose, { before: { webhookId, url: webhook.url } }, basis);
    return { writes: [closeWebhook(webhook, 'REMOVED'), ...told], answer: null };
  });
}

/** A page of what a webhook was told, the newest first, and where the next one begins. */
export async function deliveries(whose: Whose, webhookId: string, before: string | undefined, limit: number) {
  await webhookOf(whose, webhookId);
  const found = await deliveriesOf(webhookId, before, limit + 1);
  const items = found.slice(0, limit).map(({ eventId, event, at, status, tries, triedAt, nextAt, outcome }) => ({
    eventId,
    event,
    happenedAt: iso(at),
    status,
    tries,
    triedAt: iso(triedAt),
    nextAt: status === 'PENDING' ? iso(nextAt) : null,
    outcome: outcome ?? null,
  }));
  return { items, next: found.length > limit ? found[limit - 1]?.sk : undefined };
}

/** So many deliveries are looked at in one request, and so many made due again in one transaction, which takes a hundred writes. */
const LOOKED_AT = 500;
const AT_ONCE = 90;

/**
 * Makes due again what was given up of all that happened from `since` on, the oldest first. To ask again does nothing
 * twice: what is due is no longer dead.
 */
export async function redeliver(whose: Whose, webhookId: string, since: number) {
  const { answer } = await exchange(async (basis) => {
    const webhook = await webhookOf(whose, webhookId);
    if (webhook.status !== 'ENABLED') throw new Refusal('webhooks.closed');
    const found = await deliveriesSince(webhookId, since, LOOKED_AT);
    const dead = found.filter(({ status }) => status === 'DEAD');
    const revived = dead.slice(0, AT_ONCE);
    const rest = dead[AT_ONCE] ?? (found.length === LOOKED_AT ? found.at(-1) : undefined);
    const told =
      revived.length > 0 ? await recorded('webhooks.redeliverOf', whose, { after: { webhookId, since } }, basis) : [];
    const goesOnFrom = rest ? iso(rest.at) : null;
    return {
      writes: [...revived.map((one) => reviveDelivery(one, basis.at)), ...told],
      answer: { queued: revived.length, goesOnFrom },
    };
  });
  return answer;
}

/** What a webhook says on the bus when it changes. */
export function announce(item: unknown, before: unknown): Announcement[] {
  return webhookAnnouncements(item as Webhook, before as Webhook | undefined);
}
