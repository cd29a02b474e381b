import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import type { Contract, Row } from '../../shared/http/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { avatarsContract } from '../../shared/members/profiles/avatars-contract.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { logger } from '../../shared/platform/logger.ts';
import { asMember, asStaff, type CallOptions, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { bus, openMall } from '../support/mall.ts';
import { gift, somePhone } from '../support/people.ts';
import { png } from '../support/pictures.ts';
import { allItems, cancelled, recordOf, trouble } from '../support/table.ts';

openMall();

/** Twenty people, each with words that stand nowhere else. */
const people = Array.from({ length: 20 }, (_, i) => ({
  phone: somePhone(),
  parcelPhone: somePhone(),
  nickname: `金丝雀${i}号`,
  recipient: `收件人丙丁${i}`,
  address: `杭州市桃花坞路${7_000 + i}号`,
  birthday: `19${60 + i}-07-1${i % 10}`,
  region: `33${String(i + 1).padStart(2, '0')}00`,
}));
type Person = (typeof people)[number];

const lines: string[] = [];
const answers: { route: string; status: number; text: string }[] = [];

async function send<Rows extends Record<string, Row>>(
  contract: Contract<Rows>,
  name: keyof Rows & string,
  options: CallOptions = {},
) {
  const answer = await call(contract, name, options);
  answers.push({ route: `${contract.name}.${name}`, status: answer.status, text: JSON.stringify(answer.body) });
  return answer;
}

/** Everything that a member does with their own, and what is refused of it. */
async function live({ phone, parcelPhone, nickname, recipient, address, birthday, region }: Person, productId: string) {
  const { memberId } = await loggedIn(phone);
  const as = asMember(memberId);
  const own = (name: keyof typeof profilesContract.rows, options: CallOptions = {}) =>
    send(profilesContract, name, { as, ...options });
  const facts = { nickname, birthday, gender: 'FEMALE', region };
  const shipTo = { recipient, phone: parcelPhone, address };
  await own('change', { body: facts });
  await own('consent', { body: { purpose: 'PROFILE', version: '1', granted: true } });
  await own('change', { body: facts });
  await own('change', { body: { ...facts, birthday: '1999-09-09' } });
  await own('change', { body: { nickname, birthday, gender: recipient } });
  const added = await own('addAddress', { body: shipTo, key: 'k' });
  await own('addAddress', { body: { ...shipTo, recipient: nickname }, key: 'k' });
  await own('addAddress', { body: { ...shipTo, more: address } });
  const params = { addressId: added.body.addressId as string };
  await own('changeAddress', { params, body: { ...shipTo, recipient: nickname } });
  await own('addAddress', { body: shipTo });
  await own('makeDefault', { params });
  await send(ordersContract, 'place', { as, body: { productId, shipTo } });
  await send(ordersContract, 'place', { as, body: { productId, shipTo: params } });
  const form = await send(avatarsContract, 'upload', { as, body: { contentType: 'image/png' } });
  const { url, fields, uploadId } = form.body as { url: string; fields: Record<string, string>; uploadId: string };
  const posted = new FormData();
  for (const [name, value] of Object.entries(fields)) posted.set(name, value);
  posted.set('file', new Blob([png()]), `${nickname}.png`);
  await fetch(url, { method: 'POST', body: posted });
  await send(avatarsContract, 'set', { as, body: { uploadId } });
  await own('read');
  await send(membersContract, 'me', { as });
  await send(membersContract, 'search', { as: asStaff('members.read'), body: { phone } });
  await own('consent', { body: { purpose: 'PROFILE', version: '1', granted: false } });
}

/** A table that is busy for good, which is logged and told otherwise. */
async function meetTrouble({ phone, nickname }: Person) {
  const busy = trouble(() => cancelled('TransactionConflict'));
  const search = { as: asStaff('members.read'), body: { phone } };
  const { items } = (await call(membersContract, 'search', search)).body as { items: { memberId: string }[] };
  const as = asMember(items[0]?.memberId ?? '');
  await send(profilesContract, 'change', { as, body: { nickname: `${nickname}2` } });
  busy.mockRestore();
}

/** All that must be nowhere in clear: words in both directions of percent and JSON, phones in both their forms. */
const secrets = people.flatMap(({ phone, parcelPhone, nickname, recipient, address }) =>
  [phone, parcelPhone, nickname, recipient, address].flatMap((word) => [
    word,
    encodeURIComponent(word),
    JSON.stringify(word).slice(1, -1),
    Buffer.from(word).toString('base64'),
    Buffer.from(word).toString('hex'),
  ]),
);
const found = (text: string) => [...new Set(secrets.filter((secret) => text.includes(secret)))];

describe('of twenty people who use all that is their own', () => {
  const spies: { mockRestore(): void }[] = [];
  beforeAll(async () => {
    logger.setLogLevel('DEBUG');
    for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
      spies.push(
        vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(' '))),
      );
    for (const stream of [process.stdout, process.stderr])
      spies.push(
        vi.spyOn(stream, 'write').mockImplementation((said: unknown) => {
          lines.push(String(said));
          return true;
        }),
      );
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'canaries');
    const productId = await gift({ pricePoints: 1, stock: 1_000 });
    for (const person of people) await live(person, productId);
    for (const person of people.slice(0, 1)) await meetTrouble(person);
    const changed = (await allItems()).map((item, i) => recordOf(String(i), item));
    await announcer({ Records: changed });
  });
  afterAll(() => {
    for (const spy of spies) spy.mockRestore();
  });

  it('nothing stands in clear in any item', async () => {
    const items = await allItems();
    expect(items.length).toBeGreaterThan(people.length * 4);
    const clear = items.map((item) => ({ key: `${item.pk}/${item.sk}`, found: found(JSON.stringify(item)) }));
    expect(clear.filter((one) => one.found.length > 0)).toEqual([]);
    const facts = items.filter(({ type }) => type === 'profile').map((item) => JSON.stringify(item));
    expect(facts.filter((text) => /\b19\d\d-\d\d-\d\d\b|FEMALE|"33\d\d00"/.test(text))).toEqual([]);
  });

  it('nor in any line that was logged, of refusals and failures as well', () => {
    const said = lines.join('\n');
    expect(said).toContain('members.consent_missing');
    expect(said).toContain('written');
    expect(found(said)).toEqual([]);
  });

  it('nor in any event', () => {
    expect(bus.events.length).toBeGreaterThan(people.length);
    expect(found(JSON.stringify(bus.events))).toEqual([]);
  });

  it('nor in any refusal, whatever was sent', () => {
    const refused = answers.filter(({ status }) => status >= 400);
    const kinds = [
      'members.consent_missing',
      'members.birthday_set',
      'request.invalid',
      'request.key_reused',
      'request.busy',
    ];
    for (const kind of kinds)
      expect(
        refused.some(({ text }) => text.includes(kind)),
        kind,
      ).toBe(true);
    expect(
      refused.map(({ route, text }) => ({ route, found: found(text) })).filter((one) => one.found.length > 0),
    ).toEqual([]);
  });

  it('and it is found where its member looks: the search would have found it elsewhere', () => {
    const all = answers.map(({ text }) => text).join('\n');
    for (const { nickname, recipient, address } of people)
      for (const word of [nickname, recipient, address]) expect(all).toContain(word);
  });
});
