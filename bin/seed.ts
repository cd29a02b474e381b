import { randomUUID } from 'node:crypto';
import { createClient, type NewClient } from '../shared/partners/partners.ts';
import { PERMISSIONS } from '../shared/partners/rules.ts';
import { firstOwnerSecret } from '../shared/staff/enrolment.ts';

/** What a person needs to play with a new mall. The secrets are random, and in clear only in the local data folder. */
export interface Demo {
  memberPhone: string;
  till: DemoClient;
  staff: DemoClient;
  importer: DemoClient;
  /** Invites the first owner of the staff, once. */
  firstOwnerSecret: string;
}

export interface DemoClient {
  clientId: string;
  clientSecret: string;
  scope: string;
}

const GIFTS = [
  {
    name: { zh: '青瓷茶杯', en: 'Celadon tea cup' },
    description: { zh: '龙泉青瓷，单只装', en: 'Longquan celadon, one cup' },
    pricePoints: 100,
    stock: 50,
  },
  {
    name: { zh: '帆布购物袋', en: 'Canvas tote' },
    description: { zh: '加厚帆布，可放 A4', en: 'Heavy canvas, takes A4' },
    pricePoints: 60,
    stock: 200,
  },
  {
    name: { zh: '小批量白酒 500 ml', en: 'Small-batch baijiu, 500 ml' },
    description: { zh: '53 度酱香，未成年人请勿兑换', en: '53 % vol., adults only' },
    pricePoints: 5_000,
    stock: 12,
  },
];

async function make({ prefix, ...wish }: Omit<NewClient, 'clientId'> & { prefix: string }): Promise<DemoClient> {
  const clientId = `${prefix}-${randomUUID().slice(0, 8)}`;
  const { clientSecret } = await createClient({ clientId, ...wish });
  return { clientId, clientSecret, scope: wish.grants.join(' ') };
}

async function tokenOf(api: string, { clientId, clientSecret }: DemoClient): Promise<string> {
  const answer = await fetch(`${api}/v1/auth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Error(`The staff client got no token: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function putOnShelf(api: string, token: string, gift: (typeof GIFTS)[number]): Promise<void> {
  const answer = await fetch(`${api}/v1/products`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `seed-${gift.name.en.replaceAll(' ', '-')}`,
    },
    body: JSON.stringify(gift),
  });
  if (!answer.ok) throw new Error(`${gift.name.en} was not put on the shelf: ${answer.status} ${await answer.text()}`);
}

/**
 * Makes a small mall: a till, an importer of history, a staff client, three gifts. The clients are made by the
 * partners' own function, because a new mall has nobody who could ask for them; everything else goes through the
 * public API.
 */
export async function seed({ api }: { api: string }): Promise<Demo> {
  const till = await make({
    prefix: 'till',
    kind: 'partner',
    name: 'Demo till',
    grants: ['purchases:write', 'holds:write'],
  });
  const importer = await make({
    prefix: 'importer',
    kind: 'partner',
    name: 'Demo importer',
    grants: ['purchases:write', 'purchases:backfill'],
    // Years of history within minutes.
    requestsPerMinute: 600_000,
  });
  const staff = await make({ prefix: 'staff', kind: 'staff', name: 'Demo staff', grants: PERMISSIONS });
  const token = await tokenOf(api, staff);
  for (const gift of GIFTS) await putOnShelf(api, token, gift);
  return { memberPhone: '13800138000', till, staff, importer, firstOwnerSecret: await firstOwnerSecret() };
}
