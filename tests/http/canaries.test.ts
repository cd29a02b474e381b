import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { examples } from '../../infra/openapi-examples.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { logger } from '../../shared/platform/logger.ts';
import { asMember, call } from '../support/call.ts';
import { canary, kindsIn, listen, MARKS, textOf, wordsIn } from '../support/canaries.ts';
import { openFront } from '../support/front.ts';
import { bus, openMall, type Put } from '../support/mall.ts';
import { allItems, cancelled, counts, force, forceOut, recordOf, trouble } from '../support/table.ts';
import { type Operation, operations } from './bad-input/operations.ts';
import { send } from './bad-input/sending.ts';
import { openWorld, type World } from './bad-input/world.ts';
import { drive, givenBy, learned, look, type Told, wordsOf } from './canaries/driving.ts';
import { fieldsIn } from './canaries/fields.ts';
import { secrets } from './canaries/given.ts';

openMall();
const front = openFront();
const SEED = 7;

const personal = operations.filter((one) => fieldsIn(one).body.size > 0 || fieldsIn(one).url.size > 0);
const reading = operations.filter(({ row }) => row.method === 'GET');

const told: Told[] = [];
const looked: Told[] = [];
let world: World;
let heard: ReturnType<typeof listen>;
let items: Awaited<ReturnType<typeof allItems>>;

/** The first good request of a route once more, under a key of its own. */
async function again(operation: Operation): Promise<Told> {
  const first = told.find((one) => one.operation === operation) as Told;
  const headers = { ...first.sent.headers, ...(operation.row.key && { 'idempotency-key': randomUUID() }) };
  const sent = { ...first.sent, headers };
  return { ...(await send(front.url, sent)), operation, sent };
}

beforeAll(async () => {
  world = await openWorld();
  heard = listen();
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'canaries');
  const change = operations.filter(({ name }) => name === 'profiles.change');
  for (const operation of change) told.push(...(await drive(operation, front.url, world, SEED)));
  const consent = { purpose: 'PROFILE', version: '1', granted: true };
  await call(profilesContract, 'consent', { as: asMember(world.me), body: consent });
  for (const operation of personal) told.push(...(await drive(operation, front.url, world, SEED)));
  const broken = trouble(() => cancelled('ValidationError'));
  for (const operation of personal) told.push(await again(operation));
  broken.mockRestore();
  const after = { ...world, values: { ...world.values, ...learned(told) } };
  for (const operation of reading) looked.push(...(await look(operation, front.url, after, world.others)));
  given = givenBy(told, world);
  items = [...(await allItems()), ...(await counts())];
  await announcer({ Records: items.map((item, i) => recordOf(String(i), item)) });
  heard.stop();
}, 120_000);

/** Secrets that were given by the answers: nowhere but there. */
let given: string[] = [];
const found = (text: string, words: Iterable<string> = [...secrets, ...given]) => [
  ...kindsIn(text),
  ...wordsIn(text, words),
];
const isAccepted = ({ status }: Told) => status < 300;
const allOf = ({ text, headers }: Told) => `${text} ${JSON.stringify(headers)}`;
/** Of these, what is found and where, once each. */
const spots = (all: readonly (readonly [where: string, text: string])[], words?: Iterable<string>) =>
  [...new Set(all.flatMap(([where, text]) => found(text, words).map((kind) => `${where}: ${kind}`)))].toSorted();

/** By design: the reasons of staff, who are told that they name nobody (`shared/staff/README.md`). */
const IN_ITEMS = ['adjustment: reason', 'approval: reason', 'audit: reason'];
/** Reasons again: a query may be logged on its way, though not by our gateway. */
const IN_URLS = ['uploads.grants: reason'];

/** What one is told of what one has just said oneself; secrets that are given are given by these answers alone. */
const ECHOED = [
  'approvals.reject: reason',
  'holds.make: words',
  'orders.place: phone',
  'orders.place: words',
  'points-staff.adjust: reason',
  'points-staff.undo: reason',
  'profiles.addAddress: phone',
  'profiles.addAddress: words',
  'profiles.change: birthday',
  'profiles.change: region',
  'profiles.change: words',
  'profiles.changeAddress: phone',
  'profiles.changeAddress: words',
  'staff-sessions.accept: userName',
];
/** What staff are shown who look: where a parcel goes, reasons, and who is of the staff. */
const SHOWN = [
  'approvals.list: reason',
  'approvals.read: reason',
  'orders.read: phone',
  'orders.read: words',
  'points-staff.readAdjustment: reason',
  'staff.people: userName',
];

describe('what routes take of a person, as the contracts have it', () => {
  it('is said of every text of every route: whether it is somebody’s', () => {
    expect(operations.flatMap((one) => fieldsIn(one).unknown.map((name) => `${one.name} ${name}`))).toEqual([]);
    const names = (route: string) =>
      [...fieldsIn(operations.find(({ name }) => name === route) as Operation).body.keys()].toSorted();
    expect(names('auth.logIn')).toEqual(['code', 'name', 'phone']);
    expect(names('profiles.change')).toEqual(['birthday', 'nickname', 'region']);
    expect(names('orders.place')).toEqual(['address', 'phone', 'recipient']);
    expect(names('holds.make')).toEqual(['code', 'externalId', 'note', 'phone']);
    expect(names('uploads.grants')).toEqual(['externalId', 'phone']);
  });

  it('is in no URL', () => {
    const inUrls = operations.flatMap((one) => [...fieldsIn(one).url.values()].map((kind) => `${one.name}: ${kind}`));
    expect(inUrls).toEqual(IN_URLS);
    expect(spots(told.map(({ operation, sent }) => [operation.name, sent.path]))).toEqual(IN_URLS);
  });

  const reasoned = operations.filter((one) =>
    [...fieldsIn(one).body, ...fieldsIn(one).url].some(([name]) => name === 'reason'),
  );
  it.each(reasoned)('$name takes no phone in a reason, which is kept for ever', ({ name, row }) => {
    const [schema, good] = row.csv ? [row.query, { batch: 'b' }] : [row.body, examples[name]];
    const takes = (reason: string) => schema?.safeParse(Object.assign({}, good, { reason })).success;
    for (const reason of [
      'The courier cannot find the door',
      '订单 SF13800138000',
      'No. 202611230400',
      '11 位：23800138000',
    ])
      expect(takes(reason), reason).toBe(true);
    for (const phone of [
      '13800138000',
      '+8613800138000',
      '008613800138000',
      '86 138 0013 8000',
      '138-0013-8000',
      '１３８００１３８０００',
    ])
      expect(takes(`客户${phone}来电`), phone).toBe(false);
  });

  it.each(personal)('$name was taken once at least, and refused, each with a canary', (operation) => {
    const own = told.filter((one) => one.operation === operation);
    const [good, refused] = [own.filter(isAccepted), own.filter(({ status }) => status >= 400)];
    expect(found(good.map(({ sent }) => wordsOf(sent)).join(' '))).not.toEqual([]);
    expect(refused.filter(({ sent }) => found(wordsOf(sent)).length > 0).length).toBeGreaterThan(2);
    const sent = own.map((one) => one.sent.body?.toString() ?? '').join(' ');
    for (const name of fieldsIn(operation).body.keys()) expect(sent, name).toContain(name);
  });
});

describe('when every route was driven with canaries', () => {
  it('nothing stands in clear in any item, but the reasons of staff', () => {
    expect(new Set(items.map(({ type }) => type)).size).toBeGreaterThan(25);
    expect(spots(items.map((item) => [item.type, textOf(item)]))).toEqual(IN_ITEMS);
  });

  it('nor in any line that was logged, of refusals and failures as well', () => {
    const text = heard.lines.join('\n');
    for (const said of ['request.invalid', 'members.consent_missing', 'ValidationError', 'announced'])
      expect(text).toContain(said);
    expect(spots(heard.lines.map((line) => ['log', line]))).toEqual([]);
  });

  it('nor in any event', () => {
    expect(new Set(bus.events.map(({ DetailType }) => DetailType)).size).toBeGreaterThan(8);
    expect(spots(bus.events.map((event) => ['bus', JSON.stringify(event)]))).toEqual([]);
  });

  it('nor in any refusal, whatever was sent beside it', () => {
    const refused = told.filter((one) => !isAccepted(one));
    const codes = new Set(refused.map(({ body }) => body?.['code']));
    for (const code of [
      'request.invalid',
      'request.failed',
      'request.key_reused',
      'request.malformed',
      'auth.code_invalid',
    ])
      expect(codes).toContain(code);
    expect(spots(refused.map((one) => [one.operation.name, allOf(one)]))).toEqual([]);
  });

  it('and whoever is answered is told what they said themselves', () => {
    expect(
      spots(
        told.filter(isAccepted).map((one) => [one.operation.name, allOf(one)]),
        secrets,
      ),
    ).toEqual(ECHOED);
    expect(given.length).toBeGreaterThan(20);
  });

  it('and nobody else is told anything, but staff what their work needs', () => {
    expect(looked.filter(isAccepted).length).toBeGreaterThan(reading.length);
    expect(spots(looked.map((one) => [one.operation.name, allOf(one)]))).toEqual(SHOWN);
    const staff = new Set(operations.filter(({ row }) => row.auth === 'staff').map(({ name }) => name));
    expect(SHOWN.filter((spot) => !staff.has(spot.split(':')[0] ?? ''))).toEqual([]);
  });
});

describe('the search', () => {
  const item = (more: object): [string, string] => ['item', textOf({ pk: 'a', ...more })];
  const phone = canary.phone();
  const name = canary.words();
  it.each<[string, [string, string]]>([
    ['an attribute', item({ phone })],
    ['an attribute deep below', item({ a: [{ b: { c: `tel ${phone}` } }] })],
    ['a key', item({ sk: `PHONE#+86${phone}` })],
    ['a name of an attribute', item({ [phone]: 1 })],
    ['a binary', item({ bytes: Buffer.from(name) })],
    ['a set', item({ set: new Set([name]) })],
    ['base64 of some JSON', item({ body: Buffer.from(JSON.stringify({ nickname: name })).toString('base64') })],
    ['base64 of a URL', item({ cursor: Buffer.from(`..${name}`).toString('base64url') })],
    ['hex', item({ digest: Buffer.from(name).toString('hex') })],
    ['a URL', ['log', `GET /v1/members?nickname=${encodeURIComponent(name)}`]],
    ['escaped JSON', ['log', '{"nickname":"\\u91d1\\u4e1d\\u96c0"}']],
    ['JSON in JSON', ['log', JSON.stringify(JSON.stringify({ name }))]],
    ['the end of a phone alone', ['log', phone.slice(-8)]],
    ['a birthday without its dashes', ['log', canary.birthday().replaceAll('-', '')]],
  ])('finds a canary in %s', (_, text) => {
    expect(spots([text])).toHaveLength(1);
  });

  it('finds what is planted: in the table, in the log, on the bus', async () => {
    const planting = { pk: 'PLANTED', sk: 'PLANTED', type: 'member', v: 1, phone };
    await force(planting);
    const planted = listen();
    logger.debug('planted', { name });
    planted.stop();
    const now = await allItems();
    expect(spots(now.map((one) => [one.type, textOf(one)]))).toEqual([...IN_ITEMS, 'member: phone']);
    expect(spots(planted.lines.map((line) => ['log', line]))).toEqual(['log: words']);
    bus.events.push({
      DetailType: 'points.earned',
      Detail: JSON.stringify({ memberId: secrets.values().next().value }),
    } as Put);
    expect(bus.events.filter((event) => found(JSON.stringify(event)).length > 0)).toHaveLength(1);
    bus.events.pop();
    await forceOut(planting);
  });

  it('finds nothing in what has no canary', () => {
    expect(Object.values(MARKS).flatMap((mark) => kindsIn(mark.slice(1)))).toEqual([]);
    expect(spots([item({ phone: '13800138000', name: '茶杯', bytes: Buffer.from('x') })])).toEqual([]);
  });
});
