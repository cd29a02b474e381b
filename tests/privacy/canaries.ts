import { S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as onLotOpened } from '../../functions/points/on-points-lot-opened.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { readObject } from '../../shared/providers/objects.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import type { Item } from '../../shared/table/client.ts';
import { verdict } from '../audit/random-world.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { kindsIn, listen, textOf, wordsIn } from '../support/canaries.ts';
import { bus, openMall } from '../support/mall.ts';
import { gift } from '../support/people.ts';
import { allItems, counts, recordOf } from '../support/table.ts';
import { erase, type Person, person, shop } from './people.ts';

const ledger = (items: readonly Item[]) => items.filter(({ pk }) => pk.startsWith('LEDGER#'));

/** What the stream brings: the bus is told, and the calendar of what lapses is kept. */
async function announced(items: readonly Item[]): Promise<void> {
  const from = bus.events.length;
  await announcer({ Records: items.map((item, i) => recordOf(String(i), item)) });
  for (const { DetailType, Detail } of bus.events.slice(from)) {
    const event = { 'detail-type': DetailType, detail: JSON.parse(Detail) as object };
    if (DetailType === 'points.lot_opened') await onLotOpened(event as never);
  }
}

/** Everything that anybody with any right may be told of somebody. */
async function askedOf({ memberId, phone, orderId, holdId }: Person): Promise<string> {
  const as = asStaff('members.read', 'members.unmask', 'orders.read', 'staff.read');
  const params = { memberId };
  const key = `export-${memberId}`;
  const answers = [
    await call(membersContract, 'search', { as, body: { phone } }),
    await call(membersContract, 'search', { as, body: { memberId } }),
    await call(membersContract, 'read', { as, params }),
    await call(staffContract, 'unmask', { as, params, body: { reason: 'x' } }),
    await call(ordersContract, 'read', { as, params: { orderId } }),
    await call(holdsContract, 'read', { as: shop, params: { holdId } }),
    await call(ordersContract, 'readMine', { as: asMember(memberId), params: { orderId } }),
    await call(privacyContract, 'export', { as: asMember(memberId), key }),
  ];
  const links = answers.flatMap(({ body }) => [body['json'], body['csv']]).filter((one) => typeof one === 'string');
  const files = await Promise.all(links.map(async (link) => (await fetch(link)).text()));
  return [...answers.map(({ body }) => JSON.stringify(body)), ...files].join('\n');
}

/**
 * So many people who do all that leaves something personal, and half of them go: nothing stands in clear, and of those
 * who went nothing is found by anybody any more, while the books are what they were.
 */
export function canaries({ people: many }: { people: number }): void {
  openMall();
  const people: Person[] = [];
  const [gone, kept] = [() => people.slice(0, many / 2), () => people.slice(many / 2)];
  const objectKeys = new Set<string>();
  const told = new Map<Person, string>();
  let heard: ReturnType<typeof listen>;
  let before: Item[];
  let after: Item[];
  const phones = () =>
    people.flatMap(({ phone, words }) => words.filter((word) => word === phone || /^\d{11}$/.test(word)));
  const found = (text: string) => [...kindsIn(text), ...wordsIn(text, phones())];

  beforeAll(async () => {
    const s3 = vi.spyOn(S3Client.prototype, 'send');
    heard = listen();
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'canaries');
    const productId = await gift({ pricePoints: 1, stock: 1_000 });
    for (let i = 0; i < many; i += 1) people.push(await person(productId));
    before = await allItems();
    await announced(before);
    for (const one of people) told.set(one, await askedOf(one));
    before = await allItems();
    for (const { memberId } of gone()) expect((await erase(memberId)).status).toBe(200);
    const known = new Set(before.map((item) => JSON.stringify(item)));
    await announced((await allItems()).filter((item) => !known.has(JSON.stringify(item))));
    after = await allItems();
    for (const [command] of s3.mock.calls) objectKeys.add((command.input as { Key: string }).Key);
    s3.mockRestore();
  }, 600_000);

  describe(`of ${many} people who did all that leaves something personal`, () => {
    it('nothing stands in clear in any item, before and after', async () => {
      expect(before.filter(({ type }) => type === 'member')).toHaveLength(many);
      for (const items of [before, after, await counts()]) expect(found(textOf(items))).toEqual([]);
    });

    it('nor in any line that was logged, nor in any event, nor in a name of a file', () => {
      heard.stop();
      expect(heard.lines.join('\n')).toContain('written');
      expect(found(heard.lines.join('\n'))).toEqual([]);
      expect(bus.events.filter(({ DetailType }) => DetailType === 'member.erased')).toHaveLength(many / 2);
      expect(found(textOf(bus.events))).toEqual([]);
      expect(objectKeys.size).toBeGreaterThanOrEqual(many * 3);
      expect(found([...objectKeys].join('\n'))).toEqual([]);
    });

    it('each was told of themselves, and so was who may look, of one after the other', () => {
      for (const [{ words }, text] of told) expect(wordsIn(text, words)).toEqual(words);
    });

    it('of who went nobody is told anything, whatever their right; of who stayed they are', async () => {
      for (const one of gone()) expect(wordsIn(await askedOf(one), one.words)).toEqual([]);
      for (const one of kept().slice(0, 3)) expect(wordsIn(await askedOf(one), one.words)).toEqual(one.words);
    });

    it('no digest of a phone finds who went, and each did before', async () => {
      for (const [i, { phone }] of people.entries()) {
        const digest = await lookup('PHONE', `+86${phone}`);
        const typesWith = (items: readonly Item[]) =>
          items
            .filter(({ pk }) => pk.endsWith(`#${digest}`))
            .map(({ type }) => type)
            .toSorted();
        expect(typesWith(before)).toEqual(['identity', 'login-code']);
        expect(typesWith(after)).toEqual(i < many / 2 ? [] : ['identity', 'login-code']);
        expect(textOf(after).includes(digest)).toBe(i >= many / 2);
      }
    });

    it('no sealed text of who went is left, and each had many', () => {
      const sealedOf = (items: readonly Item[], memberId: string) =>
        items
          .map((item) => ({ type: item.type, text: JSON.stringify(item) }))
          .filter(({ text }) => text.includes(memberId) && text.includes('"s2.'))
          .map(({ type }) => type)
          .toSorted();
      const all = ['addresses', 'hold', 'member', 'order', 'profile', 'session'];
      for (const { memberId } of people) expect(sealedOf(before, memberId)).toEqual(all);
      for (const { memberId } of gone()) expect(sealedOf(after, memberId)).toEqual([]);
      for (const { memberId } of kept()) expect(sealedOf(after, memberId)).toEqual(all);
    });

    it('no file of who went is left: no picture, no export', async () => {
      const left: string[] = [];
      for (const key of objectKeys) if (!key.startsWith('incoming/') && (await readObject(key))) left.push(key);
      const ofThose = (some: readonly Person[]) =>
        left.filter((key) => some.some(({ memberId }) => key.includes(memberId)));
      expect(ofThose(gone())).toEqual([]);
      expect(ofThose(kept()).length).toBeGreaterThanOrEqual(3 * (many / 2));
    });

    it('the ledger is what it was, entry by entry, and the audit is clean', async () => {
      expect(ledger(before).length).toBeGreaterThan(many * 4);
      expect(ledger(after)).toEqual(ledger(before));
      expect((await verdict()).violations).toEqual([]);
    });
  });
}
