import type { Report } from './findings.ts';
import type { Item } from './item.ts';
import { type Form, one, record, text } from './schema.ts';
import { SHAPES } from './shapes.ts';
import { seqKey } from './world.ts';

type Fields = Record<string, string>;

const iso = (at: string | undefined): string => {
  const date = new Date(Number(at));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

/** Where an item of each type lies, by what it says of itself; undefined where its key says more than it does. */
const PLACES: Record<string, (fields: Fields, item: Item) => readonly [pk: string, sk: string] | RegExp> = {
  member: ({ memberId }) => [`MEMBER#${memberId}`, 'MEMBER'],
  'merged-member': ({ memberId, heirId }) => [`MEMBER#${heirId}`, `MERGED#${memberId}`],
  profile: ({ memberId }) => [`MEMBER#${memberId}`, 'PROFILE'],
  preferences: ({ memberId }) => [`MEMBER#${memberId}`, 'PREFERENCES'],
  addresses: ({ memberId }) => [`MEMBER#${memberId}`, 'ADDRESSES'],
  exports: ({ memberId }) => [`MEMBER#${memberId}`, 'EXPORTS'],
  erasure: ({ memberId }) => [`MEMBER#${memberId}`, 'ERASURE'],
  identities: ({ memberId }) => [`MEMBER#${memberId}`, 'IDENTITIES'],
  'identity-change': ({ memberId, changeId }) => [`MEMBER#${memberId}`, `IDENTITY-CHANGE#${changeId}`],
  consent: ({ memberId, seq }) => [`CONSENTS#${memberId}`, seqKey(Number(seq))],
  session: ({ memberId, sessionId }) => [`MEMBER#${memberId}`, `SESSION#${sessionId}`],
  'push-token': () => /^PUSH-TOKEN#[0-9A-Z]+\/PUSH-TOKEN$/,
  revocation: ({ at, revocationId }) => ['REVOCATIONS', `${iso(at)}#${revocationId}`],
  identity: ({ kind }) => new RegExp(`^IDENTITY#${kind}#[0-9A-Z]+/IDENTITY$`),
  'login-code': () => /^LOGIN-CODE#[0-9A-Z]+\/LOGIN-CODE$/,
  'sms-budget': ({ budget, day }) => [`SMS-BUDGET#${budget}`, day ?? ''],
  'member-code': ({ memberId, window }) => [`MEMBER-CODE#${memberId}`, seqKey(Number(window))],
  switches: () => ['SWITCHES', 'SWITCHES'],
  'data-key': ({ month }) => ['DATA-KEYS', month ?? ''],
  'signing-key': ({ seq }) => ['SIGNING-KEYS', seqKey(Number(seq))],
  client: ({ clientId }) => [`CLIENT#${clientId}`, 'CLIENT'],
  'first-staff': () => ['FIRST-STAFF', 'FIRST-STAFF'],
  'request-count': ({ clientId, minute }) => [`CLIENT#${clientId}#REQUESTS`, seqKey(Number(minute))],
  webhook: ({ clientId, webhookId }) => [`WEBHOOKS#${clientId}`, webhookId ?? ''],
  delivery: ({ webhookId, at, eventId }) => [`DELIVERIES#${webhookId}`, `${iso(at)}#${eventId}`],
  programme: ({ version }) => ['PROGRAMME', seqKey(Number(version))],
  product: ({ productId }) => [`PRODUCT#${productId}`, 'PRODUCT'],
  stock: ({ productId }, { sk }) => [`STOCK#${productId}`, /^STOCK#\d\d$/.test(sk) ? sk : 'STOCK#00'],
  entry: () => /^LEDGER#[A-Z][A-Z0-9_]{1,15}#mem_[0-9A-Za-z-]+\/\d{10}$/,
  lapse: ({ memberId, currency, lastDay }, { pk }) => [
    /^LAPSE#[\d-]{10}#\d\d$/.test(pk) ? pk : `LAPSE#${lastDay}`,
    `${memberId}#${currency}`,
  ],
  'lapse-day': ({ lastDay }) => ['LAPSE-DAYS', lastDay ?? ''],
  'lapse-pass': ({ lastDay, what, part }) => [
    'LAPSE-PASSES',
    `${lastDay}#${what}#${part === undefined ? 'DONE' : String(Number(part)).padStart(2, '0')}`,
  ],
  notice: ({ memberId }, { sk }) => [`NOTICES#${memberId}`, sk],
  adjustment: ({ adjustmentId }) => [`ADJUSTMENT#${adjustmentId}`, 'ADJUSTMENT'],
  'adjusted-alone': ({ by, day }) => [`ADJUSTED-ALONE#${by}`, day ?? ''],
  hold: ({ holdId }) => [`HOLD#${holdId}`, 'HOLD'],
  staff: ({ staffId }) => [`STAFF#${staffId}`, 'STAFF'],
  'staff-name': () => /^STAFF-NAME#[0-9A-Z]+\/STAFF-NAME$/,
  'staff-tries': () => /^STAFF-NAME#[0-9A-Z]+\/TRIES$/,
  'look-ups': ({ budget, day }) => [`LOOK-UPS#${budget}`, day ?? ''],
  'staff-logins': ({ budget, day }) => [`STAFF-LOGINS#${budget}`, day ?? ''],
  'staff-session': ({ staffId, sessionId }) => [`STAFF#${staffId}`, `SESSION#${sessionId}`],
  'first-owner': () => ['FIRST-OWNER', 'FIRST-OWNER'],
  approval: ({ approvalId }) => [`APPROVAL#${approvalId}`, 'APPROVAL'],
  audit: ({ clientId, seq }) => [`AUDIT#${clientId}`, seqKey(Number(seq))],
  grant: ({ batch, memberId, currency, lastDay }) => [`GRANT#${batch}#${memberId}`, `${currency}#${lastDay}`],
  purchase: ({ number }) => [`PURCHASE#${number}`, 'PURCHASE'],
  return: ({ number }) => [`RETURN#${number}`, 'RETURN'],
  order: ({ orderId }) => [`ORDER#${orderId}`, 'ORDER'],
};

/** Where an item is listed beside its place: index keys that must be just this. */
const LISTED: Record<string, (fields: Fields) => Partial<Fields>> = {
  product: ({ status, createdAt, productId }) =>
    status === 'ON_SHELF' ? { gsi1pk: 'SHELF', gsi1sk: `${iso(createdAt)}#${productId}` } : {},
  hold: ({ status, expiresAt, holdId }) =>
    status === 'HELD' ? { gsi2pk: 'HOLDS', gsi2sk: `${iso(expiresAt)}#${holdId}` } : {},
  webhook: ({ clientId, webhookId, status }) =>
    status === 'ENABLED' ? { gsi1pk: 'WEBHOOKS', gsi1sk: `${clientId}#${webhookId}` } : {},
  delivery: ({ webhookId, eventId, status, nextAt }) =>
    status === 'PENDING' ? { gsi2pk: 'DELIVERIES', gsi2sk: `${iso(nextAt)}#${webhookId}#${eventId}` } : {},
  client: ({ clientId, createdAt }) => ({ gsi1pk: 'CLIENTS', gsi1sk: `${iso(createdAt)}#${clientId}` }),
  order: ({ memberId, ownerId = memberId, status, placedAt, orderId }) => ({
    gsi1pk: `ORDERS#${ownerId}`,
    gsi1sk: `${iso(placedAt)}#${orderId}`,
    gsi2pk: `ORDERS#${status}`,
    gsi2sk: `${iso(placedAt)}#${orderId}`,
  }),
  staff: ({ staffId, createdAt }) => ({ gsi1pk: 'STAFF', gsi1sk: `${iso(createdAt)}#${staffId}` }),
  approval: ({ status, at, approvalId }) => ({
    gsi1pk: `APPROVALS#${status}`,
    gsi1sk: `${iso(at)}#${approvalId}`,
  }),
  audit: ({ subject, at, clientId }) => ({
    gsi1pk: `AUDIT#${subject}`,
    gsi1sk: `${iso(at)}#${clientId}`,
    gsi2sk: `${iso(at)}#${clientId}`,
  }),
};
const INDEX_KEYS = ['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'];

const FORMS = new Map(
  Object.entries(SHAPES).map(([type, fields]): [string, Form] => [
    type,
    record({ pk: text, sk: text, type: one(type), v: one(1), ...fields }),
  ]),
);

function placeFault(item: Item, fields: Fields): string | undefined {
  const place = PLACES[item.type]?.(fields, item);
  if (place instanceof RegExp) return place.test(item.key) ? undefined : `a ${item.type} does not lie here`;
  const [pk, sk] = place ?? [];
  return pk === item.pk && sk === item.sk ? undefined : `a ${item.type} that says this lies at ${pk}/${sk}`;
}

function listFault({ type, all }: Item, fields: Fields): string | undefined {
  const listed = LISTED[type]?.(fields);
  const wrong =
    listed && INDEX_KEYS.find((name) => all[name] !== listed[name] && !(type === 'audit' && name === 'gsi2pk'));
  return wrong === undefined
    ? undefined
    : `is listed under ${wrong} ${String(all[wrong])}, and should be under ${listed?.[wrong] ?? 'none'}`;
}

/** Whether the item is of one known kind and version with just what that kind has (INV-27). */
function isKnown(item: Item, report: Report): boolean {
  const form = FORMS.get(item.type);
  const [strange] = item.strange;
  if (!form) report('INV-27', item.key, `is of no type that is known: ${item.type || 'none'}`);
  else if (strange !== undefined) report('INV-27', item.key, `${strange} has a form that no item of ours has`);
  else {
    const fields = item.all as Fields;
    const shape = form(item.all, '');
    const fault = shape ?? placeFault(item, fields) ?? listFault(item, fields);
    if (fault) report('INV-27', item.key, fault);
    return shape === undefined || (shape.startsWith('has an attribute that is unknown: ') && isUsable(item, form));
  }
  return false;
}

/** Whether all is right but what is too much: then the rest of it can be checked. */
function isUsable(item: Item, form: Form): boolean {
  const unknown = /unknown: (\w+)$/.exec(form(item.all, '') ?? '')?.[1];
  const { [unknown ?? '']: _, ...rest } = item.all;
  return unknown !== undefined && form(rest, '') === undefined;
}

const MOST = 1_000_000_000_000;

function tooMuch(value: unknown): boolean {
  if (typeof value === 'number') return !(value <= MOST);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some((part) => tooMuch(part));
}

/** What of an item is points, money or pieces, and has a bound; instants have none. */
function amountsOf({ type, all }: Item): unknown[] {
  if (type === 'entry') return [all.a, all.d, all.p, all.s, all.x];
  const {
    amount,
    points,
    amountFen,
    taken,
    counted,
    owed,
    lost,
    offset,
    clawedBack,
    returnedFen,
    available,
    draws,
    lots,
  } = all;
  return [
    amount,
    points,
    amountFen,
    taken,
    counted,
    owed,
    lost,
    offset,
    clawedBack,
    returnedFen,
    available,
    draws,
    lots,
  ];
}

/** Whole numbers from 0, and points within their bound (INV-4). */
function checkNumbers(item: Item, report: Report): void {
  for (const odd of item.odd) report('INV-4', item.key, `${odd} is no whole number from 0`);
  if (amountsOf(item).some((value) => tooMuch(value))) report('INV-4', item.key, `says more than ${MOST}`);
}

/** Checks each item by itself, and gives those with which one can go on. */
export function known(items: readonly Item[], report: Report): Item[] {
  return items.filter((item) => {
    checkNumbers(item, report);
    return isKnown(item, report);
  });
}
